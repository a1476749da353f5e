"""A process that is asked to end (SIGTERM) lets its outermost flow run say so in the record first."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from _thread import get_ident, start_new_thread
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from penstock.core.dispatch import running_loop
from penstock.core.errors import TerminationSignal
from penstock.core.interruptible import ask, ask_no_more
from penstock.engine.timeouts.interruption import REPEAT_SECONDS, is_unwinding, may_raise_here, this_thread

if TYPE_CHECKING:
    import asyncio

    class Leave(Protocol):
        """To be called when a block is left; tells whether to raise what was raised in the block already."""

        def __call__(self, *, again: bool) -> None:
            """Give the signal back."""


LONGEST_HOLD_SECONDS = 5.0
"""How long a request to end is held back at the most; then it is raised wherever the main thread is."""

_FIRST_PAUSE_SECONDS = 0.001
_LONGEST_PAUSE_SECONDS = 0.05

_received: int | None = None


@contextmanager
def termination_raises(
    outermost: bool, enders: dict[UUID, Callable[[], None]], run_id: UUID, *, cancels: bool = False
) -> Iterator[None]:
    """Make SIGTERM raise `TerminationSignal` in the main thread within the block.

    It is raised in what users wrote and where we do nothing but wait, and held back for a moment in the midst of our own
    work. Code that swallows it and goes on gets another one each second, and the last one at the end of the block.
    Cleaning up is not interrupted again. A program that handles the signal itself keeps its handler.

    Should the run be lost to another process meanwhile, this one sends itself that signal: it must stop.

    Parameters:
        outermost: whether the block is that of the outermost flow run; nothing is done for the others.
        enders: what the recorder calls for a run that this process has lost.
        run_id: the flow run.
        cancels: in an event loop, cancel the coroutine that runs the block instead: others run in between, and what is
            raised in one of them, or in a callback of the loop, is lost there.
    """
    if not outermost or os.name != "posix" or threading.current_thread() is not threading.main_thread():
        yield
        return
    target = _current_task() if cancels else None
    is_ours = _cancellation is not None and target is not None and target[0] is _cancellation.loop
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL and not is_ours:
        yield
        return
    leave = _Termination().leave if target is None else _Cancellation.joined_by(*target)
    enders[run_id] = _ask_to_end
    try:
        yield
    except BaseException:
        enders.pop(run_id, None)
        leave(again=False)
        raise
    enders.pop(run_id, None)
    leave(again=True)


def _ask_to_end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


class _Termination:
    """What becomes of SIGTERM within one block of the main thread.

    A request is the number of a signal that was heard. From then on a thread rings again and again until the block is
    left: Python sleeps through a signal that comes in the last instant before a call that waits.
    """

    def __init__(self) -> None:
        self._process = os.getpid()
        self._request: int | None = None
        self._due = 0.0
        self._raised = False
        self._ringing = threading.Lock()
        self._leaving = False
        signal.signal(signal.SIGTERM, self.hear)

    def hear(self, number: int, frame: FrameType | None) -> None:
        """Raise what was asked for, or hold it back; the handler of the signal.

        No lock of Python's own may be taken here, so no `Thread` is started: the interrupted code may hold any of them.
        """
        is_new = self._request is None
        if is_new:
            self._note(number)
        if self._leaving:
            return
        if is_new:
            try:
                start_new_thread(self._ring, ())
            except RuntimeError:  # the system has no room for it
                self._raise()
        # A process that was forked has no thread that rings.
        at_once = monotonic() >= self._due + LONGEST_HOLD_SECONDS or os.getpid() != self._process
        if at_once or (frame is not None and may_raise_here(this_thread(), frame)):
            self._raise()
        else:
            ask(get_ident(), self._raise)

    def _note(self, number: int) -> None:
        _note_received(number)
        self._request = number
        self._due = monotonic()

    def _raise(self) -> None:
        """Raise what was asked for, unless that was raised just now or the thread cleans up after it."""
        if self._request is None or monotonic() < self._due or is_unwinding(sys.exc_info()[1], TerminationSignal):
            return
        self._raised = True
        self._due = monotonic() + REPEAT_SECONDS
        raise TerminationSignal(self._request)

    def _ring(self) -> None:
        """Send the signal again until the block is left."""
        main, pause_seconds = threading.main_thread().ident, _FIRST_PAUSE_SECONDS
        while True:
            time.sleep(max(pause_seconds, self._due - monotonic()))
            pause_seconds = min(1.5 * pause_seconds, _LONGEST_PAUSE_SECONDS)
            with self._ringing:
                if self._request is None or self._leaving or main is None:
                    return
                signal.pthread_kill(main, self._request)

    def leave(self, *, again: bool) -> None:
        """Give the signal back; raise what was asked for where that was not raised yet, or is to be `again`."""
        with self._ringing:
            self._leaving = True
        # What was rung just now arrives at the next system call: that must not be the one that gives the signal back.
        signal.pthread_sigmask(signal.SIG_BLOCK, ())
        _give_back(self.hear)
        ask_no_more(get_ident())
        if self._request is not None and (again or not self._raised):
            raise TerminationSignal(self._request)


class _Cancellation:
    """What becomes of SIGTERM within the outermost flow runs of one event loop: the coroutines that run them are cancelled.

    Parameters:
        loop: the event loop.

    Attributes:
        tasks: those whose blocks are not left yet.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.tasks: list[asyncio.Task[object]] = []
        self._cancelled: set[asyncio.Task[object]] = set()
        self._request: int | None = None
        signal.signal(signal.SIGTERM, self.hear)

    @staticmethod
    def joined_by(loop: asyncio.AbstractEventLoop, task: asyncio.Task[object]) -> Leave:
        """Let a task be cancelled from now on; return what its block is to call when it is left."""
        global _cancellation
        if _cancellation is None or _cancellation.loop is not loop:
            _cancellation = _Cancellation(loop)
        _cancellation.tasks.append(task)
        return partial(_cancellation.leave, task)

    def hear(self, number: int, frame: FrameType | None) -> None:
        """Have the tasks cancelled by their loop; the handler of the signal."""
        if self.loop.is_closed():  # whose coroutines were never run to their end
            _end_now(number, lambda: None)
        _note_received(number)
        self._request = number
        self.loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        for task in self.tasks:
            self._cancelled.add(task)
            task.cancel()

    def leave(self, task: asyncio.Task[object], *, again: bool) -> None:
        """Forget a task, and give the signal back after the last one; raise what was asked for where it was not cancelled."""
        global _cancellation
        self.tasks.remove(task)
        if not self.tasks:
            _cancellation = None
            _give_back(self.hear)
        if self._request is not None:
            _to_say_so.add(task)
            if again or task not in self._cancelled:
                raise TerminationSignal(self._request)


