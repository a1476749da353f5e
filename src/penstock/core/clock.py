"""The one clock of a process: every instant, delay and deadline is read from it, so a test can move it."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from penstock.core.interruptible import left_to_caller

_COUNTS_SLEEP = hasattr(time, "CLOCK_BOOTTIME")
"""Elsewhere the monotonic clock is the best there is; on some systems it stands still while the machine sleeps."""


class Clock:
    """The system's clock."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds since an arbitrary moment; never goes back."""
        return time.monotonic()

    def elapsed(self) -> float:
        """Return seconds since an arbitrary moment, those counted that the machine slept through; never goes back."""
        return time.clock_gettime(time.CLOCK_BOOTTIME) if _COUNTS_SLEEP else time.monotonic()

    @left_to_caller
    def sleep(self, seconds: float) -> None:
        """Block the calling thread for `seconds`."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Suspend the calling coroutine for `seconds`."""
        import asyncio

        await asyncio.sleep(seconds)


_clock = Clock()


def current() -> Clock:
    """Return the clock in use."""
    return _clock


def use(clock: Clock) -> Clock:
    """Put `clock` in use for the whole process and return the one it replaces."""
    global _clock
    replaced, _clock = _clock, clock
    return replaced


def now() -> datetime:
    """Return the present instant by the clock in use, in UTC."""
    return _clock.now()
