"""Retention: what has been kept long enough is deleted, a bounded number of rows at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from penstock.core.ids import first_uuid7
from penstock.server.context import Context
from penstock.server.database.tables import audit, events, flow_run_tags, flow_runs, logs, task_runs, workers
from penstock.server.rules.retention import Due
from penstock.server.services.deletion import parts
from penstock.server.services.deletion.budget import Budget, delete_tags
from penstock.server.services.work.liveness import FORGOTTEN_AFTER

_RUNS_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Purged:
    """What was deleted.

    Attributes:
        flow_runs: that are gone with all that belonged to them.
        rows: of every kind, tags left out.
    """

    flow_runs: int
    rows: int


def purge(due: Due, limit: int, context: Context) -> Purged:
    """Delete rows that are past their time, the oldest first; before them, what is left of flow runs that are being deleted.

    A flow run is deleted after its task runs and log lines, which may take several calls. Runs that others are changing
    at this moment are left for the next call.

    Parameters:
        due: what is past its time.
        limit: the most rows; fewer were deleted only where there are no more.
        context: of the write.
    """
    budget = Budget(limit, context)
    budget.take(parts.go_on(limit, context))
    gone = 0 if due.flow_runs is None else _purge_flow_runs(due.flow_runs, budget, context)
    if due.task_runs is not None:
        alone = task_runs.c.flow_run_id.is_(None), task_runs.c.end_time < due.task_runs
        budget.spend_on_task_runs(*alone, order=task_runs.c.end_time)
    if due.logs is not None:
        budget.spend(logs.c.id, logs.c.timestamp < due.logs, order=logs.c.timestamp)
    if due.events is not None:
        budget.spend(events.c.position, events.c.occurred < due.events, order=events.c.occurred)
    if due.audit is not None:
        # Their ids are made by servers, in the order of time.
        budget.spend(audit.c.id, audit.c.id < first_uuid7(due.audit), order=audit.c.id)
    silent = workers.c.last_heartbeat < context.now() - FORGOTTEN_AFTER
    budget.spend(workers.c.id, silent, order=workers.c.last_heartbeat)
    return Purged(gone, budget.spent)


def _purge_flow_runs(before: datetime, budget: Budget, context: Context) -> int:
    oldest = (
        select(flow_runs.c.id)
        .where(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.end_time < before,
            # Its end is by the clock of its process, which may be wrong by years; this is by the database's.
            flow_runs.c.created < before,
        )
        .order_by(flow_runs.c.end_time, flow_runs.c.id)
        .limit(min(_RUNS_AT_ONCE, budget.left))
        .with_for_update(skip_locked=True)
    )
    ids = list(context.connection.execute(oldest).scalars())
    if not ids:
        return 0
    budget.spend(logs.c.id, logs.c.flow_run_id.in_(ids))
    budget.spend_on_task_runs(task_runs.c.flow_run_id.in_(ids))
    budget.spend_on_pauses(ids)
    if budget.left <= 0:
        return 0
    ids = ids[: budget.left]
    delete_tags(flow_run_tags.c.flow_run_id, ids, context)
    return len(budget.spend(flow_runs.c.id, flow_runs.c.id.in_(ids)))
