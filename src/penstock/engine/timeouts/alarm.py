"""Interrupts the main thread by SIGALRM, which ends blocking system calls too."""

from __future__ import annotations

import os
import signal
import sys
import threading
from time import monotonic
from types import FrameType
from typing import Any

from penstock.engine.timeouts.interruption import (
    REPEAT_SECONDS,
    RETRY_SECONDS,
    Interrupted,
    ThreadState,
    is_unwinding,
    may_raise_here,
    this_thread,
)

_SHORTEST_SECONDS = 1e-6

_UNHEARD_SECONDS = 0.05
"""After how long an alarm rings again that was not handled.

Python handles a signal before its next step, or when it ends a system call. One that comes between the two, right before
the call begins, does neither: were it the only one, the call would wait for ever.
"""


class _Alarm:
    """The process's one alarm, lent from whoever used it before and given back with what was left on it.

    Attributes:
        installed: whether it is ours now.
    """

    def __init__(self) -> None:
        self.installed = False
        self._their_handler: Any = signal.SIG_DFL
        self._their_due: float | None = None
        self._their_interval = 0.0

    def arm(self, state: ThreadState) -> bool:
        """Set the alarm for the blocks of the main thread; tell whether that is possible."""
        if not self.installed and not self._install():
            return False
        self._set(state)
        return True

    def rearm(self, state: ThreadState) -> None:
        """Set the alarm anew after a block was left; give it back after the last one."""
        state.seen_at = None
        if not self.installed:
            return
        if state.blocks:
            self._set(state)
        else:
            self.give_back()

    def _install(self) -> bool:
        handler = signal.getsignal(signal.SIGALRM)
        if handler is None:  # one that was not set by Python, and can't be set again
            return False
        left, self._their_interval = signal.setitimer(signal.ITIMER_REAL, 0)
        self._their_due = monotonic() + left if left else None
        self._their_handler = handler
        try:
            signal.signal(signal.SIGALRM, self._ring)
        except ValueError:  # not the main interpreter
            signal.setitimer(signal.ITIMER_REAL, left, self._their_interval)
            return False
        self.installed = True
        return True

    def give_back(self, *, with_timer: bool = True) -> None:
        """Restore the handler, and what is left of the timer, that were there before."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        # An alarm that rang just now is handled, by us, before `signal.signal` changes anything.
        signal.signal(signal.SIGALRM, self._their_handler)
        self.installed = False
        if with_timer and self._their_due is not None:
            left = max(self._their_due - monotonic(), _SHORTEST_SECONDS)
            signal.setitimer(signal.ITIMER_REAL, left, self._their_interval)

    def _set(self, state: ThreadState, earliest_seconds: float = _SHORTEST_SECONDS) -> None:
        moments = [block.next_strike for block in state.blocks]
        if self._their_due is not None:
            moments.append(self._their_due)
        if moments:
            seconds = max(min(moments) - monotonic(), earliest_seconds)
            signal.setitimer(signal.ITIMER_REAL, seconds, _UNHEARD_SECONDS)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        """Interrupt the main thread if a block of it is due, and ring for those from whom the alarm is lent."""
        state = this_thread()
        now = monotonic()
        due = [block for block in state.blocks if block.next_strike <= now]
        theirs = self._their_due is not None and self._their_due <= now
        if frame is None or not may_raise_here(state, frame):
            for block in due:
                block.try_again(now)
            if state.blocks:
                self._set(state, earliest_seconds=RETRY_SECONDS)
            return
        interrupt = any(not block.fired for block in due) or (bool(due) and not is_unwinding(sys.exc_info()[1]))
        for block in due:
            block.fired = True
            block.next_strike = now + REPEAT_SECONDS
        if theirs:
            self._their_due = now + self._their_interval if self._their_interval else None
        self._set(state)
        if theirs:
            self._ring_for_them(number, frame)
        if interrupt:
            raise Interrupted

    def _ring_for_them(self, number: int, frame: FrameType | None) -> None:
        if callable(self._their_handler):
            self._their_handler(number, frame)
        elif self._their_handler == signal.SIG_DFL:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.raise_signal(signal.SIGALRM)


alarm = _Alarm()
"""The process's alarm."""


_forked_elsewhere = False
"""Whether this process was forked by a thread that was not the main one: Python 3.13 calls no signal handlers there."""


def can_be_used() -> bool:
    """Tell whether the calling thread can be interrupted by a signal."""
    return _is_main_thread() and not _forked_elsewhere and hasattr(signal, "setitimer")


def _is_main_thread() -> bool:
    return threading.get_ident() == threading.main_thread().ident


def _note_the_forking_thread() -> None:
    this_thread().forks_elsewhere = not _is_main_thread()


def _forget() -> None:
    """Give the alarm back in a process that was forked: the blocks around the fork are its parent's."""
    global _forked_elsewhere
    state = this_thread()
    state.blocks.clear()
    _forked_elsewhere = _forked_elsewhere or state.forks_elsewhere
    if alarm.installed:
        alarm.give_back(with_timer=False)  # a forked process inherits no timers


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_note_the_forking_thread, after_in_child=_forget)
