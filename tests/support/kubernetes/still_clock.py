"""A clock that stands still; who sleeps by it wakes when a test moves it far enough."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from penstock.core import clock


class StillClock(clock.Clock):
    """A clock for one event loop.

    Attributes:
        slept: how long each sleep was to last, in seconds.
    """

    def __init__(self) -> None:
        self._start = datetime.now(UTC)
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []
        self.slept: list[float] = []
        self.fell_asleep = asyncio.Event()

    def now(self) -> datetime:
        """Return the instant it shows."""
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        """Return the seconds it was moved."""
        return self._elapsed

    async def sleep_async(self, seconds: float) -> None:
        """Wait until it was moved so far."""
        self.slept.append(seconds)
        waking = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._elapsed + seconds, waking))
        self.fell_asleep.set()
        await waking

    def move(self, seconds: float) -> None:
        """Move it, and wake who is due."""
        self._elapsed += seconds
        for until, waking in list(self._sleepers):
            if until <= self._elapsed and not waking.done():
                waking.set_result(None)
        self._sleepers = [one for one in self._sleepers if not one[1].done()]

    async def until_asleep(self, longest_seconds: float, least_seconds: float = 0.0) -> None:
        """Wait until somebody sleeps for about so long."""
        while not any(
            least_seconds <= until - self._elapsed <= longest_seconds for until, one in self._sleepers if not one.done()
        ):
            self.fell_asleep.clear()
            await self.fell_asleep.wait()

    async def move_until(self, task: asyncio.Task[Any], longest_seconds: float = 5.0) -> None:
        """Move it from one short sleep to the next until a task is done; longer ones are only come nearer to."""
        while not task.done():
            left = [until - self._elapsed for until, one in self._sleepers if not one.done()]
            short = [seconds for seconds in left if seconds <= longest_seconds]
            if short:
                self.move(min(short))
                await asyncio.sleep(0)
                continue
            self.fell_asleep.clear()
            asleep = asyncio.create_task(self.fell_asleep.wait())
            await asyncio.wait((task, asleep), return_when=asyncio.FIRST_COMPLETED)
            asleep.cancel()


@contextmanager
def still_clock() -> Iterator[StillClock]:
    """Put one in use for the block."""
    one = StillClock()
    replaced = clock.use(one)
    try:
        yield one
    finally:
        clock.use(replaced)
