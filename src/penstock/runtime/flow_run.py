"""What is known of the flow run that runs here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.context import FlowRunContext
from penstock.runtime.mocked import mocked

__all__ = [
    "attempt",
    "flow_name",
    "flow_version",
    "id",
    "name",
    "parameters",
    "parent_flow_run_id",
    "parent_task_run_id",
    "root_flow_run_id",
    "run_count",
    "scheduled_start_time",
    "tags",
]

_READERS: dict[str, tuple[Callable[[FlowRunContext], Any], Any]] = {
    "attempt": (lambda context: context.attempt, 0),
    "flow_name": (lambda context: context.flow_run.flow_name, None),
    "flow_version": (lambda context: context.flow_run.flow_version, None),
    "id": (lambda context: str(context.flow_run.id), None),
    "name": (lambda context: context.flow_run.name, None),
    "parameters": (lambda context: dict(context.parameters), {}),
    "parent_flow_run_id": (lambda context: _text(context.flow_run.parent_flow_run_id), None),
    "parent_task_run_id": (lambda context: _text(context.flow_run.parent_task_run_id), None),
    "root_flow_run_id": (lambda context: _text(context.flow_run.root_flow_run_id), None),
    "run_count": (lambda context: context.flow_run.run_count, 0),
    "scheduled_start_time": (lambda context: context.flow_run.expected_start_time, None),
    "tags": (lambda context: list(context.flow_run.tags), []),
}


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def __getattr__(attribute: str) -> Any:
    if attribute not in _READERS:
        raise AttributeError(f"penstock.runtime.flow_run has no attribute {attribute!r}; it has {', '.join(__all__)}.")
    read, empty = _READERS[attribute]
    context = FlowRunContext.get()
    return mocked("FLOW_RUN", attribute, empty) if context is None else read(context)


def __dir__() -> list[str]:
    return sorted(__all__)
