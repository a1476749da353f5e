"""Waiting for an answer without keeping an event loop waiting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import copy_context
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

T = TypeVar("T")


async def in_thread(ask: Callable[[], T], threads: Executor | None = None) -> T:
    """Return what `ask` returns, called in another thread.

    Parameters:
        ask: what is called, in a copy of the caller's context.
        threads: whose thread; by default one of the loop's own pool, which all that runs in the loop shares.
    """
    context = copy_context()
    return await asyncio.get_running_loop().run_in_executor(threads, lambda: context.run(ask))


async def each_in_thread(parts: Iterator[T]) -> AsyncIterator[T]:
    """Yield what `parts` yields, each got in a thread of the loop's own pool."""
    end = object()
    while (part := await in_thread(lambda: next(parts, end))) is not end:
        yield part  # type: ignore[misc]
