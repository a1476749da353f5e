"""How long what has ended is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long each kind of thing is kept, in days; 0 for ever.

    Attributes:
        flow_runs_days: after its end, a flow run with all that belongs to it.
        task_runs_days: after its end, a task run outside of flows.
        logs_days: after it was logged, a line.
        events_days: after it occurred, an event.
        audit_days: after it was done, what the audit says of it.
    """

    flow_runs_days: float = 90.0
    task_runs_days: float = 90.0
    logs_days: float = 90.0
    events_days: float = 90.0
    audit_days: float = 365.0


@dataclass(frozen=True, slots=True)
class Due:
    """Before when things are past their time; None where they are kept for ever.

    Attributes:
        flow_runs: those that ended before.
        task_runs: those outside of flows that ended before.
        logs: lines that were logged before.
        events: those that occurred before.
        audit: lines of what was done before.
    """

    flow_runs: datetime | None
    task_runs: datetime | None
    logs: datetime | None
    events: datetime | None
    audit: datetime | None


def due(keeping: Keeping, now: datetime) -> Due:
    """Return what is past its time at the instant `now`."""
    return Due(
        _before(keeping.flow_runs_days, now),
        _before(keeping.task_runs_days, now),
        _before(keeping.logs_days, now),
        _before(keeping.events_days, now),
        _before(keeping.audit_days, now),
    )


def _before(days: float, now: datetime) -> datetime | None:
    if not days:
        return None
    try:
        return now - timedelta(days=days)
    except OverflowError:  # longer than there is a calendar for
        return None
