"""What runs are told while they go on: in its order, once, bounded, and gone with the run."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update
from support.requests import flow_run, proposal

from penstock.core import clock
from penstock.core.errors import InvalidRequest, ObjectLimitReached, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.server.context import EVERYTHING, Principal
from penstock.server.database.tables import flow_run_inputs, flow_runs
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.retention import Keeping
from penstock.server.services.pauses import inputs
from penstock.wire import operations as op
from penstock.wire.events import EventFilter
from penstock.wire.pausing.inputs import FlowRunInput, InputByKey, InputQuery, SendInput
from penstock.wire.requests import ById, EventQuery


@pytest.fixture
def run_id(server: Dispatcher) -> UUID:
    """Return a run that a process holds."""
    return server.call(op.FLOW_RUNS_CREATE, flow_run()).id


def send(server: Dispatcher, run_id: UUID, key: str, **value: Any) -> FlowRunInput:
    return server.call(op.FLOW_RUNS_SEND_INPUT, SendInput(run_id, key, value))


def told(server: Dispatcher, run_id: UUID, **fields: Any) -> list[str]:
    return [one.key for one in server.call(op.FLOW_RUNS_LIST_INPUTS, InputQuery(run_id, **fields)).items]


def test_what_is_sent_is_received_in_its_order(server: Dispatcher, run_id: UUID) -> None:
    """With who sent it, by the server and by themselves; beginnings of keys tell kinds apart, to the letter."""
    ada = Principal("ada@example.org", EVERYTHING)
    request = SendInput(run_id, "number-1", {"n": 1, "deep": [None, {"x": "é"}]}, "penstock.flow-run.other")
    first = server.call(op.FLOW_RUNS_SEND_INPUT, request, ada)
    assert (first.value, first.sender, first.sent_by) == (request.value, request.sender, "ada@example.org")
    for key in ("Number-2", "number_3", "number-4"):
        send(server, run_id, key)
    assert server.call(op.FLOW_RUNS_LIST_INPUTS, InputQuery(run_id)).items[0] == first
    assert told(server, run_id) == ["number-1", "Number-2", "number_3", "number-4"]
    assert told(server, run_id, key_prefix="number-") == ["number-1", "number-4"]
    assert told(server, run_id, key_prefix="number-", after_position=first.position) == ["number-4"]
    assert told(server, run_id, limit=2) == ["number-1", "Number-2"]


@pytest.mark.parametrize("value", [{}, [], None, "", 0, False, [None], "é", {"a": {}}])
def test_any_value_of_json_is_told(server: Dispatcher, run_id: UUID, value: Any) -> None:
    """What is empty, too."""
    server.call(op.FLOW_RUNS_SEND_INPUT, SendInput(run_id, "k", value))
    (one,) = server.call(op.FLOW_RUNS_LIST_INPUTS, InputQuery(run_id)).items
    assert one.value == value
    assert type(one.value) is type(value)


def test_what_is_sent_twice_is_told_once(server: Dispatcher, run_id: UUID) -> None:
    """The key tells: the answer may have been lost."""
    first = send(server, run_id, "k", n=1)
    assert send(server, run_id, "k", n=2) == first
    assert told(server, run_id) == ["k"]


def test_a_position_is_never_used_again(server: Dispatcher, run_id: UUID) -> None:
    """Who has received one and goes on after it misses nothing when that is deleted."""
    first = send(server, run_id, "a")
    server.call(op.FLOW_RUNS_DELETE_INPUT, InputByKey(run_id, "a"))
    send(server, run_id, "b")
    assert told(server, run_id, after_position=first.position) == ["b"]
    with pytest.raises(ObjectNotFound, match="was told nothing under the key 'a'"):
        server.call(op.FLOW_RUNS_DELETE_INPUT, InputByKey(run_id, "a"))


def test_an_event_tells_of_it_without_what_it_holds(server: Dispatcher, run_id: UUID) -> None:
    """So that who waits wakes up, and nobody else learns a secret."""
    send(server, run_id, "k", password="s3cret")
    (event,) = server.call(op.EVENTS_LIST, EventQuery(EventFilter(events=[inputs.RECEIVED]))).items
    assert (event.resource_id, event.payload["key"]) == (f"penstock.flow-run.{run_id}", "k")
    assert "s3cret" not in str(event)


def test_inputs_are_bounded(server: Dispatcher, run_id: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many, too large, or for nobody: one error."""
    with pytest.raises(InvalidRequest):
        send(server, run_id, "")
    with pytest.raises(ObjectLimitReached):
        send(server, run_id, "k", text="x" * 200_000)
    with pytest.raises(InvalidRequest):
        told(server, run_id, limit=0)
    for unknown in (lambda: send(server, uuid7(), "k"), lambda: told(server, uuid7())):
        with pytest.raises(ObjectNotFound):
            unknown()
    monkeypatch.setattr(inputs, "MOST_INPUTS", 1)
    send(server, run_id, "k")
    with pytest.raises(ObjectLimitReached, match="Delete what it needs no longer"):
        send(server, run_id, "l")
    assert send(server, run_id, "k").key == "k"


@pytest.mark.parametrize("way", ["deleted", "purged"])
def test_inputs_go_with_their_run(server: Dispatcher, run_id: UUID, way: str) -> None:
    """Whether somebody deletes it or its time is over."""
    send(server, run_id, "k")
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED"))
    if way == "deleted":
        server.call(op.FLOW_RUNS_DELETE, ById(run_id))
    else:
        long_ago = clock.now() - timedelta(days=100)
        old = update(flow_runs).values(created=long_ago, end_time=long_ago)
        server.ledger.write(lambda connection: connection.execute(old))
        assert server.purge(Keeping(), 1_000).flow_runs == 1
    with server.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(flow_run_inputs)).scalar() == 0
