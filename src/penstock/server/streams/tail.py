"""The tail of one feed: read once, in one place, for all who follow it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection

from penstock.core.errors import PenstockException
from penstock.server.context import Context
from penstock.server.database.dialect import Dialect
from penstock.server.streams.feed import Entry, Feed, Reading, Watched

T = TypeVar("T")
Asker = Callable[[Callable[[Connection], T]], Awaitable[T]]
"""Does a work, which only reads, in one of the core's threads."""

_log = logging.getLogger("penstock.server")

MOST_BYTES_KEPT = 8 * 1024 * 1024
"""How much of a tail is kept for those who are a little behind."""

MOST_WATCHED = 5_000
"""Where more flow runs are followed one by one, all are read: a statement that names them all would cost more."""

_LEAST_PAUSE_SECONDS = 0.02
_PAUSE_SECONDS_A_FOLLOWER = 0.0001
_FAILED_PAUSE_SECONDS = 1.0


class Follower:
    """Someone who follows a tail.

    Attributes:
        watched: the flow runs of interest; None for all.
        joined: the position from which on the tail holds all that is of interest.
    """

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self.joined: asyncio.Future[int] = asyncio.get_running_loop().create_future()


class Tail:
    """Reads what comes new in a feed, while somebody follows it, and keeps the last of it.

    Its followers are cursors into what is kept: none has a queue of its own.

    Parameters:
        feed: what is read.
        dialect: of the database.
        ask: reads from the database.
        poll_seconds: when to look without having been told to.
    """

    def __init__(self, feed: Feed, dialect: Dialect, ask: Asker[Any], poll_seconds: float) -> None:
        self.feed = feed
        self.position = 0
        self.floor = 0
        self.moved = asyncio.Event()
        self._dialect = dialect
        self._ask = ask
        self._poll_seconds = poll_seconds
        self._kept: deque[Entry] = deque()
        self._bytes = 0
        self._followers: set[Follower] = set()
        self._wake = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    @contextmanager
    def followed(self, followed: Any) -> Iterator[Follower]:
        """Have the tail read for one who follows these conditions, within the `with`."""
        follower = Follower(self.feed.watched(followed))
        self._followers.add(follower)
        self.hint()
        if self._reading is None:
            self._reading = asyncio.get_running_loop().create_task(self._read())
        try:
            yield follower
        finally:
            self._followers.discard(follower)
            follower.joined.cancel()
            if not self._followers:
                self.hint()

    def hint(self) -> None:
        """Have it look soon: something may have come."""
        self._wake.set()

    def since(self, position: int) -> list[Entry] | None:
        """Return what came after `position`; None where that is no longer kept."""
        if position < self.floor:
            return None
        newer = []
        for entry in reversed(self._kept):
            if entry.position <= position:
                break
            newer.append(entry)
        newer.reverse()
        return newer

    async def read(self, after: int, watched: Watched) -> Reading:
        """Return what comes after a position, straight from the database."""
        return await self._in_context(lambda context: self.feed.read(after, watched, context))

    async def head(self) -> int:
        """Return the position of the newest in the database."""
        return await self._in_context(self.feed.head)

    async def forgot(self, after: int) -> bool:
        """Whether something after a position is no longer in the database."""
        return await self._in_context(lambda context: self.feed.forgot(after, context))

    async def _in_context(self, work: Callable[[Context], T]) -> T:
        answer: T = await self._ask(lambda connection: work(Context(connection, self._dialect)))
        return answer

    async def _read(self) -> None:
        begun = False
        while self._followers:
            try:
                if not begun:
                    self.position = self.floor = await self._in_context(self.feed.head)
                    self._kept.clear()
                    self._bytes = 0
                    begun = True
                more = await self._read_once()
            except PenstockException as error:
                _log.warning("%s waits: %s", self.feed.kind, error)
                await asyncio.sleep(_FAILED_PAUSE_SECONDS)
                continue
            except Exception:
                _log.exception("The tail of %s can't be read.", self.feed.kind)
                await asyncio.sleep(_FAILED_PAUSE_SECONDS)
                continue
            if not more:
                await self._wait()
        self._reading = None

    async def _read_once(self) -> bool:
        self._wake.clear()
        for follower in self._followers:
            if not follower.joined.done():
                follower.joined.set_result(self.position)
        interests = [follower.watched for follower in self._followers]
        watched: Watched = None
        if None not in interests:
            watched = frozenset().union(*(some for some in interests if some is not None))
            watched = watched if len(watched) <= MOST_WATCHED else None
        reading = await self.read(self.position, watched)
        for entry in reading.entries:
            self._keep(entry)
        if reading.position > self.position:
            self.position = reading.position
            moved, self.moved = self.moved, asyncio.Event()
            moved.set()
        return reading.more

    def _keep(self, entry: Entry) -> None:
        self._kept.append(entry)
        self._bytes += len(entry.data)
        while self._bytes > MOST_BYTES_KEPT and self._kept:
            oldest = self._kept.popleft()
            self._bytes -= len(oldest.data)
            self.floor = oldest.position

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._poll_seconds):
                await self._wake.wait()
        except TimeoutError:
            return
        # What comes close together is read, and sent to all, at once.
        await asyncio.sleep(_LEAST_PAUSE_SECONDS + _PAUSE_SECONDS_A_FOLLOWER * len(self._followers))