_to_say_so: set[asyncio.Task[object]] = set()
"""Tasks whose flow runs were asked to end, have left their blocks, and are not on record as ended yet."""

_cancellation: _Cancellation | None = None


def _give_back(handler: Callable[[int, FrameType | None], None]) -> None:
    """Let the signal do again what it did before; one that the block gave another handler keeps that."""
    if signal.getsignal(signal.SIGTERM) == handler:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _current_task() -> tuple[asyncio.AbstractEventLoop, asyncio.Task[object]] | None:
    """Return the event loop that runs here and the task in it, or None outside of event loops."""
    loop = running_loop()
    if loop is None:
        return None
    import asyncio

    task = asyncio.current_task(loop)
    return None if task is None else (loop, task)


def _note_received(number: int) -> None:
    global _received
    _received = number


def termination_behind(error: BaseException) -> BaseException:
    """Return the termination that a cancellation comes of, or `error` itself."""
    if _received is not None and type(error).__name__ == "CancelledError":
        return TerminationSignal(_received)
    return error


def end_process(number: int, before: Callable[[], None]) -> None:
    """End this process by the signal it was sent, as it would have ended without us; call `before` first.

    Where other outermost flow runs of the event loop are cancelled as well, they may say so first, for a while.
    """
    here = _current_task()
    if here is not None:
        _to_say_so.discard(here[1])
    if here is None or (_cancellation is None and not _to_say_so):
        _end_now(number, before)
    else:
        here[0].call_later(LONGEST_HOLD_SECONDS, _end_now, number, before)


def _end_now(number: int, before: Callable[[], None]) -> None:
    before()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
