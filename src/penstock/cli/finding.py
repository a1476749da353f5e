"""Finding the run that is meant: by its id, the beginning of its id, or its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from penstock.cli.screen.words import local, one_line
from penstock.client import transport
from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.wire import operations
from penstock.wire.flow_runs import FlowRun, FlowRunFilter
from penstock.wire.operations import Operation
from penstock.wire.requests import ById, FlowRunQuery, TaskRunQuery
from penstock.wire.sorts import TaskRunSort
from penstock.wire.task_runs import TaskRun, TaskRunFilter

SHORTEST_PREFIX = 6
CANDIDATES = 4

_HEXADECIMAL = re.compile(r"[0-9a-f]{1,32}", re.IGNORECASE)


def find_flow_run(reference: str) -> FlowRun:
    """Return the flow run that `reference` means, with its whole history.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: it could mean several.
    """
    run_id = _whole_id(reference)
    if run_id is None:
        queries = [FlowRunQuery(FlowRunFilter(name=reference), limit=CANDIDATES)]
        if prefix := _prefix(reference):
            queries.append(FlowRunQuery(FlowRunFilter(id_prefix=prefix), limit=CANDIDATES))
        run_id = _only(reference, "flow run", operations.FLOW_RUNS_LIST, queries)
    return transport.call(operations.FLOW_RUNS_READ, ById(run_id))


def find_task_run(reference: str) -> TaskRun:
    """Return the task run that `reference` means.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: it could mean several.
    """
    run_id = _whole_id(reference)
    if run_id is None:
        queries = [TaskRunQuery(TaskRunFilter(name=reference), limit=CANDIDATES, sort=TaskRunSort.ID_DESC)]
        if prefix := _prefix(reference):
            queries.append(TaskRunQuery(TaskRunFilter(id_prefix=prefix), limit=CANDIDATES))
        run_id = _only(reference, "task run", operations.TASK_RUNS_LIST, queries)
    return transport.call(operations.TASK_RUNS_READ, ById(run_id))


def _whole_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None


def _prefix(reference: str) -> str | None:
    digits = reference.replace("-", "").lower()
    if len(digits) >= SHORTEST_PREFIX and _HEXADECIMAL.fullmatch(digits):
        return digits
    return None


def _only(reference: str, noun: str, operation: Operation[Any, Any], queries: Sequence[Any]) -> UUID:
    found = {run.id: run for query in queries for run in transport.call(operation, query).items}
    if not found:
        raise ObjectNotFound(f"There is no {noun} {reference!r}. {_hint(reference, noun)}")
    if len(found) > 1:
        raise InvalidRequest(f"{reference!r} could be {_names(list(found.values()))}. Give the id, or more of it.")
    return UUID(str(next(iter(found))))


def _hint(reference: str, noun: str) -> str:
    if len(reference) < SHORTEST_PREFIX and _HEXADECIMAL.fullmatch(reference):
        return f"To find it by the beginning of its id, give at least {SHORTEST_PREFIX} digits."
    return f"`penstock {noun.replace(' ', '-')} ls` lists them."


def _names(runs: Sequence[FlowRun | TaskRun]) -> str:
    shown = [f"{run.id} ({one_line(run.name)}, {local(run.state.timestamp)})" for run in runs[: CANDIDATES - 1]]
    if len(runs) >= CANDIDATES:
        return ", ".join([*shown, "or another"])
    return f"{', '.join(shown[:-1])} or {shown[-1]}"
