"""From where a flow run is retried: what it keeps of that for its next attempts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.core.names.calls import call_name
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, flows, task_runs
from penstock.server.services.flow_run_rows import FLOW_RUNS_WITH_FLOW, FlowRunRow
from penstock.wire.flow_runs import Anew
from penstock.wire.requests import RetryFlowRun, StartFlowRun

ANEW_LIMIT = 16
"""From how many task runs one flow run is retried at most, before a retry from the start makes them one."""

_DEEPEST = 1_000

_TASK_RUN = select(
    task_runs.c.id,
    task_runs.c.flow_run_id,
    task_runs.c.parent_task_run_id,
    task_runs.c.task_name,
    task_runs.c.cache_key,
)
_SUBFLOW = select(
    flow_runs.c.parent_flow_run_id, flow_runs.c.parent_task_run_id, flow_runs.c.idempotency_key, flows.c.name
).select_from(FLOW_RUNS_WITH_FLOW)


def anew_columns(
    row: FlowRunRow, request: RetryFlowRun | StartFlowRun, attempt: int, context: Context
) -> dict[str, list[Anew]]:
    """Return the column that says what is carried out anew, as `request` has it.

    Parameters:
        row: the run.
        request: from where it is to be carried out again: from the start or a task run.
        attempt: the first attempt whose results count for that.
        context: of the request.

    Raises:
        ObjectNotFound: there is no such task run.
        InvalidRequest: both is asked, the task run is not of this flow run, or there are too many already.
    """
    if request.from_task_run_id is None:
        return {"anew": [Anew(attempt)]}
    if request.from_start:
        raise InvalidRequest(
            "A flow run is carried out again from the start or from a task run, not both. Leave one out."
        )
    added = _from_task_run(row["id"], request.from_task_run_id, attempt, context)
    kept = [part for part in row["anew"] or () if part.call != added.call or part.callers != added.callers]
    if len(kept) >= ANEW_LIMIT:
        raise InvalidRequest(
            f"Flow run {row['id']} was retried from {len(kept)} task runs already, which is the most. Retry it from the start."
        )
    return {"anew": [*kept, added]}


def _from_task_run(flow_run_id: UUID, task_run_id: UUID, attempt: int, context: Context) -> Anew:
    task_run = _task_run(task_run_id, context)
    if task_run is None:
        raise ObjectNotFound(f"There is no task run {task_run_id}. It may have been deleted.")
    if task_run.flow_run_id == flow_run_id:
        chosen = call_name("task", task_run.task_name, task_run.cache_key)
        return Anew(attempt, chosen, _callers(task_run.parent_task_run_id, flow_run_id, context))
    called_id = task_run.flow_run_id
    for _ in range(_DEEPEST):
        called = None if called_id is None else _subflow(called_id, context)
        if called is None:
            break
        if called.parent_flow_run_id == flow_run_id:
            chosen = call_name("flow", called.name, called.idempotency_key)
            return Anew(attempt, chosen, _callers(called.parent_task_run_id, flow_run_id, context))
        called_id = called.parent_flow_run_id
    raise InvalidRequest(
        f"Task run {task_run_id} belongs neither to flow run {flow_run_id} nor to one that it called. Choose one that does: "
        f"penstock task-run ls --flow-run {flow_run_id}"
    )


def _callers(task_run_id: UUID | None, flow_run_id: UUID, context: Context) -> list[str]:
    """Return the names of the task runs that stand around a call, from the inside."""
    names: list[str] = []
    while task_run_id is not None and len(names) < _DEEPEST:
        caller = _task_run(task_run_id, context)
        if caller is None or caller.flow_run_id != flow_run_id:
            break
        names.append(call_name("task", caller.task_name, caller.cache_key))
        task_run_id = caller.parent_task_run_id
    return names


def _task_run(task_run_id: UUID, context: Context) -> Any:
    its = task_runs.c.workspace_id == context.workspace_id, task_runs.c.id == task_run_id
    return context.connection.execute(_TASK_RUN.where(*its)).first()


def _subflow(flow_run_id: UUID, context: Context) -> Any:
    its = flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id == flow_run_id
    return context.connection.execute(_SUBFLOW.where(*its)).first()
