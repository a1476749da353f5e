"""What the steps of a transaction ask for, beside what is in `core.steps`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from penstock.core import clock

if TYPE_CHECKING:
    from penstock.results.store import ResultStore

FIRST_PAUSE_SECONDS = 0.001
LONGEST_PAUSE_SECONDS = 0.1


class AcquireLock:
    """Acquire the lock of a key, however long it takes.

    Parameters:
        store: the store whose lock manager keeps the lock.
        key: the key.
        holder: who is to have the lock.
    """

    __slots__ = ("holder", "key", "store")

    def __init__(self, store: ResultStore, key: str, holder: str) -> None:
        self.store = store
        self.key = key
        self.holder = holder

    def perform(self) -> bool:
        """Wait in this thread."""
        return self.store.acquire_lock(self.key, self.holder)

    async def perform_async(self) -> bool:
        """Try again and again, in turn with others in this event loop who want the same lock.

        A thread that waited could not be called off, and enough of them would leave none to release the lock.
        """
        async with _turn_for(self.store, self.key):
            pause_seconds = FIRST_PAUSE_SECONDS
            while not await self._try():
                await clock.current().sleep_async(pause_seconds)
                pause_seconds = min(pause_seconds * 1.5, LONGEST_PAUSE_SECONDS)
        return True

    async def _try(self) -> bool:
        import asyncio

        attempt = asyncio.ensure_future(asyncio.to_thread(self.store.acquire_lock, self.key, self.holder, 0))
        try:
            return await asyncio.shield(attempt)
        except asyncio.CancelledError:
            if await attempt:
                await asyncio.to_thread(self.store.release_lock, self.key, self.holder)
            raise


class _Queue:
    """Those in one event loop who want one lock; the first of them tries, the others wait for their turn."""

    __slots__ = ("turn", "users")

    def __init__(self) -> None:
        import asyncio

        self.turn = asyncio.Lock()
        self.users = 0


_queues: dict[tuple[int, int, str], _Queue] = {}


@asynccontextmanager
async def _turn_for(store: ResultStore, key: str) -> AsyncIterator[None]:
    import asyncio

    name = id(asyncio.get_running_loop()), id(store.lock_manager), key
    queue = _queues.setdefault(name, _Queue())
    queue.users += 1
    try:
        async with queue.turn:
            yield
    finally:
        queue.users -= 1
        if not queue.users:
            del _queues[name]
