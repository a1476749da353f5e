"""The deletion of a deployment: what it said, its schedules, its backfills, and the runs that wait for nobody any more."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Table, delete, select

from penstock.core import clock
from penstock.core.errors import StorageBusy
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
from penstock.server.steps import Steps
from penstock.wire.requests import ById, Done

WAITING_RUNS_AT_ONCE = 500
"""How many waiting runs one transaction deletes: others who write wait for it."""

_LONGEST_REST_SECONDS = 0.05


def delete_deployment(request: ById, steps: Steps) -> Done:
    """Delete a deployment with its versions, schedules and backfills, and those of its runs that have not begun.

    Runs that have begun or ended stay, and go on naming it. Where many runs wait, they are deleted first, a part at a time:
    whoever looks meanwhile sees a deployment with fewer of them.

    Raises:
        ObjectNotFound: there is no such deployment.
        StorageBusy: so many runs wait that not all are deleted yet. To ask again goes on.
    """
    until = clock.current().monotonic() + steps.patience_seconds
    while True:
        began = clock.current().monotonic()
        left = steps.write(lambda context: _go_on(request.id, context))
        if left is None:
            return Done()
        now = clock.current().monotonic()
        if now >= until:
            raise StorageBusy(
                f"Deployment {left} is being deleted: so many of its runs wait that some still do. Ask again to go on."
            )
        clock.current().sleep(min(now - began, _LONGEST_REST_SECONDS))


def _go_on(deployment_id: UUID, context: Context) -> str | None:
    """Delete waiting runs of a deployment and, with the last of them, itself; return what it is called while it is there."""
    row = read_row(deployment_id, context, to_change=True)
    schedule_rows.locked(deployment_id, context)
    name = f"{row['flow_name']}/{row['name']}"
    waiting = _waiting_runs(deployment_id, context)
    is_last = len(waiting) <= WAITING_RUNS_AT_ONCE
    affected = delete_never_begun(waiting[:WAITING_RUNS_AT_ONCE], context)
    details = {"id": deployment_id, "deployment": name, "waiting_runs": affected, "is_done": is_last}
    if is_last:
        for table in (deployment_versions, deployment_schedules, backfills):
            _delete_of(table, deployment_id, context)
        its = deployments.c.workspace_id == context.workspace_id, deployments.c.id == deployment_id
        context.connection.execute(delete(deployments).where(*its))
        tell_change("deleted", row, {"waiting_runs": affected}, context)
    audit.record("deployments.delete", int(is_last), details, context)
    return None if is_last else name


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
        .limit(WAITING_RUNS_AT_ONCE + 1)
        .with_for_update()
    )
    return list(context.connection.execute(statement).scalars())


def _delete_of(table: Table, deployment_id: UUID, context: Context) -> None:
    its = table.c.workspace_id == context.workspace_id, table.c.deployment_id == deployment_id
    context.connection.execute(delete(table).where(*its))
