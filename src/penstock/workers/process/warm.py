"""The worker's side of warm parents: which there are, and processes that are forked from them."""

from __future__ import annotations

import array
import asyncio
import os
import signal
import socket
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import count
from typing import Any, NamedTuple, Self

from penstock.core.errors import InfrastructureError
from penstock.workers.process.code_files import State, are_unchanged
from penstock.workers.process.messages import (
    LENGTH,
    Ended,
    Fork,
    Forked,
    Ready,
    ToParent,
    Warm,
    from_parent,
    packed,
)

MOST_PARENTS = 8
"""How many warm parents a worker keeps: those that were used last."""

CLOSE_SECONDS = 5.0
"""How long a warm parent that is asked to end may take."""

READY_SECONDS = 300.0
"""How long the import of a flow may take."""


class WarmParentDied(InfrastructureError):
    """A warm parent has ended, and no process was forked from it."""


class Code(NamedTuple):
    """What a warm parent holds ready: runs of the same code, in the same surroundings, are forked from one.

    Attributes:
        path: the folder of the code; None for none.
        entrypoint: the flow; None for Penstock alone.
        environment: what its import may depend on.
    """

    path: str | None
    entrypoint: str | None
    environment: tuple[tuple[str, str], ...]


class ForkedProcess:
    """A process that a warm parent has forked.

    Attributes:
        pid: its number, which is its group's as well.
        ended: set when it has ended.
        status: its exit code then, or the number of the signal that ended it, negative.
        waiting: what notes its end, where no parent does.
    """

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.ended = asyncio.Event()
        self.status = 0
        self.waiting: asyncio.Task[None] | None = None

    def note_end(self, status: int) -> None:
        """Note that it has ended."""
        self.status = status
        self.ended.set()


class WarmParentHandle:
    """One warm parent, as its worker sees it.

    Parameters:
        process: the program.
        connection: a socket to it.
    """

    def __init__(self, process: asyncio.subprocess.Process, connection: socket.socket) -> None:
        self._process = process
        self._connection = connection
        self._numbers = count(1)
        self._forking: dict[int, asyncio.Future[ForkedProcess]] = {}
        self._ready: asyncio.Future[Ready] = asyncio.get_running_loop().create_future()
        self.children: dict[int, ForkedProcess] = {}
        self._sending = asyncio.Lock()
        self._listening = asyncio.create_task(self._listen())
        self.files: dict[str, State] = {}
        self.is_alive = True
        self.in_use = 0
        self.on_idle: Callable[[], None] = lambda: None

    @classmethod
    async def start(cls, environment: Mapping[str, str]) -> Self:
        """Start one, and wait until it has imported Penstock.

        Raises:
            InfrastructureError: it could not start.
        """
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "penstock.workers.process.warm_parent",
                str(theirs.fileno()),
                pass_fds=(theirs.fileno(),),
                env={**environment, "PENSTOCK__PARENT_PID": str(os.getpid())},
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        except BaseException as error:
            ours.close()
            if isinstance(error, OSError):
                raise InfrastructureError(f"No process can be started to fork runs from: {error}.") from error
            raise
        finally:
            theirs.close()
        handle = cls(process, ours)
        try:
            await handle._await_ready()
        except BaseException:
            await handle.close()
            raise
        return handle

    async def warm(self, path: str | None, entrypoint: str) -> str | None:
        """Have it import a flow; return why that did not work, if it did not."""
        self._ready = asyncio.get_running_loop().create_future()
        await self._send(Warm(path, entrypoint))
        ready = await self._await_ready()
        self.files = ready.files
        return ready.problem

    async def fork(self, environment: dict[str, str], folder: str | None, ends: tuple[int, int]) -> ForkedProcess:
        """Have it fork a process.

        Parameters:
            environment: all that the process finds in its environment.
            folder: its working directory; None for the parent's.
            ends: descriptors of its standard output and error.

        Raises:
            WarmParentDied: it has ended. What it may have forked all the same is asked to end with it, on Linux.
            InfrastructureError: it could not.
        """
        number = next(self._numbers)
        forked: asyncio.Future[ForkedProcess] = asyncio.get_running_loop().create_future()
        self._forking[number] = forked
        try:
            await self._send(Fork(number, environment, folder), ends)
            return await forked
        except asyncio.CancelledError:
            if forked.done() and not forked.cancelled() and forked.exception() is None:
                child = forked.result()
                if not child.ended.is_set():
                    _kill(child.pid)  # it came as its run was cancelled: nobody will watch it
            raise
        finally:
            self._forking.pop(number, None)

    async def close(self) -> None:
        """Let it end; its children end with it."""
        self._listening.cancel()
        with suppress(asyncio.CancelledError):
            await self._listening
        self._died()
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._process.wait()
        except TimeoutError:  # a module that it imported has it deaf to the signal
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    async def _send(self, message: ToParent, descriptors: tuple[int, ...] = ()) -> None:
        loop = asyncio.get_running_loop()
        data = packed(message)
        async with self._sending:
            try:
                sent = 0
                if descriptors:
                    # A fresh socket buffer takes the first bytes at once; they carry the descriptors along.
                    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))]
                    sent = await _when_writable(self._connection, lambda: self._connection.sendmsg([data], rights))
                await loop.sock_sendall(self._connection, data[sent:])
            except OSError as error:
                raise WarmParentDied(f"The process that runs are forked from has ended: {error}.") from error

    async def _await_ready(self) -> Ready:
        try:
            async with asyncio.timeout(READY_SECONDS):
                return await self._ready
        except TimeoutError:
            raise InfrastructureError(
                f"The flow's module was still being imported after {READY_SECONDS:g} s. Look for what waits there."
            ) from None

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        buffer = bytearray()
        try:
            while data := await loop.sock_recv(self._connection, 1 << 16):
                buffer += data
                while len(buffer) >= LENGTH.size:
                    (length,) = LENGTH.unpack_from(buffer)
                    if len(buffer) < LENGTH.size + length:
                        break
                    self._take(from_parent.decode(bytes(buffer[LENGTH.size : LENGTH.size + length])))
                    del buffer[: LENGTH.size + length]
        except OSError:
            pass
        finally:
            self._died()

    def _take(self, message: Ready | Forked | Ended) -> None:
        if isinstance(message, Ready):
            if not self._ready.done():
                self._ready.set_result(message)
        elif isinstance(message, Forked):
            self._note_fork(message)
        else:
            child = self.children.pop(message.pid, None)
            if child is not None:
                child.note_end(message.status)
            if not self.children:
                self.on_idle()

    def _note_fork(self, message: Forked) -> None:
        waiting = self._forking.get(message.number)
        if waiting is None or waiting.done():
            if message.pid:
                _kill(message.pid)  # whoever asked for it has gone
            return
        if message.pid:
            # Noted here, not by whoever asked: its end, and the parent's, may be read before that one goes on.
            child = self.children[message.pid] = ForkedProcess(message.pid)
            waiting.set_result(child)
        else:
            waiting.set_exception(InfrastructureError(f"No process could be made for the run: {message.problem}."))

    def _died(self) -> None:
        """Note that it is gone: its children were asked to end with it, and nobody can tell how they did."""
        self.is_alive = False
        self._connection.close()
        gone = WarmParentDied("The process that runs are forked from has ended. Its output says why.")
        unanswered: list[asyncio.Future[Any]] = [self._ready, *self._forking.values()]
        for waiting in unanswered:
            if not waiting.done():
                waiting.set_exception(gone)
                waiting.exception()  # seen: nobody need be waiting
        for child in self.children.values():
            child.note_end(-signal.SIGTERM)
        self.children.clear()


