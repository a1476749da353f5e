"""Times, names and ids are short, and can't steer a terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.cli.screen.words import ago, duration, many_lines, one_line, plural, short_ids

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0ms"),
        (-1, "0ms"),
        (0.0004, "<1ms"),
        (0.012, "12ms"),
        (0.9996, "1.0s"),
        (1.25, "1.2s"),
        (59.96, "1m 00s"),
        (185, "3m 05s"),
        (7440, "2h 04m"),
        (3 * 86400 + 4 * 3600, "3d 4h"),
    ],
)
def test_a_span_has_at_most_two_units(seconds: float, words: str) -> None:
    """A span of time is as exact as its size deserves, and rounding never makes a `60.0s`."""
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "just now"), (4, "just now"), (40, "40s ago"), (200, "3m ago"), (7200, "2h ago"), (86400 * 12, "12d ago")],
)
def test_an_instant_is_some_time_ago(seconds: float, words: str) -> None:
    """How long ago something was is said in one unit."""
    assert ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_an_instant_may_be_ahead() -> None:
    """A clock that runs fast, or a run that is scheduled, gives an instant that is yet to come."""
    assert ago(NOW + timedelta(minutes=3), NOW) == "in 3m"


def test_what_steers_a_terminal_is_escaped() -> None:
    """Names and messages come from users: escape sequences and lines in them are shown, not carried out."""
    assert one_line("a\x1b[31mb\nc\td") == "a\\x1b[31mb\\nc\\td"
    assert one_line("naïve 🚀") == "naïve 🚀"
    assert many_lines("a\x1b]0;title\x07\n\tb") == "a\\x1b]0;title\\x07\n    b"


@given(st.text())
def test_one_line_is_always_printable(text: str) -> None:
    """Whatever a name holds, what is printed of it is printable."""
    assert one_line(text).isprintable()


def test_counts_have_their_plural() -> None:
    """One run, two runs."""
    assert (plural(1, "run"), plural(2, "run"), plural(1234, "run")) == ("1 run", "2 runs", "1,234 runs")


def test_short_ids_tell_ids_apart() -> None:
    """Ids are cut to one length that still tells them apart, and never end in a dash."""
    ids = ["019c3f2a-7b1d-7abc-8000-000000000001", "019c3f2a-7b1d-7abd-8000-000000000001"]
    assert short_ids(ids[:1]) == ["019c3f2a-7b1d"]
    assert short_ids(ids) == ["019c3f2a-7b1d-7abc", "019c3f2a-7b1d-7abd"]
    assert short_ids(["a" * 36, "a" * 36]) == ["a" * 13] * 2


@given(st.lists(st.uuids().map(str), max_size=30, unique=True))
def test_short_ids_are_always_apart(ids: list[str]) -> None:
    """No two different ids look the same."""
    assert len(set(short_ids(ids))) == len(ids)
