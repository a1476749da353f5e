"""A clock that stands still until it is moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from penstock.core import clock


class ManualClock(clock.Clock):
    """A clock whose sleepers do not wait: sleeping moves it.

    Parameters:
        start: the instant it shows first; by default the present one.

    Attributes:
        slept: how long each sleep was to last, in seconds.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime.now(UTC)
        self._elapsed = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """Return the instant it shows."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds it has been moved."""
        return self._elapsed

    def elapsed(self) -> float:
        """Return the seconds it has been moved."""
        return self._elapsed

    def move(self, seconds: float) -> None:
        """Move the clock forward."""
        self._now += timedelta(seconds=seconds)
        self._elapsed += seconds

    def sleep(self, seconds: float) -> None:
        """Move the clock and return at once."""
        self.slept.append(seconds)
        self.move(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Move the clock and return at once."""
        self.sleep(seconds)


@contextmanager
def moving_clock(start: datetime | None = None) -> Iterator[ManualClock]:
    """Put a `ManualClock` in use for the whole process within the block."""
    manual = ManualClock(start)
    replaced = clock.use(manual)
    try:
        yield manual
    finally:
        clock.use(replaced)
