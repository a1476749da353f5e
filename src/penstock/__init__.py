"""Penstock: a workflow orchestrator for Python."""
# ruff: noqa: I002 - `from __future__ import annotations` would take the name of the module `annotations`

from typing import TYPE_CHECKING, Any

from penstock.core.version import __version__ as __version__

if TYPE_CHECKING:
    from penstock import runtime as runtime
    from penstock.client.clients import get_client as get_client
    from penstock.context import tags as tags
    from penstock.core.annotations import allow_failure as allow_failure
    from penstock.core.annotations import quote as quote
    from penstock.core.annotations import unmapped as unmapped
    from penstock.core.state import State as State
    from penstock.deployments.runner import deploy as deploy
    from penstock.flow_runs import pause_flow_run as pause_flow_run
    from penstock.flow_runs import resume_flow_run as resume_flow_run
    from penstock.flow_runs import suspend_flow_run as suspend_flow_run
    from penstock.flows import Flow as Flow
    from penstock.flows import flow as flow
    from penstock.logging import get_run_logger as get_run_logger
    from penstock.runner.runner import aserve as aserve
    from penstock.runner.runner import serve as serve
    from penstock.tasks import Task as Task
    from penstock.tasks import task as task
    from penstock.transactions import Transaction as Transaction

__all__ = [
    "Flow",
    "State",
    "Task",
    "Transaction",
    "__version__",
    "allow_failure",
    "aserve",
    "deploy",
    "flow",
    "get_client",
    "get_run_logger",
    "pause_flow_run",
    "quote",
    "resume_flow_run",
    "runtime",
    "serve",
    "suspend_flow_run",
    "tags",
    "task",
    "unmapped",
]

# Loaded when they are first asked for, so that a program pays only for what it uses.
_PLACES = {
    "Flow": "penstock.flows",
    "State": "penstock.core.state",
    "Task": "penstock.tasks",
    "Transaction": "penstock.transactions",
    "allow_failure": "penstock.core.annotations",
    "aserve": "penstock.runner.runner",
    "deploy": "penstock.deployments.runner",
    "flow": "penstock.flows",
    "get_client": "penstock.client.clients",
    "get_run_logger": "penstock.logging",
    "pause_flow_run": "penstock.flow_runs",
    "quote": "penstock.core.annotations",
    "resume_flow_run": "penstock.flow_runs",
    "serve": "penstock.runner.runner",
    "suspend_flow_run": "penstock.flow_runs",
    "tags": "penstock.context",
    "task": "penstock.tasks",
    "unmapped": "penstock.core.annotations",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _PLACES:
        value = globals()[name] = getattr(import_module(_PLACES[name]), name)
        return value
    place = f"penstock.{name}"
    try:
        if not name.startswith("_"):
            # So that `import penstock` is enough to write `penstock.states.Completed()`.
            return import_module(place)
    except ModuleNotFoundError as error:
        if error.name != place:
            raise
    raise AttributeError(f"module 'penstock' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
