"""One thread of the process that calls functions at a later moment."""

from __future__ import annotations

import heapq
import os
import threading
from collections.abc import Callable
from itertools import count
from time import monotonic

_FEW = 64


class _Call:
    """A function to be called once, unless that is taken back."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], object]) -> None:
        self.callback: Callable[[], object] | None = callback


class _Agenda:
    """The calls that are due later, and the thread that makes them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls: list[tuple[float, int, _Call]] = []
        self._numbers = count()
        self._taken_back = 0
        self._thread: threading.Thread | None = None

    def add(self, seconds: float, call: _Call) -> None:
        with self._changed:
            due = (monotonic() + max(seconds, 0.0), next(self._numbers), call)
            heapq.heappush(self._calls, due)
            if self._thread is None:
                self._start()
            elif self._calls[0] is due:
                self._changed.notify()

    def take_back(self, call: _Call) -> bool:
        with self._changed:
            if call.callback is None:
                return False
            call.callback = None
            self._taken_back += 1
            if self._taken_back > _FEW and self._taken_back * 2 > len(self._calls):
                self._calls = [each for each in self._calls if each[2].callback is not None]
                heapq.heapify(self._calls)
                self._taken_back = 0
            return True

    def __len__(self) -> int:
        return len(self._calls)

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="penstock-watchdog", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            # The interpreter is ending, or has no room for a thread: blocks still find out at their end that they
            # took too long, and the next call tries again.
            return
        self._thread = thread

    def _run(self) -> None:
        while True:
            callback = self._next()
            try:
                callback()
            except Exception:
                import logging

                logging.getLogger("penstock.timeouts").exception("A function called by the watchdog failed")
            del callback

    def _next(self) -> Callable[[], object]:
        """Wait for the next call that is due, and return its function."""
        with self._changed:
            while True:
                wait_seconds = self._calls[0][0] - monotonic() if self._calls else None
                if wait_seconds is not None and wait_seconds <= 0:
                    call = heapq.heappop(self._calls)[2]
                    callback, call.callback = call.callback, None
                    if callback is not None:
                        return callback
                    self._taken_back -= 1
                    continue
                self._changed.wait(None if wait_seconds is None else min(wait_seconds, threading.TIMEOUT_MAX))


_agenda = _Agenda()


class Watchdog:
    """Calls functions at a later moment, in a thread of its own that all share."""

    @staticmethod
    def after(seconds: float, callback: Callable[[], object]) -> Callable[[], bool]:
        """Call `callback` once, `seconds` from now.

        Parameters:
            seconds: how long to wait, of real time.
            callback: is to return soon, since others wait for the same thread; what it raises is logged.

        Returns:
            A function that takes the call back and tells whether it came in time: False where the call was made, is
            being made, or was taken back before.
        """
        call = _Call(callback)
        _agenda.add(seconds, call)
        return lambda: _agenda.take_back(call)


def _forget() -> None:
    """Begin anew in a process that was forked: the thread, and those that waited for it, stayed behind."""
    global _agenda
    _agenda = _Agenda()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
