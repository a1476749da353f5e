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
from time import monotonic
from types import FrameType
from typing import TYPE_CHECKING

from penstock.core.errors import TerminationSignal
from penstock.core.interruptible import ask, ask_no_more
from penstock.engine.timeouts.interruption import REPEAT_SECONDS, is_unwinding, may_raise_here, this_thread

if TYPE_CHECKING:
    import asyncio

LONGEST_HOLD_SECONDS = 5.0
"""How long a request to end is held back at the most; then it is raised wherever the main thread is."""

_FIRST_PAUSE_SECONDS = 0.001
_LONGEST_PAUSE_SECONDS = 0.05

_received: int | None = None


@contextmanager
def termination_raises(outermost: bool, cancels: bool = False) -> Iterator[None]:
    """Make SIGTERM raise `TerminationSignal` in the main thread within the block.

    It is raised in what users wrote and where we do nothing but wait, and held back for a moment in the midst of our own
    work. Code that swallows it and goes on gets another one each second, and the last one at the end of the block.
    Cleaning up is not interrupted again. A program that handles the signal itself keeps its handler.

    Parameters:
        outermost: whether the block is that of the outermost flow run; nothing is done for the others.
        cancels: in an event loop, cancel the coroutine that runs the block instead: others run in between, and what is
            raised in one of them, or in a callback of the loop, is lost there.
    """
    if not outermost or os.name != "posix" or threading.current_thread() is not threading.main_thread():
        yield
        return
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    termination = _Termination()
    target = _current_task() if cancels else None
    signal.signal(signal.SIGTERM, termination.hear if target is None else termination.cancelling(*target))
    try:
        yield
    except BaseException:
        termination.leave(again=False)
        raise
    termination.leave(again=True)


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
        global _received
        _received = self._request = number
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

    def cancelling(
        self, loop: asyncio.AbstractEventLoop, task: asyncio.Task[object]
    ) -> Callable[[int, FrameType | None], None]:
        """Return a handler that cancels a task of an event loop, unless the block is left before that is its turn."""

        def cancel() -> None:
            if not self._leaving:
                self._raised = True
                task.cancel()

        def hear(number: int, frame: FrameType | None) -> None:
            self._note(number)
            if not self._leaving:
                loop.call_soon_threadsafe(cancel)

        return hear

    def leave(self, again: bool) -> None:
        """Give the signal back; raise what was asked for where that was not raised yet, or is to be `again`."""
        with self._ringing:
            self._leaving = True
        # What was rung just now arrives at the next system call: that must not be the one that gives the signal back.
        signal.pthread_sigmask(signal.SIG_BLOCK, ())
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ask_no_more(get_ident())
        if self._request is not None and (again or not self._raised):
            raise TerminationSignal(self._request)


def _current_task() -> tuple[asyncio.AbstractEventLoop, asyncio.Task[object]] | None:
    """Return the event loop that runs here and the task in it, or None outside of event loops."""
    asyncio = sys.modules.get("asyncio")
    loop = None if asyncio is None else asyncio._get_running_loop()
    if asyncio is None or loop is None:
        return None
    task = asyncio.current_task(loop)
    return None if task is None else (loop, task)


def termination_behind(error: BaseException) -> BaseException:
    """Return the termination that a cancellation comes of, or `error` itself."""
    if _received is not None and type(error).__name__ == "CancelledError":
        return TerminationSignal(_received)
    return error


def end_process(number: int, before: Callable[[], None]) -> None:
    """End this process by the signal it was sent, as it would have ended without us; call `before` first."""
    before()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
