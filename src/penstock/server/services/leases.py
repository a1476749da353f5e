"""Leases: kept up by living processes, and listed for whoever finds out which of them are dead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import cast, literal_column, null, select, union_all, update

from penstock.core.state_type import StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, task_runs
from penstock.server.services import presence
from penstock.wire.requests import LeaseClaim, LeasesRenewed, RenewLeases

_CLAIMS_PER_STATEMENT = 400
MOST_LEASES_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class HeldRun:
    """A run that some process holds.

    Attributes:
        id: the run's.
        owner: the process.
        is_flow_run: whether it is a flow run; else it is a task run outside of flows.
        attempt: of the flow run.
        expires: when the lease ends unless it is renewed; None for a task run, which has none.
    """

    id: UUID
    owner: str
    is_flow_run: bool
    attempt: int
    expires: datetime | None


def renew(request: RenewLeases, context: Context) -> LeasesRenewed:
    """Let the leases of a living process last longer; return those it no longer has, and what it is to cancel.

    Raises:
        ObjectLimitReached: these are too many claims for one request.
        InvalidRequest: no lease lasts so long.
    """
    bounds.check_count(request.claims, bounds.BATCH_LIMIT, "claims")
    expires = context.now() + timedelta(seconds=bounds.check_lease(request.lease_seconds))
    if request.alone:
        presence.note(request.owner, context)
    live: dict[tuple[UUID, int], bool] = {}
    claims = sorted(request.claims, key=lambda claim: claim.flow_run_id)  # locked in the order that all lock in
    for first in range(0, len(claims), _CLAIMS_PER_STATEMENT):
        live |= _renewed(claims[first : first + _CLAIMS_PER_STATEMENT], request.owner, expires, context)
    by_key = {(claim.flow_run_id, claim.attempt): claim for claim in request.claims}
    return LeasesRenewed(
        [claim for claim in request.claims if (claim.flow_run_id, claim.attempt) not in live],
        [claim for key, claim in by_key.items() if live.get(key)],
    )


def _renewed(claims: list[LeaseClaim], owner: str, expires: datetime, context: Context) -> dict[tuple[UUID, int], bool]:
    """Renew what is live; return for each whether it is being cancelled."""
    live = (
        flow_runs.c.workspace_id == context.workspace_id,
        flow_runs.c.id.in_([claim.flow_run_id for claim in claims]),
        flow_runs.c.lease_owner == owner,
        flow_runs.c.lease_expires.is_not(None),
    )
    columns = flow_runs.c.id, flow_runs.c.attempt, flow_runs.c.state_type
    to_renew = select(*columns).where(*live).order_by(flow_runs.c.id).with_for_update()
    found = context.connection.execute(to_renew).all()
    context.connection.execute(update(flow_runs).where(*live).values(lease_expires=expires))
    return {(row.id, row.attempt): row.state_type == StateType.CANCELLING.value for row in found}


def held_runs(context: Context) -> list[HeldRun]:
    """Return the runs that processes hold, at most `MOST_LEASES_LISTED`: one query of two partial indexes."""
    flow_part = select(
        flow_runs.c.id,
        flow_runs.c.lease_owner.label("owner"),
        literal_column("1").label("is_flow_run"),
        flow_runs.c.attempt,
        flow_runs.c.lease_expires.label("expires"),
    ).where(flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.lease_expires.is_not(None))
    task_part = select(
        task_runs.c.id,
        task_runs.c.owner,
        literal_column("0"),
        task_runs.c.flow_run_attempt,
        cast(null(), flow_runs.c.lease_expires.type),
    ).where(task_runs.c.workspace_id == context.workspace_id, task_runs.c.owner.is_not(None))
    rows = context.connection.execute(union_all(flow_part, task_part).limit(MOST_LEASES_LISTED)).all()
    return [HeldRun(row.id, row.owner, bool(row.is_flow_run), row.attempt, row.expires) for row in rows]
