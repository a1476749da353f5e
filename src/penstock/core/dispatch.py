"""Whether the code that calls us is async, for the few methods that serve sync and async callers by one name."""

from __future__ import annotations

import sys
from contextvars import ContextVar

run_is_async: ContextVar[bool | None] = ContextVar("penstock_run_is_async", default=None)
"""Set by the engine while a user's function runs: whether that function is async."""


def in_async_code() -> bool:
    """Whether the caller is an async flow or task or, outside of runs, has an event loop running in its thread."""
    declared = run_is_async.get()
    if declared is not None:
        return declared
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None
