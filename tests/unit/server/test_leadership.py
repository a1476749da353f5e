"""Which server leads: one at a time, the next one when the first says nothing more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from penstock.server.rules.leadership import Held, Term, decide

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = timedelta(seconds=10)
SECOND = timedelta(seconds=1)


def held(holder: str, expires_in: timedelta) -> Held:
    return Held(holder, NOW - timedelta(hours=1), NOW + expires_in)


@pytest.mark.parametrize(
    ("before", "term"),
    [
        (None, Term(NOW, NOW + LEASE, None, is_new=True)),
        (held("a", 5 * SECOND), Term(NOW - timedelta(hours=1), NOW + LEASE, None, is_new=False)),
        (held("a", -SECOND), Term(NOW, NOW + LEASE, None, is_new=True)),
        (held("b", SECOND), None),
        (held("b", -SECOND), Term(NOW, NOW + LEASE, NOW - SECOND, is_new=True)),
    ],
    ids=["nobody", "itself", "itself, too late", "another", "another, which is gone"],
)
def test_who_leads(before: Held | None, term: Term | None) -> None:
    """A server leads where none does; it leads on while it says so in time; nobody takes the place of one that lives."""
    assert decide(before, "a", NOW, LEASE, alone=False) == term


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_leaves_no_gap(hours: int) -> None:
    """When the database's clock is set back an hour, a dead leader's lease does not last for one."""
    term = decide(held("b", timedelta(hours=hours)), "a", NOW, LEASE, alone=False)
    assert term is not None
    assert term.expires == NOW + LEASE


def test_alone_nobody_is_waited_for() -> None:
    """Where there can be only one server, what the last one left does not keep the next one waiting."""
    term = decide(held("b", 5 * SECOND), "a", NOW, LEASE, alone=True)
    assert term is not None
    assert term.led_until == NOW
