"""What the exit code of a command says."""

from __future__ import annotations

COMPLETED = 0
FAILED = 1
"""The command was refused, or the run it carried out failed or crashed."""
USAGE = 2
"""The command was not understood; nothing was done."""
STOPPED = 3
"""The run was cancelled, paused or suspended."""
INTERRUPTED = 130
"""The user pressed Ctrl-C: 128 and the number of SIGINT, as in a shell."""
BROKEN_PIPE = 141
"""Who read the output stopped reading: 128 and the number of SIGPIPE, as in a shell."""
