"""What is typed on the command line is understood, or refused with a word on what was meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import click
import pytest

from penstock.cli.commands.flow import parsed_parameters
from penstock.cli.filters import Since, StateWord, state_conditions
from penstock.core.state_type import StateType


@pytest.mark.parametrize(
    ("pair", "value"),
    [
        ("x=5", 5),
        ("x=1.5", 1.5),
        ("x=true", True),
        ("x=null", None),
        ('x="5"', "5"),
        ("x=[1, 2]", [1, 2]),
        ('x={"a": 1}', {"a": 1}),
        ("x=some words", "some words"),
        ("x=a=b", "a=b"),
        ("x=", ""),
        ("x=[1,", "[1,"),
    ],
)
def test_a_value_is_json_or_else_text(pair: str, value: Any) -> None:
    """What is valid JSON is taken as that, and everything else as text."""
    assert parsed_parameters((pair,), None) == {"x": value}


def test_single_parameters_go_before_the_document() -> None:
    """--param replaces what --params says."""
    assert parsed_parameters(("b=3",), '{"a": 1, "b": 2}') == {"a": 1, "b": 3}


@pytest.mark.parametrize(
    ("pairs", "document", "words"),
    [
        (("x",), None, "not of the form KEY=VALUE"),
        (("=5",), None, "not of the form KEY=VALUE"),
        ((), "{", "not valid JSON"),
        ((), "[1]", "must be a JSON object"),
    ],
)
def test_bad_parameters_are_refused(pairs: tuple[str, ...], document: str | None, words: str) -> None:
    """What is no parameter is refused with what one looks like."""
    with pytest.raises(click.UsageError, match=words):
        parsed_parameters(pairs, document)


@pytest.mark.parametrize(
    ("text", "span"), [("30s", timedelta(seconds=30)), ("2h", timedelta(hours=2)), ("1.5d", timedelta(hours=36))]
)
def test_since_takes_spans(text: str, span: timedelta) -> None:
    """A span means that long before now."""
    before = datetime.now(UTC)
    assert before - span <= Since().convert(text, None, None) <= datetime.now(UTC) - span


def test_since_takes_dates() -> None:
    """A date or time without a zone is one of this machine's; one with a zone is taken as it is."""
    assert Since().convert("2026-11-20T09:30Z", None, None) == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    assert Since().convert("2026-11-20", None, None) == datetime(2026, 11, 20).astimezone()


@pytest.mark.parametrize("text", ["yesterday", "2 fortnights", "99999999999999w", ""])
def test_since_refuses_other_words(text: str) -> None:
    """What is neither a span nor a date is refused with examples of both."""
    with pytest.raises(click.BadParameter, match="neither a span"):
        Since().convert(text, None, None)


@pytest.mark.parametrize(
    ("text", "name"), [("completed", "Completed"), ("TIMED_OUT", "TimedOut"), ("awaitingretry", "AwaitingRetry")]
)
def test_a_state_is_found_however_it_is_written(text: str, name: str) -> None:
    """Types and names of states are known in any spelling."""
    assert StateWord().convert(text, None, None) == name


def test_a_slip_in_a_state_is_pointed_out() -> None:
    """A word that is nearly a state is taken for a slip; one that is far from all may be a user's own state."""
    with pytest.raises(click.BadParameter, match="Did you mean 'Completed'"):
        StateWord().convert("Compelted", None, None)
    assert StateWord().convert("Quarantined", None, None) == "Quarantined"


def test_a_type_stands_for_all_its_states() -> None:
    """`Completed` finds cached runs as well, unless it is asked for beside the name of a state."""
    assert state_conditions(("Completed", "Failed")) == {"state_types": [StateType.COMPLETED, StateType.FAILED]}
    assert state_conditions(("Cached", "Failed")) == {"state_names": ["Cached", "Failed"]}
    assert state_conditions(()) == {}
