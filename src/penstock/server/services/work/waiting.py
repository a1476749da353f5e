"""Runs that wait for a worker: the conditions by which they are found, spelled as their indexes have them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, literal_column, select

from penstock.server.context import Context
from penstock.server.database.tables import flow_runs

LATE = "Late"
"""The name of the state of a run that is due, and that nobody has taken up for a while."""

# A value that is bound later would hide from the planner that a partial index may be used.
IS_SCHEDULED = flow_runs.c.state_type == literal_column("'SCHEDULED'")


def in_queue(pool_name: Any, queue_name: Any, context: Context) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a run waits in a queue, which values or columns name."""
    return (
        flow_runs.c.workspace_id == context.workspace_id,
        flow_runs.c.work_pool_name == pool_name,
        flow_runs.c.work_queue_name == queue_name,
        IS_SCHEDULED,
        flow_runs.c.work_pool_name.is_not(None),
    )


def of_deployment(deployment_id: Any, context: Context) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a run of a deployment, which a value or a column names, waits for a process that serves it."""
    return (
        flow_runs.c.workspace_id == context.workspace_id,
        flow_runs.c.deployment_id == deployment_id,
        IS_SCHEDULED,
        flow_runs.c.deployment_id.is_not(None),
        flow_runs.c.work_pool_name.is_(None),
    )


def first_due(*conditions: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Return the earliest instant at which one of the runs that meet the conditions is due, as a value of a query."""
    some = select(flow_runs.c.due).where(*conditions, flow_runs.c.due.is_not(None))
    return some.order_by(flow_runs.c.due).limit(1).scalar_subquery()
