"""The program of a warm parent: `python -m penstock.workers.process.warm_parent FD`. It has one thread, and forks.

All that a run needs is imported here once. A process that is forked from here begins within milliseconds. What such a
process leaves behind becomes a child of this one (Linux), and is killed before it is told that the run's process has ended.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from array import array
from contextlib import suppress
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

from penstock.core import clock
from penstock.core.errors import PenstockException
from penstock.workers.process.code_files import states_of_files
from penstock.workers.process.messages import (
    LENGTH,
    MOST_BYTES,
    Ended,
    Fork,
    Forked,
    FromParent,
    Ready,
    Warm,
    packed,
    to_parent,
)

GRACE_SECONDS = 30.0
"""How long runs may take to end once their worker is gone."""

STRAY_SECONDS = 5.0
"""How long what a run left behind may take to be gone; then it is told all the same that the run's process has ended."""

_LOOK_MILLISECONDS = 20


class WarmParent:
    """Answers a worker until that closes the socket.

    Parameters:
        connection: to the worker.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = bytearray()
        self._descriptors: list[int] = []
        self._flow: Any = None
        self._entrypoint: tuple[str | None, str] | None = None
        self._runs: set[int] = set()
        self._helpers: set[int] = set()
        self._ended: list[Ended] = []
        self._patient_until = 0.0
        self._is_to_end = False
        self._wake, self._child_ended = os.pipe()
        for end in (self._wake, self._child_ended):
            os.set_blocking(end, False)

    def serve(self) -> None:
        """Take messages, and tell of processes that ended."""
        signal.set_wakeup_fd(self._child_ended)
        signal.signal(signal.SIGCHLD, _wake_up)
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        poll.register(self._wake, select.POLLIN)
        while not self._is_to_end:
            for descriptor, _ in poll.poll(_LOOK_MILLISECONDS if self._ended else None):
                if descriptor == self._wake:
                    _drain(self._wake)
                elif not self._receive():
                    self._is_to_end = True
            self._reap()
            self._tell_of_ends()
        self._end_runs()

    def _receive(self) -> bool:
        room = socket.CMSG_SPACE(4 * array("i").itemsize)
        try:
            data, ancillary, _, _ = self._connection.recvmsg(1 << 16, room)
        except ConnectionResetError:  # the worker was killed before it read what was last said
            return False
        for level, kind, payload in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                received = array("i")
                received.frombytes(payload[: len(payload) - len(payload) % received.itemsize])
                self._descriptors += received
        if not data:
            return False
        self._buffer += data
        while len(self._buffer) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._buffer)
            if length > MOST_BYTES:
                return False
            if len(self._buffer) < LENGTH.size + length:
                break
            body = bytes(self._buffer[LENGTH.size : LENGTH.size + length])
            del self._buffer[: LENGTH.size + length]
            self._take(to_parent.decode(body))
        return True

    def _take(self, message: Warm | Fork) -> None:
        if isinstance(message, Warm):
            self._say(self._warmed(message))
            return
        out, error = self._descriptors[:2]
        del self._descriptors[:2]
        try:
            pid = self._fork(message, out, error)
        except OSError as failure:
            self._say(Forked(message.number, 0, failure.strerror or str(failure)))
        else:
            self._say(Forked(message.number, pid))
        finally:
            os.close(out)
            os.close(error)

    def _warmed(self, message: Warm) -> Ready:
        from penstock.engine.entrypoints import load_flow_from_entrypoint
        from penstock.workers.child.code import go_into

        before = set(sys.modules)
        problem = None
        try:
            if message.path is not None:
                from pathlib import Path

                go_into(Path(message.path))
            self._flow = load_flow_from_entrypoint(message.entrypoint)
            self._entrypoint = (message.path, message.entrypoint)
        except (PenstockException, Exception, SystemExit) as error:
            problem = f"{type(error).__name__}: {error}"
        if _threads() > 1:
            problem = "Importing the flow started threads, which a fork would lose."
        self._helpers |= _children()  # the module's own: no run has left them behind
        gc.collect()
        gc.freeze()  # what is here now is shared with every child: no collection is to touch, and so copy, it
        return Ready(states_of_files(set(sys.modules) - before), problem)

    def _fork(self, message: Fork, out: int, error: int) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        if not self._runs:
            signal.signal(signal.SIGTERM, self._note_end)  # with runs, it ends once they have
        pid = os.fork()
        if pid == 0:
            self._become_child(message, out, error, parent)
        self._runs.add(pid)
        return pid

    def _become_child(self, message: Fork, out: int, error: int, parent: int) -> NoReturn:
        status = 70
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            os.setsid()
            os.dup2(out, 1)
            os.dup2(error, 2)
            nothing = os.open(os.devnull, os.O_RDONLY)
            os.dup2(nothing, 0)
            self._connection.close()
            for descriptor in {out, error, nothing, self._wake, self._child_ended, *self._descriptors} - {0, 1, 2}:
                os.close(descriptor)
            os.environ.clear()
            os.environ.update(message.environment)
            os.environ["PENSTOCK__PARENT_PID"] = str(parent)
            if message.folder is not None:
                os.chdir(message.folder)
            from penstock.workers.process.forked import carry_out

            status = carry_out(self._flow, self._entrypoint)
        except SystemExit as exit_:
            status = exit_.code if isinstance(exit_.code, int) else 1
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            _leave(status)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self._runs:
                self._runs.discard(pid)
                self._ended.append(Ended(pid, os.waitstatus_to_exitcode(status)))
                self._patient_until = clock.current().monotonic() + STRAY_SECONDS

    def _tell_of_ends(self) -> None:
        """Tell which runs' processes have ended, once nothing is left of what they started."""
        if not self._ended:
            return
        if self._kill_strays() and clock.current().monotonic() < self._patient_until:
            return
        if not self._runs:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ended, self._ended = self._ended, []
        for message in ended:
            self._say(message)

    def _kill_strays(self) -> bool:
        """Kill what came to this process because the run's process that it belonged to has ended; whether there was any.

        What a living run has left behind is still below that run's process, which adopts it itself.
        """
        strays = _children() - self._runs - self._helpers
        for number in (signal.SIGSTOP, signal.SIGKILL):  # none may start another while the rest are killed
            for pid in strays:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
        return bool(strays)

    def _note_end(self, number: int, frame: FrameType | None) -> None:
        self._is_to_end = True

    def _end_runs(self) -> None:
        """Ask the runs to end, because the worker has; kill what has not within the grace time, and what is left behind."""
        for pid in self._runs:
            os.kill(pid, signal.SIGTERM)
        until = clock.current().monotonic() + GRACE_SECONDS
        while self._runs and clock.current().monotonic() < until:
            select.select([self._wake], [], [], 1.0)
            _drain(self._wake)
            self._reap()
        for pid in self._runs:
            os.kill(pid, signal.SIGKILL)
        self._runs.clear()
        until = clock.current().monotonic() + STRAY_SECONDS
        while self._kill_strays() and clock.current().monotonic() < until:
            select.select([self._wake], [], [], _LOOK_MILLISECONDS / 1000)
            _drain(self._wake)
            self._reap()

    def _say(self, message: FromParent) -> None:
        try:
            self._connection.sendall(packed(message))
        except OSError:
            self._is_to_end = True


