"""The way from the event loop into the server's core, which is synchronous: bounded threads behind a bounded queue."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

READERS = 6
WRITERS = 8
MOST_WAITING = 1_000

_CROWDED = 0.8
"""From this part of the bound on, chance sends some back.

Were all taken in up to the bound, whoever is just done would come back first to the only place that is free, and those who
were sent back would find it taken again and again. Who comes when matters no longer where the queue ends at no sharp edge
(random early detection, Floyd and Jacobson 1993).
"""


class TooManyWaiting(Exception):
    """So many requests wait already that another one is better sent back."""


class Lane:
    """A bounded pool of threads with a bounded queue.

    Parameters:
        name: of its threads.
        threads: how many.
        most_waiting: how many works may be in it, at work and waiting together.
    """

    def __init__(self, name: str, threads: int, most_waiting: int = MOST_WAITING) -> None:
        self.name = name
        self.most_waiting = most_waiting
        self.inside = 0
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"penstock-{name}")

    async def run(self, work: Callable[[], T]) -> T:
        """Do `work` in one of the threads and return what it returns.

        Raises:
            TooManyWaiting: the queue is full, or nearly.
        """
        free = 1 - self.inside / self.most_waiting
        if free < random.random() * (1 - _CROWDED) or free <= 0:  # noqa: S311  - chance is fair here, it keeps no secret
            raise TooManyWaiting
        self.inside += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        # Counted until the thread is done with it, also where the client has gone away meanwhile.
        future.add_done_callback(self._left)
        return await future

    def _left(self, future: asyncio.Future[T]) -> None:
        self.inside -= 1

    def close(self) -> None:
        """Wait for the works inside, and end the threads."""
        self._pool.shutdown()


class Lanes:
    """Writes and reads go by lanes of their own, so that a database locked for writing is still read."""

    def __init__(self) -> None:
        self.reading = Lane("reading", READERS)
        self.writing = Lane("writing", WRITERS)

    def close(self) -> None:
        """Wait for the works inside, and end the threads."""
        self.reading.close()
        self.writing.close()
