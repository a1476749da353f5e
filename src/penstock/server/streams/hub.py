"""All that is followed on one server: its tails, who may follow them, and what wakes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

from penstock.server.database.database import Database
from penstock.server.streams.feed import Entry, Feed, message
from penstock.server.streams.feeds import feed_of
from penstock.server.streams.hints import Hints
from penstock.server.streams.tail import Asker, Tail
from penstock.wire.streams import OPEN, RESET, RESUME, Stream

MOST_CLIENTS = 2_000
POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0

MOST_BYTES_AT_ONCE = 256 * 1024
"""About how much is sent to one client at once: a slow one has that much waiting in memory, not all of the tail."""


class Hub:
    """What clients follow.

    A hint wakes the tails: a commit of this process, or one of another that the database tells of. Hints may be lost: each
    tail also looks by itself now and then.

    Parameters:
        database: what is followed.
        ask: reads from it.
        hints: what wakes the tails.
        poll_seconds: how often a tail looks by itself.
        heartbeat_seconds: how often a client that gets nothing gets a sign of life, and is looked at anew.
    """

    def __init__(
        self,
        database: Database,
        ask: Asker[Any],
        hints: Hints,
        poll_seconds: float = POLL_SECONDS,
        heartbeat_seconds: float = HEARTBEAT_SECONDS,
    ) -> None:
        self.clients = 0
        self._database = database
        self._ask = ask
        self._poll_seconds = poll_seconds
        self._heartbeat_seconds = heartbeat_seconds
        self._tails: dict[type[Feed], Tail] = {}
        self._closed = False
        self._hints = hints
        self._follows = False

    def close(self) -> None:
        """End all streams. Call it in the event loop."""
        self._closed = True
        for tail in self._tails.values():
            tail.moved.set()

    async def follow(
        self, stream: Stream, followed: Any, after: int | None, may_go_on: Callable[[], bool]
    ) -> AsyncGenerator[bytes]:
        """Yield the messages of a stream to one client, until it may no longer have them.

        Parameters:
            stream: one of the table of streams.
            followed: the client's conditions.
            after: its cursor; None to begin now.
            may_go_on: whether the client may still have them; asked with every sign of life.
        """
        tail = self._tail_of(feed_of(stream, followed))
        self.clients += 1
        try:
            with tail.followed(followed) as follower:
                start = await follower.joined
                cursor = start if after is None else after
                # A tail is a little behind the commits: a cursor before it is of another time only where nothing is there.
                if (cursor > start and cursor > await tail.head()) or await tail.forgot(cursor):
                    cursor = start
                    yield message(RESET, b"{}", cursor)
                else:
                    yield message(OPEN, b"{}", cursor)
                while cursor < start and not self._closed:
                    reading = await tail.read(cursor, follower.watched)
                    yield _messages(tail, followed, reading.entries)
                    cursor = reading.position if reading.more else max(reading.position, start)
                async for part in self._live(tail, followed, cursor, may_go_on):
                    yield part
        finally:
            self.clients -= 1

    async def _live(
        self, tail: Tail, followed: Any, cursor: int, may_go_on: Callable[[], bool]
    ) -> AsyncGenerator[bytes]:
        loop = asyncio.get_running_loop()
        heartbeat = loop.time() + self._heartbeat_seconds
        while not self._closed:
            moved = tail.moved
            entries = tail.since(cursor)
            if entries is None:
                yield message(RESUME, b"{}", cursor)
                return
            some = _some(entries)
            is_all = len(some) == len(entries)
            cursor = max(cursor, tail.position) if is_all else some[-1].position
            found = _messages(tail, followed, some)
            if found:
                yield found
            if loop.time() >= heartbeat:
                if not may_go_on():
                    return
                heartbeat = loop.time() + self._heartbeat_seconds
                yield b": alive\nid: %d\n\n" % cursor
            if is_all and tail.moved is moved:
                try:
                    async with asyncio.timeout_at(heartbeat):
                        await moved.wait()
                except TimeoutError:
                    continue

    def _tail_of(self, feed: type[Feed]) -> Tail:
        if not self._follows:
            self._follows = True
            self._hints.follow(self._hint, lambda: self.clients > 0)
        tail = self._tails.get(feed)
        if tail is None:
            tail = self._tails[feed] = Tail(feed(), self._database.dialect, self._ask, self._poll_seconds)
        return tail

    def _hint(self) -> None:
        for tail in self._tails.values():
            tail.hint()


def _some(entries: list[Entry]) -> list[Entry]:
    """Return the first of `entries`, up to one that can be resumed after: what is sent at once is kept for each client."""
    size = 0
    for number, entry in enumerate(entries, 1):
        size += len(entry.data)
        if size >= MOST_BYTES_AT_ONCE and entry.last:
            return entries[:number]
    return entries


def _messages(tail: Tail, followed: Any, entries: list[Entry]) -> bytes:
    return b"".join([entry.message() for entry in entries if tail.feed.matches(followed, entry)])
