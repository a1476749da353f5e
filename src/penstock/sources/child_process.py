"""Programs that are run to their end: with a time limit, bounded output, and nothing left of them."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from penstock.core import clock
from penstock.core.errors import SourceError
from penstock.core.interruptible import interruptible

MOST_OUTPUT_BYTES = 4 * 1024 * 1024
"""How much of a program's standard output is kept: its beginning."""

MOST_COMPLAINT_BYTES = 64 * 1024
"""How much of a program's standard error is kept: its end."""

_CHUNK_BYTES = 64 * 1024
_FIRST_PAUSE_SECONDS = 0.001
_LONGEST_PAUSE_SECONDS = 0.1

Watch = Callable[[bytes], object]


class Ended(NamedTuple):
    """How a program ended.

    Attributes:
        exit_code: its exit code, or the number of the signal that killed it, negative.
        output: the first bytes of its standard output.
        complaint: the end of its standard error.
    """

    exit_code: int
    output: bytes
    complaint: str


def run_child(
    command: Sequence[str],
    *,
    what: str,
    environment: Mapping[str, str],
    deadline: float,
    folder: Path | None = None,
    given: bytes = b"",
    watch_output: Watch | None = None,
    watch_complaint: Watch | None = None,
) -> Ended:
    """Run a program and everything it starts in a session of its own, and wait for its end.

    Parameters:
        command: the program and its arguments; no shell reads them.
        what: what it is, for errors.
        environment: all the variables it sees.
        deadline: the instant to kill it at, by the monotonic clock.
        folder: its working directory.
        given: its standard input, which must be small.
        watch_output, watch_complaint: called with each piece of what it writes.

    Raises:
        SourceError: there is no such program, or it took too long.
    """
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
        )
    except OSError as error:
        raise SourceError(f"{what} can't be started: {error.strerror or error}.") from error
    try:
        return _followed(process, what, deadline, given, watch_output, watch_complaint)
    except BaseException:
        _end(process)
        raise


@interruptible
def _followed(
    process: subprocess.Popen[bytes],
    what: str,
    deadline: float,
    given: bytes,
    watch_output: Watch | None,
    watch_complaint: Watch | None,
) -> Ended:
    assert process.stdin is not None
    try:
        process.stdin.write(given)
        process.stdin.close()
    except BrokenPipeError:
        pass
    output, complaint = bytearray(), bytearray()

    def take_output(piece: bytes) -> None:
        output.extend(piece[: MOST_OUTPUT_BYTES - len(output)])
        if watch_output is not None:
            watch_output(piece)

    def take_complaint(piece: bytes) -> None:
        complaint.extend(piece)
        del complaint[:-MOST_COMPLAINT_BYTES]
        if watch_complaint is not None:
            watch_complaint(piece)

    with selectors.DefaultSelector() as selector:
        selector.register(_pipe(process.stdout), selectors.EVENT_READ, take_output)
        selector.register(_pipe(process.stderr), selectors.EVENT_READ, take_complaint)
        while selector.get_map():
            left = deadline - clock.current().monotonic()
            ready = selector.select(max(left, 0))
            if left <= 0:
                raise _too_long(what)
            for key, _ in ready:
                piece = os.read(key.fd, _CHUNK_BYTES)
                if piece:
                    key.data(piece)
                else:
                    selector.unregister(key.fileobj)
    pause_seconds = _FIRST_PAUSE_SECONDS
    while not _has_ended(process):
        if clock.current().monotonic() >= deadline:
            raise _too_long(what)
        clock.current().sleep(pause_seconds)
        pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)
    _end(process)
    return Ended(process.returncode, bytes(output), complaint.decode(errors="replace"))


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether a program has ended; where the system can say so without forgetting it, its number is not given anew yet."""
    if not hasattr(os, "waitid"):
        return process.poll() is not None
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _too_long(what: str) -> SourceError:
    return SourceError(f"{what} took too long and was ended. See what holds it up, or give it more time.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """See that nothing is left of a program and what it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                pass
