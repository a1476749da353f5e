"""Waiting for an answer without keeping an event loop waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(ask: Callable[[], T]) -> T:
    """Return what `ask` returns, called in a thread of the loop's own pool."""
    return await asyncio.to_thread(ask)
