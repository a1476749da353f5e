"""The deletion of a deployment: what it said, its schedules, its backfills, and the runs that wait for nobody any more."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Table, delete, select

from penstock.core.errors import ObjectLimitReached
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import (
    backfills,
    deployment_schedules,
    deployment_versions,
    deployments,
    flow_runs,
)
from penstock.server.services.bulk import audit
from penstock.server.services.deletion.never_begun import delete_never_begun
from penstock.server.services.deployments import schedule_rows
from penstock.server.services.deployments.rows import read_row
from penstock.server.services.deployments.telling import tell_change
from penstock.wire.requests import ById, Done

WAITING_RUNS_LIMIT = 5_000
"""The most waiting runs that are deleted with a deployment."""


def delete_deployment(request: ById, context: Context) -> Done:
    """Delete a deployment with its versions, schedules and backfills, and those of its runs that have not begun.

    Runs that have begun or ended stay, and go on naming it.

    Raises:
        ObjectNotFound: there is no such deployment.
        ObjectLimitReached: more of its runs wait than are deleted at once.
    """
    row = read_row(request.id, context, to_change=True)
    schedule_rows.locked(request.id, context)
    waiting = _waiting_runs(request.id, context)
    if len(waiting) > WAITING_RUNS_LIMIT:
        raise ObjectLimitReached(
            f"More than {WAITING_RUNS_LIMIT:,} runs of deployment {row['flow_name']}/{row['name']} wait. Pause "
            "it and cancel or delete "
            "them first, a part at a time."
        )
    affected = delete_never_begun(waiting, context)
    for table in (deployment_versions, deployment_schedules, backfills):
        _delete_of(table, request.id, context)
    its = deployments.c.workspace_id == context.workspace_id, deployments.c.id == request.id
    context.connection.execute(delete(deployments).where(*its))
    tell_change("deleted", row, {"waiting_runs": affected}, context)
    details = {"id": request.id, "deployment": f"{row['flow_name']}/{row['name']}", "waiting_runs": affected}
    audit.record("deployments.delete", 1, details, context)
    return Done()


def _waiting_runs(deployment_id: UUID, context: Context) -> list[UUID]:
    statement = (
        select(flow_runs.c.id)
        .where(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.deployment_id == deployment_id,
            flow_runs.c.state_type == StateType.SCHEDULED.value,
            flow_runs.c.lease_expires.is_(None),
            flow_runs.c.run_count == 0,
        )
        .order_by(flow_runs.c.id)
        .limit(WAITING_RUNS_LIMIT + 1)
        .with_for_update()
    )
    return list(context.connection.execute(statement).scalars())


def _delete_of(table: Table, deployment_id: UUID, context: Context) -> None:
    its = table.c.workspace_id == context.workspace_id, table.c.deployment_id == deployment_id
    context.connection.execute(delete(table).where(*its))
