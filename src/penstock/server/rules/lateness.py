"""When a run that has not begun is Late."""

from __future__ import annotations

from datetime import datetime, timedelta

from penstock.core.state_type import StateType
from penstock.server.rules.flow_run_life import Facts, Ruling
from penstock.wire.flow_runs import Decision
from penstock.wire.states import StateRecord

LATE = "Late"


def decide_late(facts: Facts, patience: timedelta) -> Ruling | datetime | None:
    """Return what becomes of a run that waits to be started.

    Parameters:
        facts: what is known of it.
        patience: for how long after the time it is scheduled for it may wait.

    Returns:
        The ruling that calls it Late, which changes nothing else; an instant, where it is not late before that; None where it
        does not wait any more.
    """
    state = facts.state
    if state.type is not StateType.SCHEDULED or state.name == LATE or facts.leased or state.scheduled_time is None:
        return None
    late_at = state.scheduled_time + patience
    if late_at > facts.now:
        return late_at
    message = f"It was to start at {state.scheduled_time.isoformat(timespec='seconds')}, and nobody has started it."
    late = StateRecord(StateType.SCHEDULED, LATE, facts.now, message, state.scheduled_time)
    return Ruling(Decision.ACCEPT, late, facts.attempt, enters=True)
