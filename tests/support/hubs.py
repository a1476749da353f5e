"""Streams within the process of a test: a hub, and clients of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from penstock.server.dispatcher import Dispatcher
from penstock.server.streams.hints import Hints
from penstock.server.streams.hub import Hub

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
