"""Nobody is Pending or Cancelling for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from penstock.core.state_type import StateType
from penstock.server.rules.passing_states import Limits, Waiting, decide

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LIMITS = Limits(pending_seconds=600, cancelling_seconds=120)
LONG_AGO, JUST_NOW = NOW - timedelta(days=1), NOW - timedelta(seconds=1)


def waiting(kind: StateType, since: datetime, *, leased: bool) -> Waiting:
    return Waiting(kind, since, "here:7:x" if leased else None, leased)


@pytest.mark.parametrize(
    ("kind", "since", "leased", "name", "words"),
    [
        (StateType.PENDING, LONG_AGO, False, "Crashed", "Pending for 600 s, and no process started it"),
        (StateType.CANCELLING, LONG_AGO, True, "Cancelled", "number 7 on here, did not end it within 120 s"),
        (StateType.CANCELLING, LONG_AGO, False, "Cancelled", "nobody ended it within 120 s"),
    ],
)
def test_what_has_waited_too_long_is_ended(
    kind: StateType, since: datetime, leased: bool, name: str, words: str
) -> None:
    """A run that nobody started is Crashed, one that nobody ended is Cancelled; each says why."""
    state = decide(waiting(kind, since, leased=leased), LIMITS, NOW)
    assert state is not None
    assert (state.name, state.timestamp) == (name, NOW)
    assert words in str(state.message)


@pytest.mark.parametrize(
    ("kind", "since", "leased"),
    [
        (StateType.PENDING, LONG_AGO, True),
        (StateType.PENDING, JUST_NOW, False),
        (StateType.CANCELLING, JUST_NOW, True),
        (StateType.RUNNING, LONG_AGO, True),
        (StateType.PENDING, NOW + timedelta(hours=1), False),
    ],
    ids=["somebody holds it", "not long", "not long", "another state", "the clock was set back"],
)
def test_others_may_wait(kind: StateType, since: datetime, leased: bool) -> None:
    """Whoever holds a Pending run has a lease that ends; and what has not waited for long is left alone."""
    assert decide(waiting(kind, since, leased=leased), LIMITS, NOW) is None


@pytest.mark.parametrize("seconds", [0, 1e30])
def test_no_limit(seconds: float) -> None:
    """Without a limit, or with one that is longer than time, a run waits for ever."""
    limits = Limits(seconds, seconds)
    for kind in (StateType.PENDING, StateType.CANCELLING):
        assert decide(waiting(kind, LONG_AGO, leased=False), limits, NOW) is None
