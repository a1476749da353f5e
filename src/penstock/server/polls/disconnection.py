"""Answers that are long in coming are not worked on once nobody takes them any more."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

T = TypeVar("T")


async def until_gone(request: Request, answer: Coroutine[Any, Any, T]) -> T:
    """Return what `answer` does; it is cancelled when the client of the request, whose body is read, goes away.

    Raises:
        ClientDisconnect: the client has gone away.
    """
    answering = asyncio.ensure_future(answer)
    leaving = asyncio.ensure_future(_leaving(request))
    try:
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            return answering.result()
        raise ClientDisconnect
    finally:
        for task in (answering, leaving):
            if not task.done():
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def _leaving(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
