"""A run is taken up with the arguments it had, as far as they are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock import flow, settings
from penstock.cli.recovery import arguments_of, is_whole
from penstock.core.errors import InvalidRequest
from penstock.core.ids import uuid7
from penstock.engine.recorded_parameters import recorded
from penstock.states import Failed
from penstock.wire.flow_runs import FlowRun
from penstock.wire.states import StateRecord

WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_plain_values_are_whole(value: Any) -> None:
    """What is recorded of a plain value is the value, and counts as that."""
    with settings.temporary_settings({"recording.redact": "nothing-is-called-so"}):
        written = recorded({"x": value})
    assert written == {"x": value}
    assert is_whole("x", written["x"])


@pytest.mark.parametrize(
    "parameters",
    [
        {"password": "hunter2"},
        {"database": "postgresql://me:hunter2@db/weather"},
        {"login": {"api_key": "k"}},
        {"long": "a" * 200_000},
        {"many": list(range(100_000))},
        {"thing": object()},
    ],
)
def test_what_was_left_out_is_noticed(parameters: dict[str, Any]) -> None:
    """A value that was masked, cut or put in other words is not taken for the value itself."""
    assert not all(is_whole(name, value) for name, value in recorded(parameters).items())


@dataclass
class Place:
    name: str
    visits: set[int]


def run_with(parameters: dict[str, Any]) -> FlowRun:
    """A run that failed, as it is recorded."""
    record = StateRecord.of(Failed())
    return FlowRun(uuid7(), uuid7(), "f", "weak", record, datetime.now(UTC), parameters=recorded(parameters))


def anything(x):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    return x


OF_OTHER_CLASSES = [
    Path("a.txt"),
    date(2026, 1, 31),
    Decimal("1.10"),
    b"abc",
    (1, 2),
    {1, 2},
    {1: "one"},
    2**70,
    float("inf"),
    [Path("a.txt")],
    Place("Ulm", {1}),
    "half \ud800",
]


@pytest.mark.parametrize("value", OF_OTHER_CLASSES, ids=repr)
def test_a_value_of_another_class_is_asked_for_again(value: Any) -> None:
    """Without an annotation nothing tells a date from a text: the flow is not given the text, unless it is given so."""
    with pytest.raises(InvalidRequest, match="'x' held what JSON does not have") as refusal:
        arguments_of(run_with({"x": value}), {}, flow(anything))
    assert "-p x=…" in str(refusal.value)
    assert arguments_of(run_with({"x": value}), {"x": "new"}, flow(anything)) == {"x": "new"}


def path(x: Path) -> None: ...
def day(x: date) -> None: ...
def amount(x: Decimal) -> None: ...
def content(x: bytes) -> None: ...
def pair(x: tuple[int, ...]) -> None: ...
def several(x: set[int]) -> None: ...
def named(x: dict[int, str]) -> None: ...
def large(x: int) -> None: ...
def number(x: float) -> None: ...
def paths(x: list[Path]) -> None: ...
def place(x: Place) -> None: ...


@pytest.mark.parametrize(
    ("function", "value"),
    list(
        zip(
            [path, day, amount, content, pair, several, named, large, number, paths, place],
            OF_OTHER_CLASSES,
            strict=False,
        )
    ),
)
def test_an_annotation_makes_it_again_what_it_was(function: Callable[[Any], None], value: Any) -> None:
    """Where the annotation converts what is recorded to what the run was given, nothing is asked."""
    annotated = flow(function)
    arguments = arguments_of(run_with({"x": value}), {}, annotated)
    assert annotated.validate_parameters(arguments) == {"x": value}


def test_an_annotation_that_makes_something_else_of_it_does_not_do() -> None:
    """A path for which a text would do is not replaced by one; nor does an annotation help that is not enforced."""

    def either(x: str | Path) -> None: ...

    for unsure in (flow(either), flow(path, validate_parameters=False)):
        with pytest.raises(InvalidRequest, match="held what JSON does not have"):
            arguments_of(run_with({"x": Path("a.txt")}), {}, unsure)


def test_a_default_of_another_class_is_taken_again() -> None:
    """What a run had by default it has again, without an annotation too."""

    @flow
    def f(x=(1, 2)):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        return x

    assert arguments_of(run_with({"x": (1, 2)}), {}, f) == {"x": (1, 2)}
    with pytest.raises(InvalidRequest):
        arguments_of(run_with({"x": (1, 3)}), {}, f)


@given(PLAIN)
def test_plain_values_are_taken_again(value: Any) -> None:
    """A flow without annotations is given again what it was given."""
    with settings.temporary_settings({"recording.redact": "nothing-is-called-so"}):
        assert arguments_of(run_with({"x": value}), {}, flow(anything)) == {"x": value}


def test_what_a_hook_changed_is_asked_for_again() -> None:
    """A record that the redaction hook had a hand in is not what the run was given, be it of the right class."""
    with settings.temporary_settings({"recording.redaction_hook": "builtins:max"}):
        run = run_with({"x": ""})
    assert run.parameters == {"x": "x", "__types__": {"x": "withheld"}}
    with pytest.raises(InvalidRequest, match="'x' held"):
        arguments_of(run, {}, flow(anything))


def test_types_there_is_no_room_for_are_not_forgotten() -> None:
    """Where the classes do not fit into the record, it says that there were some."""
    with settings.temporary_settings({"recording.parameters_max_bytes": 1024}):
        run = run_with({f"p{number}": Path("a") for number in range(40)})
    assert run.parameters == {**{f"p{number}": "a" for number in range(40)}, "__types__": "…"}
    with pytest.raises(InvalidRequest, match="no room"):
        arguments_of(run, {}, flow(lambda **given: given, name="f"))


def test_any_number_of_arguments_is_taken_again() -> None:
    """What `*args` and `**kwargs` held goes back there, and what is given by name goes over it."""

    @flow
    def f(a: int, /, b: int, *rest: int, c: int = 3, **others: int) -> None: ...

    bound = f.signature.bind((1, 2, 4, 5), {"d": 6, "e": 7})
    assert arguments_of(run_with(bound), {}, f) == bound
    assert arguments_of(run_with(bound), {"e": 8}, f) == {**bound, "others": {"d": 6, "e": 8}}
    few = f.signature.bind((1, 2), {})
    assert arguments_of(run_with(few), {"c": 9}, f) == {**few, "c": 9}