def _kill(pid: int) -> None:
    """Kill a process that was just forked, with its group, if it has come to make one."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


async def _when_writable(connection: socket.socket, send: Callable[[], int]) -> int:
    while True:
        try:
            return send()
        except BlockingIOError:
            await _writable(connection)


async def _writable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    writable = asyncio.Event()
    loop.add_writer(connection, writable.set)
    try:
        await writable.wait()
    finally:
        loop.remove_writer(connection)


class WarmParents:
    """The warm parents of a worker, by the code that they hold ready."""

    def __init__(self) -> None:
        self._parents: OrderedDict[Code, WarmParentHandle] = OrderedDict()
        self._starting: dict[Code, asyncio.Lock] = {}
        self._retired: set[WarmParentHandle] = set()
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def using(self, code: Code) -> AsyncIterator[WarmParentHandle]:
        """Yield a parent that holds `code` ready, as its files are now: made where there is none, kept for the block.

        Raises:
            InfrastructureError: it could not be started.
        """
        parent = await self._taken(code)
        try:
            yield parent
        finally:
            parent.in_use -= 1
            self._close_if_idle(parent)

    async def _taken(self, code: Code) -> WarmParentHandle:
        """Return a parent for `code`, noted as in use: however many others begin meanwhile, it is not closed for them."""
        async with self._starting.setdefault(code, asyncio.Lock()):
            found = self._parents.get(code)
            if found is not None and found.is_alive and are_unchanged(found.files):
                self._parents.move_to_end(code)
                found.in_use += 1
                return found
            if found is not None:
                self._retire(self._parents.pop(code))
            parent = await WarmParentHandle.start(dict(code.environment))
            if code.entrypoint is not None:
                # Where it can't be imported, the process of the run finds that out anew, and says so in its log.
                try:
                    await parent.warm(code.path, code.entrypoint)
                except BaseException:
                    await parent.close()
                    raise
            parent.in_use += 1
            self._parents[code] = parent
            while len(self._parents) > MOST_PARENTS:
                _, oldest = self._parents.popitem(last=False)
                self._retire(oldest)
            return parent

    def _retire(self, parent: WarmParentHandle) -> None:
        """Have a parent that nobody is to use any more end, as soon as the last of its children has."""
        self._retired.add(parent)
        parent.on_idle = lambda: self._close_if_idle(parent)
        self._close_if_idle(parent)

    def _close_if_idle(self, parent: WarmParentHandle) -> None:
        if parent in self._retired and not parent.children and not parent.in_use:
            self._retired.discard(parent)
            closing = asyncio.create_task(parent.close())
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Close all of them."""
        parents = (*self._parents.values(), *self._retired)
        self._parents.clear()
        self._retired.clear()
        for parent in parents:
            await parent.close()
        while self._closing:
            await asyncio.wait(set(self._closing))
