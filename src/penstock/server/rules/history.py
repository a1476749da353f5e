"""What a run's history amounts to: how often and how long it ran, when it began and ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from penstock.core.state_type import StateType
from penstock.wire.states import StateRecord

HISTORY_LIMIT = 2_000
"""The most states of one run that are kept: the first half of them and the last."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a run's history amounts to.

    Attributes:
        run_count: how many times it entered Running.
        expected_start: when it was to start.
        start_time: when it first entered Running.
        end_time: when it ended.
        run_seconds: time spent in Running, up to the present state.
    """

    run_count: int = 0
    expected_start: datetime | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    run_seconds: float = 0.0

    def entering(self, state: StateRecord, present: StateRecord | None) -> Totals:
        """Return the totals once the run has gone from `present` to `state`."""
        runs = state.type is StateType.RUNNING
        run_seconds = self.run_seconds
        if present is not None and present.type is StateType.RUNNING:
            run_seconds += max(0.0, (state.timestamp - present.timestamp).total_seconds())
        return replace(
            self,
            run_count=self.run_count + runs,
            expected_start=self.expected_start or state.scheduled_time or state.timestamp,
            start_time=self.start_time or (state.timestamp if runs else None),
            end_time=state.timestamp if state.type.is_terminal else None,
            run_seconds=run_seconds,
        )


def totals_of(states: list[StateRecord]) -> Totals:
    """Return what `states`, oldest first, amount to."""
    totals, present = Totals(), None
    for state in states:
        totals = totals.entering(state, present)
        present = state
    return totals


def history_or(states: list[StateRecord] | None, kind: str, name: str, since: datetime) -> list[StateRecord]:
    """Return `states`; where they can't be read, one state that says so, of the type and name that are known otherwise."""
    return states or [StateRecord(StateType(kind), name, since, "The history of this run can't be read.")]


def bounded(states: list[StateRecord]) -> list[StateRecord]:
    """Return `states`, without the middle of a history that is too long."""
    if len(states) <= HISTORY_LIMIT:
        return states
    half = HISTORY_LIMIT // 2
    return states[:half] + states[-half:]
