"""States that pass: nobody is Pending or Cancelling for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from penstock.core.state_type import StateType
from penstock.wire.states import StateRecord

PASSING_STATES = frozenset({StateType.PENDING, StateType.CANCELLING})
"""The states that a run may be in for so long only."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a run may be in a state that passes, in seconds; 0 for ever.

    Attributes:
        pending_seconds: Pending, while nobody holds it.
        cancelling_seconds: Cancelling, whoever holds it.
    """

    pending_seconds: float = 600.0
    cancelling_seconds: float = 120.0

    @property
    def longest(self) -> float:
        """The longer of the two."""
        return max(self.pending_seconds, self.cancelling_seconds)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run in a state that passes.

    Attributes:
        state_type: which.
        since: since when, by the database's clock.
        lease_owner: the process that holds it, or held it last.
        leased: whether it is held.
    """

    state_type: StateType
    since: datetime
    lease_owner: str | None
    leased: bool


def overdue_since(seconds: float, now: datetime) -> datetime | None:
    """Return since when a state has lasted too long that may last so many `seconds`; None where it may last for ever."""
    if not seconds:
        return None
    try:
        return now - timedelta(seconds=seconds)
    except OverflowError:  # longer than there is a calendar for
        return None


def decide(run: Waiting, limits: Limits, now: datetime) -> StateRecord | None:
    """Return the state that is to end `run`; None where it may go on waiting."""
    if run.state_type is StateType.PENDING:
        if run.leased or not _is_over(run, limits.pending_seconds, now):
            return None
        message = (
            f"It was Pending for {limits.pending_seconds:g} s, and no process started it. It can still be started."
        )
        return StateRecord(StateType.CRASHED, "Crashed", now, message)
    if run.state_type is not StateType.CANCELLING or not _is_over(run, limits.cancelling_seconds, now):
        return None
    took = f"within {limits.cancelling_seconds:g} s of being told to"
    message = f"It was to be cancelled, and nobody ended it {took}."
    if run.leased and run.lease_owner is not None:
        host, number = [*run.lease_owner.split(":"), "?"][:2]
        message = f"Its process, number {number} on {host}, did not end it {took}: nothing more is taken from it."
    return StateRecord(StateType.CANCELLED, "Cancelled", now, message)


def _is_over(run: Waiting, seconds: float, now: datetime) -> bool:
    since = overdue_since(seconds, now)
    return since is not None and run.since < since
