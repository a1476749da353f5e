"""What a history amounts to."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.requests import NOON, state

from penstock.core.state_type import StateType
from penstock.server.rules.history import HISTORY_LIMIT, Totals, bounded, totals_of

_histories = st.lists(st.tuples(st.sampled_from(StateType), st.integers(0, 10**6)), min_size=1, max_size=12)


@given(_histories)
def test_totals_can_be_kept_step_by_step(steps: list[tuple[StateType, int]]) -> None:
    """Going from state to state gives what the whole history gives, and never counts time twice or backwards."""
    states, at = [], NOON
    for kind, milliseconds in steps:
        at += timedelta(milliseconds=milliseconds)
        states.append(state(kind, at=at))
    totals = totals_of(states)
    running = [one for one in states if one.type is StateType.RUNNING]
    assert totals.run_count == len(running)
    assert totals.start_time == (running[0].timestamp if running else None)
    assert totals.end_time == (states[-1].timestamp if states[-1].type.is_terminal else None)
    assert totals.expected_start == states[0].timestamp
    spans = [
        (after.timestamp - before.timestamp).total_seconds()
        for before, after in itertools.pairwise(states)
        if before.type is StateType.RUNNING
    ]
    assert totals.run_seconds == pytest.approx(sum(spans))


def test_a_clock_that_goes_back_takes_no_time_away() -> None:
    """Where the clock was set back between two states, the time between them counts as none."""
    states = [state("RUNNING", at=NOON), state("COMPLETED", at=NOON - timedelta(hours=1))]
    assert totals_of(states).run_seconds == 0.0


def test_a_scheduled_time_is_when_the_run_was_to_start() -> None:
    """The expected start is the scheduled time where there is one."""
    scheduled = state("SCHEDULED", at=NOON, scheduled_time=NOON + timedelta(hours=1))
    assert totals_of([scheduled]).expected_start == NOON + timedelta(hours=1)
    assert Totals().entering(scheduled, None).run_count == 0


def test_histories_are_bounded() -> None:
    """The first and the last states of an endless history are kept."""
    states = [state("RUNNING", str(number)) for number in range(HISTORY_LIMIT + 5)]
    kept = [one.name for one in bounded(states)]
    assert len(kept) == HISTORY_LIMIT
    assert (kept[0], kept[999], kept[1000], kept[-1]) == ("0", "999", "1005", "2004")
    assert bounded(states[:HISTORY_LIMIT]) == states[:HISTORY_LIMIT]
