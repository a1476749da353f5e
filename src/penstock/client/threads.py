"""Waiting for an answer without keeping an event loop waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TypeVar

T = TypeVar("T")


async def in_thread(ask: Callable[[], T]) -> T:
    """Return what `ask` returns, called in a thread of the loop's own pool."""
    return await asyncio.to_thread(ask)


async def each_in_thread(parts: Iterator[T]) -> AsyncIterator[T]:
    """Yield what `parts` yields, each got in a thread of the loop's own pool."""
    end = object()
    while (part := await in_thread(lambda: next(parts, end))) is not end:
        yield part  # type: ignore[misc]
