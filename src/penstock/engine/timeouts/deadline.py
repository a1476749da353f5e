"""A time limit around synchronous code, in any thread."""

from __future__ import annotations

import sys
import threading
from collections.abc import Awaitable, Callable
from time import monotonic
from types import TracebackType
from typing import Self, TypeVar

from penstock.core.interruptible import ask, ask_no_more, interruptible
from penstock.engine.timeouts.alarm import alarm, can_be_used
from penstock.engine.timeouts.interruption import (
    LONGEST_RETRY_SECONDS,
    REPEAT_SECONDS,
    RETRY_SECONDS,
    Interrupted,
    handled_in,
    is_unwinding,
    strike,
    this_thread,
)
from penstock.engine.timeouts.watchdog import Watchdog

R = TypeVar("R")


class Deadline:
    """A context whose block is interrupted when its time is up, and then ends in an error.

    Limits nest, and each ends in its own error. A block that could not be interrupted, or swallowed the interruption,
    ends in the error as soon as it is left. Nothing is raised after it was left. `KeyboardInterrupt` and other
    exceptions that are no `Exception` go before the error.

    Parameters:
        seconds: how long the block may take, of real time.
        error: makes the error.

    Attributes:
        fired: whether the block was interrupted.
        next_strike: when it is to be interrupted next.
    """

    __slots__ = (
        "_cancel",
        "_closed",
        "_due",
        "_error",
        "_lock",
        "_retry_seconds",
        "_seconds",
        "_state",
        "fired",
        "next_strike",
    )

    def __init__(self, seconds: float, error: Callable[[], BaseException]) -> None:
        self._seconds = seconds
        self._error = error
        self._lock = threading.Lock()
        self._cancel: Callable[[], bool] | None = None
        self._closed = True
        self._retry_seconds = RETRY_SECONDS
        self.fired = False

    def __enter__(self) -> Self:
        state = self._state = this_thread()
        try:
            self._due = self.next_strike = monotonic() + self._seconds
            self._closed = False
            state.blocks.append(self)
            if not (can_be_used() and alarm.arm(state)):
                self._cancel = Watchdog.after(self._seconds, self._fire)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._close():
            return
        if isinstance(error, Interrupted):
            if not self._is_for_another():
                raise self._error().with_traceback(trace) from None
        elif error is None or isinstance(error, Exception):
            raise self._error() from error

    def _is_for_another(self) -> bool:
        """Tell whether the block was interrupted for the sake of one around it, which must end as well."""
        return any(block.fired for block in self._state.blocks)

    def _close(self) -> bool:
        """Let nothing be raised any more; tell whether the time is up."""
        with self._lock:
            if self._closed:
                return self.fired
            self._closed = True
            if self._cancel is not None:
                self._cancel()
        if self in self._state.blocks:
            self._state.blocks.remove(self)
        self._state.seen_at = None
        ask_no_more(self._state.ident)
        if self._cancel is None:
            alarm.rearm(self._state)
        self.fired = self.fired or monotonic() >= self._due
        return self.fired

    def try_again(self, now: float) -> None:
        """Put the interruption off for a little, and for more the next time: this was a bad moment for it."""
        ask(self._state.ident, interrupt_here)
        self.next_strike = now + self._retry_seconds
        self._retry_seconds = min(1.1 * self._retry_seconds, LONGEST_RETRY_SECONDS)

    def _fire(self) -> None:
        """Interrupt the thread of the block; called by the watchdog."""
        with self._lock:
            if self._closed:
                return
            now = monotonic()
            self.next_strike = now + REPEAT_SECONDS
            if not (self.fired and is_unwinding(handled_in(self._state))):
                before, self.fired = self.fired, True
                if not strike(self._state):
                    self.fired = before
                    self.try_again(now)
            self._cancel = Watchdog.after(self.next_strike - now, self._fire)

    def strike_here(self) -> bool:
        """Note that the block is interrupted by its own thread; tell whether its time is up."""
        with self._lock:
            if monotonic() < self._due:
                return False
            self.fired = True
            self.next_strike = monotonic() + REPEAT_SECONDS
            return True


def interrupt_here() -> None:
    """Interrupt the calling thread if a block of it is due, and it is not cleaning up after that already."""
    due = [block for block in this_thread().blocks if block.strike_here()]
    if due and not is_unwinding(sys.exc_info()[1]):
        raise Interrupted


def deadline(seconds: float, error: Callable[[], BaseException]) -> Deadline:
    """Return a context whose block may take `seconds` of real time, and ends in `error()` if it takes longer.

    In the main thread the block is interrupted by SIGALRM, also out of `time.sleep`, a lock or a socket. In other
    threads it is interrupted before its next step of Python; a call into C that takes long is not.
    """
    return Deadline(seconds, error)


@interruptible
def call_within(seconds: float, error: Callable[[], BaseException], function: Callable[[], R]) -> R:
    """Call a function that may take `seconds`; raise `error()` if it takes longer.

    It is the same as a `deadline` around the call, except that it holds in the one case where that does not: where a
    thread is interrupted between the last step of the block and the first of leaving it, because something was
    disposed of there that let other threads run.
    """
    limit = Deadline(seconds, error)
    try:
        with limit:
            return function()
    except Interrupted as interrupted:
        limit.__exit__(Interrupted, interrupted, interrupted.__traceback__)
        raise


class Allowance:
    """Seconds that several calls share, such as the steps of a generator; the time between them does not count.

    Parameters:
        seconds: how long they may take together.
        error: makes the error of the call that takes longer than what is left.
    """

    def __init__(self, seconds: float, error: Callable[[], BaseException]) -> None:
        self._left = seconds
        self._error = error

    def call(self, function: Callable[[], R]) -> R:
        """Call a function within what is left."""
        began = monotonic()
        try:
            return call_within(self._left, self._error, function)
        finally:
            self._left -= monotonic() - began

    @interruptible
    async def call_async(self, function: Callable[[], Awaitable[R]]) -> R:
        """Call an async function within what is left."""
        from penstock.engine.timeouts.async_deadline import async_deadline

        began = monotonic()
        try:
            async with async_deadline(self._left, self._error):
                return await function()
        finally:
            self._left -= monotonic() - began