def _wake_up(number: int, frame: FrameType | None) -> None:
    """Nothing: that the signal came is written to the pipe, which is enough."""


def _children() -> set[int]:
    """Return the numbers of this process's children, as Linux tells them; elsewhere none."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return {int(number) for number in file.read().split()}
    except OSError:
        return set()


def _drain(descriptor: int) -> None:
    try:
        while os.read(descriptor, 512):
            pass
    except BlockingIOError:
        return


def _threads() -> int:
    """Return how many threads this process has, those that Python does not know among them."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:  # no Linux
        import threading

        return threading.active_count()


def _leave(status: int) -> NoReturn:
    """End this process as Python would, which a fork in the midst of a loop can't."""
    import atexit
    import threading

    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except BaseException:  # noqa: S110  - whatever it is, nothing but the end is left
        pass
    os._exit(status & 0xFF)


# Named, not imported: some stand above this floor.
_NEEDED = (
    "penstock.client.http",
    "penstock.engine.flow_engine",
    "penstock.engine.task_engine",
    "penstock.flows",
    "penstock.tasks",
    "penstock.workers.child.execution",
    "penstock.workers.process.forked",
)


def _import_all() -> None:
    """Import what every run needs."""
    for name in _NEEDED:
        import_module(name)


def main(descriptor: int) -> None:
    """Serve the worker at the other end of a socket."""
    from penstock.workers.child.parent import die_with_parent

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a worker that is interrupted sees to its runs itself
    die_with_parent(os.environ)  # and adopt what runs leave behind
    connection = socket.socket(fileno=descriptor)
    _import_all()
    parent = WarmParent(connection)
    parent._say(Ready({}))
    parent.serve()


if __name__ == "__main__":
    main(int(sys.argv[1]))
