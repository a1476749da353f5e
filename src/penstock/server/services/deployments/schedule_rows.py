"""The schedules of a deployment as rows: kept in step with what it says, so that no change makes the past happen again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select, update

from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import deployment_schedules, flow_runs
from penstock.server.rules.schedule_changes import Standing, place_after_change
from penstock.server.rules.schedule_keys import instant_of
from penstock.server.services.deletion.never_begun import delete_never_begun
from penstock.wire.deploying.deployments import DeploymentSpec

ScheduleRow = Mapping[Any, Any]

_COLUMNS = deployment_schedules.c
_UPDATE = update(deployment_schedules).where(
    _COLUMNS.workspace_id == bindparam("its_workspace"), _COLUMNS.id == bindparam("its_id")
)


def locked(deployment_id: UUID, context: Context) -> list[ScheduleRow]:
    """Return the rows of a deployment's schedules, kept from others until the transaction ends.

    While they are, no scheduler makes runs of them.
    """
    statement = (
        select(deployment_schedules)
        .where(_COLUMNS.workspace_id == context.workspace_id, _COLUMNS.deployment_id == deployment_id)
        .order_by(_COLUMNS.id)
        .with_for_update()
    )
    return list(context.connection.execute(statement).mappings())


def follow(deployment_id: UUID, spec: DeploymentSpec, context: Context) -> None:
    """Bring the schedules of a deployment in step with what it says now.

    Runs that were made ahead and have not begun are taken back: schedulers make them anew, as they are to be now.

    Parameters:
        deployment_id: the deployment.
        spec: what it says.
        context: of the transaction that changes it.
    """
    now = context.now()
    present = {row["slug"]: row for row in locked(deployment_id, context)}
    earliest = take_back([row["id"] for row in present.values()], now, context)
    new, kept = [], []
    for one in spec.schedules:
        active = one.active and not spec.paused
        row = present.pop(one.slug, None)
        place = now
        if row is not None:
            standing = Standing(
                was_active=row["active"],
                is_active=active,
                same_instants=row["spec"] is not None and row["spec"].schedule == one.schedule,
                scheduled_until=row["scheduled_until"],
                earliest_taken_back=earliest.get(row["id"]),
            )
            place = place_after_change(standing, now)
        values = {
            "spec": one,
            "active": active,
            "scheduled_until": place,
            "look_at": now if active else None,
            "problem": None,
        }
        if row is None:
            new.append(
                values
                | {
                    "workspace_id": context.workspace_id,
                    "id": uuid7(),
                    "deployment_id": deployment_id,
                    "slug": one.slug,
                    "created": now,
                }
            )
        else:
            kept.append(values | {"its_workspace": context.workspace_id, "its_id": row["id"]})
    if new:
        context.connection.execute(insert(deployment_schedules), new)
    if kept:
        context.connection.execute(_UPDATE, kept)
    if present:
        gone = [row["id"] for row in present.values()]
        context.connection.execute(
            delete(deployment_schedules).where(_COLUMNS.workspace_id == context.workspace_id, _COLUMNS.id.in_(gone))
        )


def take_back(schedule_ids: Sequence[UUID], now: datetime, context: Context) -> dict[UUID, datetime]:
    """Delete the runs that were made ahead for schedules, are yet to come, and that nobody has claimed.

    Parameters:
        schedule_ids: of these schedules.
        now: the present instant.
        context: of the transaction.

    Returns:
        For each schedule of which there were some, the first instant that has no run any more.
    """
    if not schedule_ids:
        return {}
    statement = (
        select(flow_runs.c.id, flow_runs.c.schedule_id, flow_runs.c.idempotency_key, flow_runs.c.expected_start)
        .where(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.schedule_id.in_(schedule_ids),
            flow_runs.c.expected_start > now,
            flow_runs.c.state_type == StateType.SCHEDULED.value,
            flow_runs.c.lease_expires.is_(None),
            flow_runs.c.run_count == 0,
        )
        .order_by(flow_runs.c.id)
        .with_for_update()
    )
    earliest: dict[UUID, datetime] = {}
    ids = []
    for row in context.connection.execute(statement):
        instant = instant_of(row.idempotency_key) or row.expected_start
        earliest[row.schedule_id] = min(instant, earliest.get(row.schedule_id, instant))
        ids.append(row.id)
    delete_never_begun(ids, context)
    return earliest
