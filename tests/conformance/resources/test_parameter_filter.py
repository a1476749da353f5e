"""Flow runs are found by their parameters: by name and value, as JSON compares values."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from support.requests import flow_run

from penstock.core.errors import InvalidRequest, ObjectLimitReached
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.requests import FlowRunCountQuery, FlowRunQuery

RUNS: dict[str, dict[str, Any]] = {
    "number": {"x": 1},
    "float": {"x": 1.0, "y": 2},
    "true": {"x": True},
    "text": {"x": "1"},
    "null": {"x": None},
    "list": {"x": [1, {"a": 1, "b": [True]}]},
    "within": {"outer": {"x": 1}, "text": '{"x":1}'},
    "odd": {'a"b\\%_é': "ü\n\0"},
    "none": {},
}


@pytest.fixture
def runs(server: Dispatcher) -> Dispatcher:
    """Return a server that has a run of each of the parameters."""
    for name, parameters in RUNS.items():
        server.call(op.FLOW_RUNS_CREATE, flow_run(name=name, parameters=parameters))
    return server


def found(server: Dispatcher, wanted: FlowRunFilter) -> set[str]:
    items = server.call(op.FLOW_RUNS_LIST, FlowRunQuery(filter=wanted)).items
    assert server.call(op.FLOW_RUNS_COUNT, FlowRunCountQuery(filter=wanted)).count == len(items)
    return {run.name for run in items}


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"x": 1}, {"number", "float"}),
        ({"x": True}, {"true"}),
        ({"x": "1"}, {"text"}),
        ({"x": None}, {"null"}),
        ({"x": [1, {"b": [True], "a": 1.0}]}, {"list"}),
        ({"x": [1, {"b": [1], "a": 1}]}, set()),
        ({"x": 1, "y": 2}, {"float"}),
        ({"X": 1}, set()),
        ({"outer": {"x": 1}}, {"within"}),
        ({'a"b\\%_é': "ü\n\0"}, {"odd"}),
        ({}, set(RUNS)),
    ],
)
def test_values_are_those_of_json(runs: Dispatcher, parameters: dict[str, Any], names: set[str]) -> None:
    """Numbers are equal by value and unlike truth values and texts; objects in any order; names to the letter, at the top."""
    assert found(runs, FlowRunFilter(parameters=parameters)) == names
    assert found(runs, FlowRunFilter(not_=FlowRunFilter(parameters=parameters))) == set(RUNS) - names


def test_they_stand_among_other_conditions(runs: Dispatcher) -> None:
    """Also within those that hold others."""
    either = FlowRunFilter(any=[FlowRunFilter(parameters={"x": "1"}), FlowRunFilter(name="none")])
    assert found(runs, either) == {"text", "none"}
    assert found(runs, FlowRunFilter(name="number", parameters={"x": 1})) == {"number"}


@pytest.mark.parametrize("content", ["{", '{"x":', '{"x":1', "[1, 2", "", '"x"', 'null, "x":1'])
def test_what_is_spoilt_has_no_parameters(runs: Dispatcher, content: str) -> None:
    """One row that nobody can read does not keep the others from being found."""
    spoil = text("UPDATE flow_runs SET parameters = :content WHERE name = 'number'")
    runs.ledger.write(lambda connection: connection.execute(spoil, {"content": content}))
    assert found(runs, FlowRunFilter(parameters={"x": 1})) == {"float"}


def test_they_are_bounded(server: Dispatcher) -> None:
    """In number, in length and in depth."""
    deep: Any = 1
    for _ in range(150):
        deep = [deep]
    with pytest.raises(ObjectLimitReached, match="at most 10 values of parameters"):
        found(server, FlowRunFilter(parameters={str(number): 1 for number in range(11)}))
    with pytest.raises(ObjectLimitReached, match="value of a parameter"):
        found(server, FlowRunFilter(parameters={"x": "y" * 600}))
    with pytest.raises(InvalidRequest, match="nested"):
        found(server, FlowRunFilter(parameters={"x": deep}))
