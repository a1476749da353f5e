"""What is known of the task run that runs here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.context import TaskRunContext
from penstock.runtime.mocked import mocked

__all__ = ["id", "name", "parameters", "run_count", "tags", "task_name"]

_READERS: dict[str, tuple[Callable[[TaskRunContext], Any], Any]] = {
    "id": (lambda context: str(context.task_run.id), None),
    "name": (lambda context: context.task_run.name, None),
    "parameters": (lambda context: dict(context.parameters), {}),
    "run_count": (lambda context: context.task_run.run_count, 0),
    "tags": (lambda context: list(context.task_run.tags), []),
    "task_name": (lambda context: context.task.name, None),
}


def __getattr__(attribute: str) -> Any:
    if attribute not in _READERS:
        raise AttributeError(f"penstock.runtime.task_run has no attribute {attribute!r}; it has {', '.join(__all__)}.")
    read, empty = _READERS[attribute]
    context = TaskRunContext.get()
    return mocked("TASK_RUN", attribute, empty) if context is None else read(context)


def __dir__() -> list[str]:
    return sorted(__all__)
