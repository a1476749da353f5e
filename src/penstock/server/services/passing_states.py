"""Runs that have been Pending or Cancelling for too long: listed in pages, and ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, tuple_

from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs
from penstock.server.rules.flow_run_life import Ruling
from penstock.server.rules.passing_states import Limits, Waiting, decide, overdue_since
from penstock.server.services.crashes import let_go
from penstock.wire.flow_runs import Decision


@dataclass(frozen=True, slots=True)
class OverdueRun:
    """A run that is Pending or Cancelling for too long.

    Attributes:
        id: the run's.
        since: since when it is.
    """

    id: UUID
    since: datetime


def overdue(
    limits: Limits, now: datetime, limit: int, context: Context, after: OverdueRun | None = None
) -> list[OverdueRun]:
    """Return runs that have waited too long, the longest first.

    Parameters:
        limits: how long is too long.
        now: the present instant, by the database's clock.
        limit: how many at most.
        context: of the question.
        after: the last one of the page before.
    """
    too_long: list[ColumnElement[bool]] = []
    since = overdue_since(limits.pending_seconds, now)
    if since is not None:
        pending = flow_runs.c.state_type == StateType.PENDING.value, flow_runs.c.lease_expires.is_(None)
        too_long.append(and_(*pending, flow_runs.c.waiting_since < since))
    since = overdue_since(limits.cancelling_seconds, now)
    if since is not None:
        # Those of deployments have workers, and a time of their own: see `work.hand_backs`.
        cancelling = flow_runs.c.state_type == StateType.CANCELLING.value, flow_runs.c.deployment_id.is_(None)
        too_long.append(and_(*cancelling, flow_runs.c.waiting_since < since))
    if not too_long:
        return []
    statement = select(flow_runs.c.id, flow_runs.c.waiting_since).where(
        flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.waiting_since < now, or_(*too_long)
    )
    if after is not None:
        place = tuple_(flow_runs.c.waiting_since, flow_runs.c.id)
        statement = statement.where(place > (after.since, after.id))
    rows = context.connection.execute(statement.order_by(flow_runs.c.waiting_since, flow_runs.c.id).limit(limit))
    return [OverdueRun(row.id, row.waiting_since) for row in rows]


def end(run: OverdueRun, limits: Limits, context: Context) -> bool:
    """End `run`, with the reason, if it still waits; whether it did.

    Its attempt is fenced by this: should a process hold it, nothing more is taken from that.

    Parameters:
        run: as it was listed.
        limits: how long is too long.
        context: of the write.
    """
    statement = (
        select(flow_runs)
        .where(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.id == run.id,
            flow_runs.c.waiting_since == run.since,
        )
        .with_for_update(skip_locked=True)
    )
    row = context.connection.execute(statement).mappings().first()
    if row is None:
        return False
    waiting = Waiting(
        StateType(row["state_type"]), row["waiting_since"], row["lease_owner"], row["lease_expires"] is not None
    )
    state = decide(waiting, limits, context.now())
    if state is None:
        return False
    let_go(row, Ruling(Decision.ACCEPT, state, row["attempt"], enters=True, fences=True), context)
    return True
