"""Retention: what has been kept long enough is deleted, a bounded number of rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, delete, select

from penstock.server.context import Context
from penstock.server.database.tables import events, flow_run_tags, flow_runs, logs, task_run_tags, task_runs
from penstock.server.rules.retention import Due

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
    """Delete rows that are past their time, the oldest first.

    A flow run is deleted after its task runs and log lines, which may take several calls. Runs that others are changing
    at this moment are left for the next call.

    Parameters:
        due: what is past its time.
        limit: the most rows; fewer were deleted only where there are no more.
        context: of the write.
    """
    budget = _Budget(limit, context)
    gone = 0 if due.flow_runs is None else _purge_flow_runs(due.flow_runs, budget, context)
    if due.task_runs is not None:
        alone = task_runs.c.flow_run_id.is_(None), task_runs.c.end_time < due.task_runs
        _purge_task_runs(budget, *alone, order=task_runs.c.end_time)
    if due.logs is not None:
        budget.spend(logs.c.id, logs.c.timestamp < due.logs, order=logs.c.timestamp)
    if due.events is not None:
        budget.spend(events.c.position, events.c.occurred < due.events, order=events.c.occurred)
    return Purged(gone, budget.spent)


def _purge_flow_runs(before: datetime, budget: _Budget, context: Context) -> int:
    oldest = (
        select(flow_runs.c.id)
        .where(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.end_time < before,
        )
        .order_by(flow_runs.c.end_time, flow_runs.c.id)
        .limit(min(_RUNS_AT_ONCE, budget.left))
        .with_for_update(skip_locked=True)
    )
    ids = list(context.connection.execute(oldest).scalars())
    if not ids:
        return 0
    budget.spend(logs.c.id, logs.c.flow_run_id.in_(ids))
    _purge_task_runs(budget, task_runs.c.flow_run_id.in_(ids))
    if not budget.left:
        return 0
    ids = ids[: budget.left]
    _delete_tags(flow_run_tags.c.flow_run_id, ids, context)
    return len(budget.spend(flow_runs.c.id, flow_runs.c.id.in_(ids)))


def _purge_task_runs(budget: _Budget, *condition: ColumnElement[bool], order: Column[Any] | None = None) -> None:
    budget.spend(
        task_runs.c.id,
        *condition,
        order=order,
        first=lambda ids: _delete_tags(task_run_tags.c.task_run_id, ids, budget.context),
    )


def _delete_tags(column: Column[UUID], ids: list[UUID], context: Context) -> None:
    table = column.table
    context.connection.execute(delete(table).where(table.c.workspace_id == context.workspace_id, column.in_(ids)))


class _Budget:
    """How many rows may still be deleted, and the deleting of them.

    Parameters:
        limit: how many there are to be at most.
        context: of the write.
    """

    def __init__(self, limit: int, context: Context) -> None:
        self.left = limit
        self.spent = 0
        self.context = context

    def spend(
        self,
        key: Column[Any],
        *condition: ColumnElement[bool],
        order: Column[Any] | None = None,
        first: Callable[[list[Any]], None] | None = None,
    ) -> list[Any]:
        """Delete rows, as many as may be; return their keys.

        Parameters:
            key: what tells the rows of the table apart.
            condition: which.
            order: which of them first.
            first: what else to delete before, by their keys.
        """
        table = key.table
        mine = table.c.workspace_id == self.context.workspace_id
        found = select(key).where(mine, *condition).order_by(*() if order is None else (order,)).limit(self.left)
        keys = list(self.context.connection.execute(found).scalars()) if self.left else []
        if not keys:
            return keys
        if first is not None:
            first(keys)
        self.context.connection.execute(delete(table).where(mine, key.in_(keys)))
        self.left -= len(keys)
        self.spent += len(keys)
        return keys
