"""A process that a program leaves behind where its server was away: it sends what the program could not.

It does so for a bounded time, and for all programs of its home that report to the same server; then the next program does.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from penstock import settings
from penstock.core import clock
from penstock.reporting.backlog import Backlog
from penstock.reporting.spool import HAS_LOCKS

if TYPE_CHECKING:
    from penstock.settings import Settings

if HAS_LOCKS:
    import fcntl

_PAUSE_SECONDS = 1.0
_TRIES = 5
"""Who keeps the lock either looks at all files once more, or is about to end."""


def leave_sender(current: Settings) -> bool:
    """Start a sender that outlives this process; whether there is one now.

    Parameters:
        current: which home, and which server.
    """
    # Elsewhere nobody can tell whose file is whose, or the executable is not Python but a program with Python in it.
    is_python = os.path.basename(sys.executable or "").startswith("python") and not getattr(sys, "frozen", False)
    if not HAS_LOCKS or not is_python or current.api.url is None:
        return False
    # By the environment: a key in the arguments would be seen by all users of the machine.
    surroundings = {
        **os.environ,
        "PENSTOCK_HOME": str(current.home.absolute()),
        "PENSTOCK_API_URL": current.api.url,
        "PENSTOCK_RECORDING_HAND_OVER_SECONDS": str(current.recording.hand_over_seconds),
    }
    if current.api.key is not None:
        surroundings["PENSTOCK_API_KEY"] = current.api.key
    try:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            cwd=current.home,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except (OSError, RuntimeError, subprocess.SubprocessError):
        return False
    process.returncode = 0  # nobody here waits for it
    return True


class Sender:
    """Sends what programs that are gone left, until nothing is left that is young enough.

    Parameters:
        current: which home, which server, and for how long.
    """

    def __init__(self, current: Settings) -> None:
        self._backlog = Backlog(current, _ignore, _ignore, _ignore, _ignore)
        self._most_seconds = current.recording.hand_over_seconds

    def run(self) -> None:
        """Send, unless another sender of the same home does."""
        file = os.open(self._backlog.folder / "sender.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for _ in range(_TRIES):
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                clock.current().sleep(_PAUSE_SECONDS)
            else:
                self._send()
                break
        os.close(file)

    def _send(self) -> None:
        never = threading.Event()
        while any(age < self._most_seconds for age in self._backlog.ages_of_left()):
            self._backlog.send_what_others_left(never)
            clock.current().sleep(_PAUSE_SECONDS)


def _ignore(what: object) -> None: ...


if __name__ == "__main__":
    Sender(settings.current()).run()
