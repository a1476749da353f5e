"""Several servers on one PostgreSQL, and what becomes of their loops when the one that leads dies, or is stopped."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import databases
from support.requests import flow_run
from support.servers import Server, running

from penstock.core import clock
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import FlowRunStart
from penstock.wire.requests import ById, EventQuery


@pytest.fixture
def schema() -> Iterator[str]:
    """A schema of the test's own on the PostgreSQL server."""
    databases.require_postgresql()
    name = databases.new_schema()
    yield name
    databases.drop_schema(name)


@pytest.fixture
def servers(schema: str, tmp_path: Path) -> Iterator[list[Server]]:
    """Two servers on the schema: the one that leads, and the other one."""
    settings = {
        "PENSTOCK_DATABASE_URL": databases.schema_url(schema),
        "PENSTOCK_SERVER_SWEEP_SECONDS": "0.2",
        "PENSTOCK_RECORDING_LEASE_SECONDS": "0.5",
    }
    with running(tmp_path / "a", **settings) as first, running(tmp_path / "b", **settings) as second:
        leader = loops(first)["leader"].split(":")[1]
        pair = [first, second]
        yield sorted(pair, key=lambda one: str(one.process.pid) != leader)


def loops(server: Server) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(server.ask("GET", "/api/loops").data)
    return told


def leads(server: Server) -> bool:
    return b"\npenstock_leads 1.0\n" in server.ask("GET", "/metrics").data


def heard(server: Server, words: str) -> None:
    """Wait until a server logs a line with these words."""
    assert server.process.stderr is not None
    assert any(words in line for line in server.process.stderr)


def abandoned(schema: str) -> Any:
    """Begin a run whose process never says that it lives."""
    database = Dispatcher(databases.postgresql(schema))
    run = flow_run(start=FlowRunStart("gone:1:x", clock.now(), lease_seconds=0.1))
    database.call(op.FLOW_RUNS_CREATE, run)
    database.close()
    return run.id


def test_a_dead_leader_is_replaced(servers: list[Server], schema: str) -> None:
    """`kill -9` of the leader: another server runs the loops within seconds, and finds the runs that are dead."""
    first, second = servers
    assert [leads(one) for one in servers] == [True, False]
    first.end(signal.SIGKILL)
    abandoned(schema)
    heard(second, "this one runs the loops now")
    heard(second, "declared Crashed")
    assert leads(second)
    told = loops(second)
    assert told["leader"].split(":")[1] == str(second.process.pid)
    assert {loop["name"] for loop in told["items"]} >= {"sweep", "purge"}


def test_a_stopped_leader_that_wakes_does_no_harm(servers: list[Server], schema: str) -> None:
    """SIGSTOP of the leader until it is replaced, then SIGCONT: it leads no more, and each run has ended once."""
    first, second = servers
    first.process.send_signal(signal.SIGSTOP)
    runs = [abandoned(schema) for _ in range(20)]
    heard(second, "declared Crashed")
    first.process.send_signal(signal.SIGCONT)
    assert [leads(one) for one in servers] == [False, True]
    assert loops(first)["leader"] == loops(second)["leader"]
    database = Dispatcher(databases.postgresql(schema))
    for run in runs:
        states = [one.type.value for one in database.call(op.FLOW_RUNS_READ, ById(run)).states]
        assert states == ["PENDING", "RUNNING", "CRASHED"]
    told = [one.event for one in database.call(op.EVENTS_LIST, EventQuery(limit=200)).items]
    assert told.count("penstock.flow-run.Crashed") == len(runs)
    database.close()


def test_a_leader_that_is_asked_to_end_hands_over(servers: list[Server]) -> None:
    """SIGTERM of the leader: its lease ends with it, so that nobody has to wait for that."""
    first, second = servers
    assert first.end()[0] == 0
    assert loops(second)["leader"] is None or leads(second)
