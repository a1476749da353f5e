"""Leases: kept up by living processes, and listed in pages for whoever finds out which of them are dead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, literal_column, select, tuple_, update

from penstock.core.state_type import StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, task_runs
from penstock.server.services import presence
from penstock.wire.flow_runs import SUSPENDED
from penstock.wire.requests import LeaseClaim, LeasesRenewed, RenewLeases

_CLAIMS_PER_STATEMENT = 400

AFTER_THE_END = timedelta(hours=1)
"""For how long after the end of its run an attempt is listened to: what the process still has to say is taken."""

MOST_LEASES_COUNTED = 10_000


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


def fault_of(flow_run_id: UUID, attempt: int, context: Context) -> str | None:
    """Return why nothing more is taken from an attempt; None where it is the live one."""
    columns = flow_runs.c.attempt, flow_runs.c.lease_owner, flow_runs.c.end_time
    its = flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id == flow_run_id
    row = context.connection.execute(select(*columns).where(*its)).first()
    what = f"Attempt {attempt} of flow run {flow_run_id}"
    if row is None:
        return f"{what} is of a run that was deleted."
    if row.attempt != attempt:
        return f"{what} is no longer the live one: attempt {row.attempt} is."
    if row.lease_owner is None:
        return f"{what} was declared dead, or given back."
    if row.end_time is not None and row.end_time + AFTER_THE_END < context.now():
        return f"{what} has ended."
    return None


def renew(request: RenewLeases, context: Context) -> LeasesRenewed:
    """Let the leases of a living process last longer; return those it no longer has, and what it is to cancel.

    The process of an attempt that is no longer the live one has none, whatever it claims.

    Raises:
        ObjectLimitReached: these are too many claims for one request.
        InvalidRequest: no lease lasts so long.
    """
    bounds.check_count(request.claims, bounds.BATCH_LIMIT, "claims")
    expires = context.now() + timedelta(seconds=bounds.check_lease(request.lease_seconds))
    own = context.principal.attempt
    if own is not None and fault_of(own.flow_run_id, own.attempt, context) is not None:
        return LeasesRenewed(list(request.claims))
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
    attempts = {(claim.flow_run_id, claim.attempt) for claim in claims}
    live = (
        flow_runs.c.workspace_id == context.workspace_id,
        flow_runs.c.id.in_([claim.flow_run_id for claim in claims]),
        flow_runs.c.lease_owner == owner,
        flow_runs.c.lease_expires.is_not(None),
    )
    columns = flow_runs.c.id, flow_runs.c.attempt, flow_runs.c.state_type, flow_runs.c.state_name
    to_renew = select(*columns).where(*live).order_by(flow_runs.c.id).with_for_update()
    found = [row for row in context.connection.execute(to_renew) if (row.id, row.attempt) in attempts]
    renewed = flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id.in_([row.id for row in found])
    context.connection.execute(update(flow_runs).where(*renewed).values(lease_expires=expires))
    return {
        (row.id, row.attempt): row.state_type == StateType.CANCELLING.value
        for row in found
        if (row.state_type, row.state_name) != (StateType.PAUSED.value, SUSPENDED)  # its process is to let go of it
    }


def held_flow_runs(
    limit: int, context: Context, after: HeldRun | None = None, expired_before: datetime | None = None
) -> list[HeldRun]:
    """Return flow runs that processes hold, those first whose lease ends first.

    Parameters:
        limit: how many at most.
        context: of the question.
        after: the last one of the page before.
        expired_before: leave out those whose lease ends later.
    """
    columns = flow_runs.c.id, flow_runs.c.lease_owner, flow_runs.c.attempt, flow_runs.c.lease_expires
    statement = select(*columns).where(
        flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.lease_expires.is_not(None)
    )
    if after is not None:
        place = tuple_(flow_runs.c.lease_expires, flow_runs.c.id)
        # The first part is implied by the second; the index is ordered by it alone.
        statement = statement.where(flow_runs.c.lease_expires >= after.expires, place > (after.expires, after.id))
    if expired_before is not None:
        statement = statement.where(flow_runs.c.lease_expires < expired_before)
    rows = context.connection.execute(statement.order_by(flow_runs.c.lease_expires, flow_runs.c.id).limit(limit))
    return [HeldRun(row.id, row.lease_owner, True, row.attempt, row.lease_expires) for row in rows]


def held_task_runs(limit: int, context: Context, after: HeldRun | None = None) -> list[HeldRun]:
    """Return unfinished task runs outside of flows by their processes, with leases by what these said of themselves.

    Parameters:
        limit: how many at most.
        context: of the question.
        after: the last one of the page before.
    """
    statement = select(task_runs.c.id, task_runs.c.owner, task_runs.c.flow_run_attempt).where(
        task_runs.c.workspace_id == context.workspace_id, task_runs.c.owner.is_not(None)
    )
    if after is not None:
        place = tuple_(task_runs.c.owner, task_runs.c.id)
        statement = statement.where(task_runs.c.owner >= after.owner, place > (after.owner, after.id))
    rows = context.connection.execute(statement.order_by(task_runs.c.owner, task_runs.c.id).limit(limit))
    return presence.with_leases(
        [HeldRun(row.id, row.owner, False, row.flow_run_attempt, None) for row in rows], context
    )


def count_live(now: datetime, context: Context) -> int:
    """Return how many flow runs have a lease that has not ended; the count stops at `MOST_LEASES_COUNTED`."""
    live = (
        select(literal_column("1"))
        .select_from(flow_runs)
        .where(flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.lease_expires >= now)
        .limit(MOST_LEASES_COUNTED)
        .subquery()
    )
    return context.connection.execute(select(func.count()).select_from(live)).scalar() or 0


def shorten(later_than: datetime, to: datetime, limit: int, context: Context) -> int:
    """Have leases end at `to` that end later than `later_than`; return how many did, at most `limit`.

    For leases that were written before the clock was set back: their processes, if they live, renew them by the new time.
    """
    too_long = (
        select(flow_runs.c.id)
        .where(flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.lease_expires > later_than)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = list(context.connection.execute(too_long).scalars())
    for first in range(0, len(ids), _CLAIMS_PER_STATEMENT):
        part = ids[first : first + _CLAIMS_PER_STATEMENT]
        meant = flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id.in_(part)
        context.connection.execute(update(flow_runs).where(*meant).values(lease_expires=to))
    return len(ids)
