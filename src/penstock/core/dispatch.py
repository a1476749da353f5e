"""Whether the code that calls us is async, for the few methods that serve sync and async callers by one name."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from typing import Any

run_is_async: ContextVar[bool | None] = ContextVar("penstock_run_is_async", default=None)
"""Set by the engine while a user's function runs: whether that function is async."""


def in_async_code() -> bool:
    """Whether the caller is an async flow or task or, outside of runs, has an event loop running in its thread."""
    declared = run_is_async.get()
    if declared is not None:
        return declared
    return running_loop() is not None


def running_loop() -> Any:
    """Return the event loop that runs in this thread, or None."""
    # As long as another thread is still importing asyncio, it is there without its functions.
    ask = getattr(sys.modules.get("asyncio"), "_get_running_loop", None)
    return None if ask is None else ask()
