"""A client that does not take what is sent is cut off, and no longer counts as one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from penstock.server.http import streaming


def test_a_client_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """When a message is not taken in time, the stream ends with an error, and what it held is let go of at once."""
    monkeypatch.setattr(streaming, "SEND_SECONDS", 0.01)
    let_go = []

    async def messages() -> AsyncGenerator[bytes]:
        try:
            while True:
                yield b": alive\n\n"
        finally:
            let_go.append(True)

    async def send(message: Any) -> None:
        if message.get("body"):
            await asyncio.Event().wait()

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def follow() -> None:
        with pytest.raises(TimeoutError):
            await streaming.Sending(messages(), {}, "text/event-stream")({"type": "http"}, receive, send)

    asyncio.run(follow())
    assert let_go == [True]
