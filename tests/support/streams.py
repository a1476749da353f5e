"""Streams as clients see them: of a real server, over HTTP, and of a hub within the process of a test."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import urllib3
from support.servers import Server

from penstock.server.dispatcher import Dispatcher
from penstock.server.streams.hints import Hints
from penstock.server.streams.hub import Hub


@dataclass
class Message:
    """A message of a stream."""

    kind: str
    data: Any
    id: str | None


class Following:
    """One connection to a stream.

    Attributes:
        answer: the server's answer.
        cursor: the last id it sent.
    """

    def __init__(self, answer: urllib3.BaseHTTPResponse) -> None:
        self.answer = answer
        self.cursor: str | None = None
        self._lines = self._read_lines()

    def _read_lines(self) -> Iterator[str]:
        rest = b""
        while part := self.answer.read1():  # type: ignore[attr-defined]
            *lines, rest = (rest + part).split(b"\n")
            yield from (line.decode() for line in lines)

    def __iter__(self) -> Iterator[Message]:
        """Yield the messages, until the stream ends."""
        while True:
            fields: dict[str, str] = {}
            for line in self._lines:
                if not line:
                    break
                name, _, value = line.partition(":")
                fields[name] = value.removeprefix(" ")
            if not fields:
                return
            self.cursor = fields.get("id", self.cursor)
            if "data" in fields:
                yield Message(fields["event"], json.loads(fields["data"]), fields.get("id"))

    def next(self) -> Message:
        """Return the next message, waiting for it."""
        return next(iter(self))

    def until(self, count: int) -> list[Message]:
        """Return the next `count` messages, waiting for them."""
        return [self.next() for _ in range(count)]


@contextmanager
def following(server: Server, path: str, after: str | None = None, **headers: str) -> Iterator[Following]:
    """Follow a stream for the block; its first message has come when the block begins."""
    if after is not None:
        headers["Last-Event-ID"] = after
    answer = server.ask("GET", path, headers=headers, preload_content=False)
    assert answer.status == 200, answer.read()
    assert answer.headers["content-type"].startswith("text/event-stream")
    stream = Following(answer)
    try:
        opening = stream.next()
        assert opening.kind == "open", opening
        yield stream
    finally:
        answer.close()


NEVER = 3600.0

Messages = AsyncGenerator[bytes]


@asynccontextmanager
async def hub_of(server: Dispatcher, **options: float) -> AsyncIterator[Hub]:
    """Give a hub that looks only when it is woken, unless told otherwise."""

    async def ask(work: Callable[[Any], Any]) -> Any:
        return await asyncio.to_thread(server.database.ask, work)

    hints = Hints(server.database)
    hub = Hub(server.database, ask, hints, **{"poll_seconds": NEVER, "heartbeat_seconds": NEVER, **options})
    try:
        yield hub
    finally:
        hub.close()
        hints.close()


def always() -> bool:
    """Let a client go on."""
    return True


async def opened(messages: Messages) -> Messages:
    """Return a stream that has begun."""
    assert b"event: open" in await anext(messages)
    return messages


async def events_in(messages: Messages, count: int) -> list[str]:
    """Return what the next events tell."""
    found: list[str] = []
    while len(found) < count:
        lines = (await anext(messages)).decode().splitlines()
        told = [json.loads(text.removeprefix("data: ")) for text in lines if text.startswith("data: ")]
        found += [event["event"].removeprefix("penstock.") for event in told]
    return found
