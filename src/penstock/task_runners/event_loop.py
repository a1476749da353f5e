"""One event loop a thread, kept for all async tasks that run there one after another."""

from __future__ import annotations

import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from penstock.core.interruptible import interruptible
from penstock.core.steps import run_to_end

if TYPE_CHECKING:
    import asyncio

R = TypeVar("R")

_own = threading.local()


@interruptible
def run_in_own_loop(coroutine: Coroutine[Any, Any, R]) -> R:
    """Run `coroutine` to its end from a thread without an event loop of the user's, and return its result.

    Where this thread's loop is running already, because an async task waits here for another one, a thread of its
    own runs it.
    """
    import asyncio
    from contextvars import copy_context

    if asyncio._get_running_loop() is None:
        return _runner().run(coroutine, context=copy_context())
    return run_to_end(coroutine)


def _runner() -> asyncio.Runner:
    import asyncio

    runner: asyncio.Runner | None = getattr(_own, "runner", None)
    if runner is None:
        runner = _own.runner = asyncio.Runner()
    return runner


def close_event_loop() -> None:
    """Close the loop of this thread, which is about to end."""
    runner = getattr(_own, "runner", None)
    if runner is not None:
        del _own.runner
        runner.close()
