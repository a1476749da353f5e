"""A deployment as rows: read, and made into what is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.server.context import Context
from penstock.server.database.tables import deployment_schedules, deployments
from penstock.wire.deploying.deployment_schedules import DeploymentSchedule
from penstock.wire.deploying.deployments import Deployment, DeploymentSpec

DeploymentRow = Mapping[Any, Any]

_UNREADABLE = "What this deployment says can't be read. Deploy it again, or take an earlier version back."


def read_row(deployment_id: UUID, context: Context, *, to_change: bool = False) -> DeploymentRow:
    """Return the row of a deployment.

    Parameters:
        deployment_id: which.
        context: of the request.
        to_change: keep it from others until the transaction ends.

    Raises:
        ObjectNotFound: there is none.
    """
    its = deployments.c.workspace_id == context.workspace_id, deployments.c.id == deployment_id
    statement = select(deployments).where(*its)
    row = context.connection.execute(statement.with_for_update() if to_change else statement).mappings().first()
    if row is None:
        raise ObjectNotFound(f"There is no deployment {deployment_id}. It may have been deleted.")
    return row


def kept_row(deployment_id: UUID, context: Context) -> DeploymentRow:
    """Return the row of a deployment that is about to run, which nobody can delete until the transaction ends.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: what it says was spoilt.
    """
    its = deployments.c.workspace_id == context.workspace_id, deployments.c.id == deployment_id
    statement = select(deployments).where(*its).with_for_update(read=True, key_share=True)
    row = context.connection.execute(statement).mappings().first()
    if row is None:
        raise ObjectNotFound(f"There is no deployment {deployment_id}. It may have been deleted.")
    if row["spec"] is None:
        raise unreadable(row)
    return row


def unreadable(row: DeploymentRow) -> InvalidRequest:
    """Return the error for a deployment of which what it says was spoilt."""
    return InvalidRequest(
        f"What deployment {row['flow_name']}/{row['name']} says can't be read. Deploy it again, or take an earlier "
        "version back."
    )


def find_by_name(flow_name: str, name: str, context: Context, *, to_change: bool = False) -> DeploymentRow | None:
    """Return the row of the deployment with these names; None if there is none."""
    statement = select(deployments).where(
        deployments.c.workspace_id == context.workspace_id,
        deployments.c.flow_name == flow_name,
        deployments.c.name == name,
    )
    return context.connection.execute(statement.with_for_update() if to_change else statement).mappings().first()


def spec_of(row: DeploymentRow) -> DeploymentSpec:
    """Return what a deployment says; where that was spoilt, what is known of it otherwise, resting."""
    spec = row["spec"]
    if isinstance(spec, DeploymentSpec):
        return spec
    return DeploymentSpec(
        row["flow_name"],
        row["name"],
        description=_UNREADABLE,
        tags=row["tags"] or [],
        work_pool_name=row["work_pool_name"],
        work_queue_name=row["work_queue_name"],
        paused=True,
    )


def deployments_of(rows: Sequence[DeploymentRow], context: Context) -> list[Deployment]:
    """Return the deployments in `rows`, each with its schedules: one query for all of these."""
    schedules = _schedules_of([row["id"] for row in rows], context)
    return [_deployment_of(row, schedules.get(row["id"], {})) for row in rows]


def deployment_of(row: DeploymentRow, context: Context) -> Deployment:
    """Return the deployment in `row`, with its schedules."""
    return deployments_of([row], context)[0]


def _deployment_of(row: DeploymentRow, schedules: dict[str, DeploymentSchedule]) -> Deployment:
    spec = spec_of(row)
    in_order = [schedules[one.slug] for one in spec.schedules if one.slug in schedules]
    return Deployment(
        id=row["id"],
        flow_id=row["flow_id"],
        spec=spec,
        version_number=row["version_number"],
        newest_version=row["newest_version"],
        created=row["created"],
        updated=row["updated"],
        schedules=in_order,
        last_polled=row["last_polled"],
    )


def _schedules_of(deployment_ids: list[UUID], context: Context) -> dict[UUID, dict[str, DeploymentSchedule]]:
    if not deployment_ids:
        return {}
    statement = select(deployment_schedules).where(
        deployment_schedules.c.workspace_id == context.workspace_id,
        deployment_schedules.c.deployment_id.in_(deployment_ids),
    )
    found: dict[UUID, dict[str, DeploymentSchedule]] = {}
    for row in context.connection.execute(statement):
        if row.spec is None:
            continue
        found.setdefault(row.deployment_id, {})[row.slug] = DeploymentSchedule(
            row.id, row.deployment_id, row.slug, row.spec, row.scheduled_until, row.problem
        )
    return found
