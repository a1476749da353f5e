"""One child process: it is sent messages, it answers, and its death is noticed."""

from __future__ import annotations

import atexit
import multiprocessing.util  # noqa: F401  # it ends processes at exit; what is registered after it, here, runs before it
import os
import select
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from penstock.core.errors import ProcessDied
from penstock.task_runners.main_module import PROCESS_NAME, UNGUARDED, refuse_unreadable_main, unguarded_main

Message = bytes | memoryview
Serve = Callable[[Connection, bytes], None]

END = b""
"""The message that asks a process to end."""

END_SECONDS = 5.0
"""How long a process that was asked to end may take for it."""

READY_SECONDS = 600.0
"""How long a process may take to import the program and to prepare itself."""

_spawn = get_context("spawn")
# Starting a process and asking for exit codes both reap: two threads at it at once lose each other's codes.
_reaping = threading.Lock()
_living: set[ChildProcess] = set()
_exiting = False


class ChildProcess:
    """A process that runs `serve` and talks over a pipe. One thread uses it; any thread may kill it.

    It is not a daemon in the words of multiprocessing: tasks may start processes of their own.

    Parameters:
        serve: what runs in it, given its end of the pipe and `greeting`. The first message it sends says that it is
            ready, if it is empty, or else why it can't be.
        greeting: what it needs to know from the start.

    Attributes:
        surroundings: what it was last told about where its tasks run.

    Raises:
        ProcessDied: it could not start.
    """

    def __init__(self, serve: Serve, greeting: bytes) -> None:
        refuse_unreadable_main()
        self.surroundings: Any = None
        self._starter = os.getpid()
        self._pipe, far_end = _spawn.Pipe()
        self._process = _spawn.Process(target=serve, args=(far_end, greeting), name=PROCESS_NAME)
        with _reaping:
            if _exiting:
                raise ProcessDied("The program ended before this task began.")
            self._start()
        far_end.close()
        self._death, self._death_is_ours = _death_of(self._process)
        self._end = select.poll()
        self._end.register(self._death, select.POLLIN)
        self._news = select.poll()
        self._news.register(self._death, select.POLLIN)
        self._news.register(self._pipe.fileno(), select.POLLIN)

    def _start(self) -> None:
        try:
            self._process.start()
        except RuntimeError:
            # This process itself still imports the main module, for a parent that is not one of tasks.
            raise unguarded_main() from None
        except OSError as error:
            raise ProcessDied(f"A process for tasks could not start: {error}.") from error
        _living.add(self)

    def await_ready(self, timeout_seconds: float = READY_SECONDS) -> None:
        """Wait until it has imported the program and can be sent messages.

        Raises:
            ProcessDied: it ended before, said that it can't, or was killed because it took longer than `timeout_seconds`.
        """
        try:
            complaint = self.receive(timeout_seconds)
        except ProcessDied as death:
            if death.exit_code == UNGUARDED:
                raise unguarded_main() from None
            raise ProcessDied(
                f"A process for tasks could not start: it {_how_it_ended(death.exit_code)} while it imported the "
                "program. What it printed says why.",
                exit_code=death.exit_code,
            ) from None
        if complaint is None:
            self.kill()
            raise ProcessDied(
                f"A process for tasks could not start: after {timeout_seconds:g} seconds it was still importing the "
                "program or in its initializer. Look for what waits there when a module is imported."
            )
        if complaint:
            raise ProcessDied(f"A process for tasks could not start: {complaint.decode()}")

    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return not self._end.poll(0)

    def send(self, message: Message) -> None:
        """Send a message.

        Raises:
            ProcessDied: it has ended.
        """
        try:
            self._pipe.send_bytes(message)
        except OSError:
            raise self._died() from None

    def receive(self, timeout_seconds: float | None = None) -> bytes | None:
        """Return the next message, or None where there is none in time.

        Raises:
            ProcessDied: it has ended, and all it had sent was received.
        """
        news = self._news.poll(None if timeout_seconds is None else int(max(0.0, timeout_seconds) * 1000) + 1)
        if not news:
            return None
        # Its death is told apart from the end of the pipe, which a process that it forked may hold open.
        if any(file != self._death for file, _ in news):
            try:
                return self._pipe.recv_bytes()
            except (EOFError, OSError):
                pass
        raise self._died()

    def _died(self) -> ProcessDied:
        if not self._end.poll(1000):
            self.kill()
        exit_code = self._exit_code()
        return ProcessDied(f"The process that ran it {_how_it_ended(exit_code)}.", exit_code=exit_code)

    def _exit_code(self) -> int | None:
        with _reaping:
            if self._process.exitcode is None:
                # Another thread of the program may just be reaping it.
                self._process.join(1.0)
            return self._process.exitcode

    def kill(self) -> None:
        """End it at once; nothing in it can object. Any thread may do so."""
        if self._starter == os.getpid():
            with _reaping:
                if self in _living:
                    self._process.kill()

    def end(self) -> None:
        """Ask it to end, which it does between two messages; kill it where that takes too long."""
        with suppress(OSError):
            # Closing the pipe is not enough: a process that this one forked may hold it open.
            self._pipe.send_bytes(END)
        self._pipe.close()
        if not self._end.poll(int(END_SECONDS * 1000)):
            self.kill()
            self._end.poll()
        with _reaping:
            _living.discard(self)
            self._process.join()
            self._process.close()
        if self._death_is_ours:
            os.close(self._death)


def _death_of(process: Any) -> tuple[int, bool]:
    """Return a file descriptor that can be read once `process` has ended, and whether it is ours to close."""
    if hasattr(os, "pidfd_open"):
        try:
            return os.pidfd_open(process.pid), True
        except OSError:
            pass
    return process.sentinel, False


def _how_it_ended(exit_code: int | None) -> str:
    if exit_code is None:
        return "closed its end of the pipe"
    if exit_code >= 0:
        return f"ended with exit code {exit_code}"
    number = -exit_code
    name = f" ({signal.Signals(number).name})" if number in list(signal.Signals) else ""
    hint = ", as happens when memory runs out" if number == signal.SIGKILL else ""
    return f"was killed by signal {number}{name}{hint}"


def _forget_after_fork() -> None:
    """Leave the processes to the parent: a thread of its, which is not here, may have held the lock."""
    global _reaping
    _reaping = threading.Lock()
    _living.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)


@atexit.register
def _kill_all() -> None:
    global _exiting
    with _reaping:
        _exiting = True
    for child in list(_living):
        child.kill()
