"""Where submitted tasks run: in threads, or in processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.task_runners.process_pool import ProcessPoolTaskRunner as ProcessPoolTaskRunner
    from penstock.task_runners.task_runner import TaskRunner as TaskRunner
    from penstock.task_runners.thread_pool import ThreadPoolTaskRunner as ThreadPoolTaskRunner

__all__ = ["ConcurrentTaskRunner", "ProcessPoolTaskRunner", "TaskRunner", "ThreadPoolTaskRunner"]

_PLACES = {
    "TaskRunner": "penstock.task_runners.task_runner",
    "ThreadPoolTaskRunner": "penstock.task_runners.thread_pool",
    "ConcurrentTaskRunner": "penstock.task_runners.thread_pool",
    "ProcessPoolTaskRunner": "penstock.task_runners.process_pool",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)
