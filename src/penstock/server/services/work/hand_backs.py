"""Claims that come to nothing: handed back by their worker, or taken back where it does nothing."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, or_, select

from penstock.core.errors import StaleAttempt
from penstock.core.state_type import StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs
from penstock.server.rules.claims import decide_hand_back, decide_overdue
from penstock.server.services.crashes import let_go
from penstock.server.services.flow_run_rows import enter, facts_of, row_to_change
from penstock.wire.deploying.workers import HandBack
from penstock.wire.flow_runs import Verdict

MOST_AT_ONCE = 500
"""The most runs that one look takes back."""


def hand_back(request: HandBack, context: Context) -> Verdict:
    """Take a run back that a worker has claimed and not started: it is due again, at once or later.

    Raises:
        ObjectNotFound: there is no such flow run.
        StaleAttempt: the attempt is no longer the live one.
        InvalidRequest: the delay makes no sense.
    """
    row = row_to_change(request.id, context)
    facts = facts_of(row, context.now())
    due = facts.now + timedelta(seconds=bounds.check_delay(request.delay_seconds))
    said = bounds.cut(request.reason, bounds.NAME_LIMIT) if request.reason else "it could not start it"
    ruling = decide_hand_back(facts, request.attempt, f"Its worker handed it back: {said}.", due)
    if ruling.stale:
        raise StaleAttempt(f"Flow run {request.id} is not this worker's to hand back. {ruling.reason}")
    if ruling.enters:
        enter(row, ruling, {}, context)
    return Verdict(ruling.decision, ruling.state, ruling.attempt, ruling.reason)


def take_back_overdue(context: Context) -> int:
    """Take back the claims whose workers live and do not start them, and end what is not cancelled in time; return how many."""
    waits_too_long = (StateType.PENDING.value, StateType.CANCELLING.value)
    overdue = and_(
        flow_runs.c.workspace_id == context.workspace_id,
        flow_runs.c.lease_expires.is_not(None),
        flow_runs.c.deployment_id.is_not(None),
        or_(*(flow_runs.c.state_type == kind for kind in waits_too_long)),
        flow_runs.c.due < context.now(),
    )
    statement = (
        select(flow_runs).where(overdue).order_by(flow_runs.c.id).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)
    )
    taken = 0
    for row in context.connection.execute(statement).mappings().all():
        ruling = decide_overdue(facts_of(row, context.now()))
        if ruling is not None:
            let_go(row, ruling, context)
            taken += 1
    return taken
