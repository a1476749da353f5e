"""How many runs go on: counted from live leases, whenever it is asked."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from penstock.server.context import Context
from penstock.server.database.tables import flow_runs


def of_queues(pool_names: Collection[str], context: Context) -> dict[tuple[str, str], int]:
    """Return how many runs of each queue of these pools go on, by the names of pool and queue."""
    if not pool_names:
        return {}
    pool, queue = flow_runs.c.work_pool_name, flow_runs.c.work_queue_name
    counted = (
        select(pool, queue, func.count())
        .where(_live(pool.is_not(None), context), pool.in_(pool_names))
        .group_by(pool, queue)
    )
    return {(row[0], row[1]): row[2] for row in context.connection.execute(counted)}


def of_deployments(deployment_ids: Collection[UUID], context: Context) -> dict[UUID, int]:
    """Return how many runs of each of these deployments go on."""
    if not deployment_ids:
        return {}
    deployment = flow_runs.c.deployment_id
    counted = (
        select(deployment, func.count())
        .where(_live(deployment.is_not(None), context), deployment.in_(deployment_ids))
        .group_by(deployment)
    )
    return {row[0]: row[1] for row in context.connection.execute(counted)}


def _live(condition: ColumnElement[bool], context: Context) -> ColumnElement[bool]:
    # The condition is true anyway; spelled as the partial index has it, so that the planner sees that it may use it.
    return and_(flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.lease_expires.is_not(None), condition)
