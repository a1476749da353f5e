"""Runs of deployments that nobody starts in time are named Late, once, and can be started all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import event
from support.deploying.hands import Hands
from support.deploying.scheduled import name_late, runs, schedule
from support.deploying.specs import apply, every, hourly, run
from support.requests import OWNER, flow_run, state

from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.scheduling import Scheduling
from penstock.server.services.scheduling import late
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.deploying import workers as w
from penstock.wire.deploying.work_pools import WorkPoolCreate
from penstock.wire.flow_runs import Decision, StateProposal


def _names(server: Dispatcher) -> list[str]:
    return [one.state.name for one in runs(server)]


def test_a_late_run(server: Dispatcher, hands: Hands) -> None:
    """A run is Late so many seconds after its time, and no sooner; it is still to start when it was, and may be started."""
    made = apply(server)
    kept = run(server, made.id).flow_run
    hands.move(seconds=14.9)
    name_late(server)
    assert _names(server) == ["Scheduled"]
    hands.move(seconds=0.1)
    for _ in range(2):
        name_late(server)
    found = server.call(op.FLOW_RUNS_READ, r.ById(kept.id))
    assert [one.name for one in found.states] == ["Scheduled", "Late"]
    assert (found.state.type, found.state.scheduled_time) == (StateType.SCHEDULED, kept.expected_start)
    assert (found.expected_start, found.attempt) == (kept.expected_start, 0)
    assert server.call(op.FLOW_RUNS_START, r.StartFlowRun(kept.id, OWNER)).decision is Decision.ACCEPT


def test_how_late(server: Dispatcher, hands: Hands) -> None:
    """A schedule says how late is late for its runs, and a server for all others."""
    patient = Dispatcher(server.database, scheduling=Scheduling(late_after_seconds=60))
    made = apply(patient, schedules=[every(10, late_after_seconds=5, max_scheduled_runs=1)])
    schedule(patient)
    by_hand = run(patient, made.id, scheduled_time=hands.now + timedelta(seconds=10)).flow_run
    hands.move(seconds=20)
    name_late(patient)
    assert {one.id == by_hand.id: one.state.name for one in runs(patient)} == {False: "Late", True: "Scheduled"}
    hands.move(seconds=50)
    name_late(patient)
    assert _names(patient) == ["Late", "Late"]


def test_what_is_not_late(server: Dispatcher, hands: Hands) -> None:
    """A run that was started, cancelled, put off or called by hand is not Late."""
    made = apply(server)
    started, cancelled, put_off = [run(server, made.id).flow_run.id for _ in range(3)]
    server.call(
        op.FLOW_RUNS_CREATE, flow_run(owner=None, states=[state("SCHEDULED", at=hands.now, scheduled_time=hands.now)])
    )
    server.call(op.FLOW_RUNS_START, r.StartFlowRun(started, OWNER))
    server.call(op.FLOW_RUNS_PROPOSE, r.Propose(cancelled, StateProposal(state("CANCELLED"))))
    later = state("SCHEDULED", "Scheduled", scheduled_time=hands.now + timedelta(hours=1))
    server.call(op.FLOW_RUNS_PROPOSE, r.Propose(put_off, StateProposal(later)))
    hands.move(minutes=30)
    name_late(server)
    assert "Late" not in _names(server)
    hands.move(minutes=31)
    name_late(server)
    assert [one.id for one in runs(server) if one.state.name == "Late"] == [put_off]


def test_handed_back(server: Dispatcher, hands: Hands) -> None:
    """A claimed run that is handed back can be late anew, and a worker may take a late one."""
    server.call(op.WORK_POOLS_CREATE, WorkPoolCreate("docks", "process"))
    made = apply(server, work_pool_name="docks")
    kept = run(server, made.id).flow_run
    hands.move(minutes=1)
    name_late(server)
    server.call(op.WORKERS_HEARTBEAT, w.WorkerHeartbeat("w", "worker", "process", "docks"))
    (claimed,) = server.call(op.FLOW_RUNS_CLAIM, w.ClaimRuns("w")).runs
    assert claimed.flow_run.id == kept.id
    server.call(op.FLOW_RUNS_HAND_BACK, w.HandBack(kept.id, claimed.flow_run.attempt))
    name_late(server)
    assert _names(server) == ["Scheduled"]
    hands.move(seconds=15)
    name_late(server)
    assert _names(server) == ["Late"]


def test_steps(server: Dispatcher, hands: Hands) -> None:
    """Many late runs are named in small transactions, each of a bounded number of statements."""
    made = apply(server, schedules=[hourly()])
    for _ in range(25):
        run(server, made.id)
    hands.move(minutes=1)
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = server.database._opened()
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert server.write(lambda context: late.name_late(20, context)) == 20
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(statements) <= 8
    name_late(server, at_once=2)
    assert set(_names(server)) == {"Late"}
