"""Runs that are Pending or Cancelling for too long are ended, with the reason; no other is, whatever the clock does."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text, update
from support.requests import OWNER, batch, flow_run, proposal, task_run

from penstock.core.errors import StaleAttempt
from penstock.core.state_type import StateType
from penstock.server.database.tables import flow_runs
from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Turn
from penstock.server.loops.waiting import WaitingRuns
from penstock.server.rules.passing_states import Limits
from penstock.server.services import passing_states
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision, FlowRun
from penstock.wire.requests import ById, LeaseClaim, RenewLeases, StartFlowRun

LIMITS = Limits(pending_seconds=600, cancelling_seconds=120)
HOUR = timedelta(hours=1)
TURN = Turn(threading.Event(), lambda: True)


def loop(server: Dispatcher, limits: Limits = LIMITS) -> WaitingRuns:
    return WaitingRuns(server, limits, interval_seconds=5.0, grace_seconds=0.0)


def made(server: Dispatcher, **fields: Any) -> UUID:
    return server.call(op.FLOW_RUNS_CREATE, flow_run(**fields)).id


def aged(server: Dispatcher, span: timedelta = HOUR) -> None:
    """Have every run wait for so much longer already."""

    def age(connection: Any) -> None:
        rows = connection.execute(flow_runs.select().where(flow_runs.c.waiting_since.is_not(None))).all()
        for row in rows:
            statement = update(flow_runs).where(flow_runs.c.id == row.id)
            connection.execute(statement.values(waiting_since=row.waiting_since - span))

    server.ledger.write(age)


def read(server: Dispatcher, run_id: UUID) -> FlowRun:
    return server.call(op.FLOW_RUNS_READ, ById(run_id))


def test_a_run_that_nobody_starts(server: Dispatcher) -> None:
    """Pending for too long and held by nobody, it is Crashed with the reason, and can still be started."""
    run_id, fresh = made(server, owner=None), made(server)
    loop(server).run_once(TURN)
    assert read(server, run_id).state.type is StateType.PENDING
    aged(server)
    loop(server).run_once(TURN)
    crashed = read(server, run_id)
    assert [one.type for one in crashed.states] == [StateType.PENDING, StateType.CRASHED]
    assert "no process started it" in str(crashed.state.message)
    assert read(server, fresh).state.type is StateType.RUNNING
    assert server.call(op.FLOW_RUNS_START, StartFlowRun(run_id, OWNER)).decision is Decision.ACCEPT


def test_a_run_that_nobody_ends(server: Dispatcher) -> None:
    """Cancelling for too long, it is Cancelled, and what ran in it Crashed; its process is told so and refused."""
    run_id = made(server)
    unfinished = task_run(run_id, "PENDING RUNNING")
    server.call(op.JOURNAL_APPEND, batch(unfinished))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "CANCELLING"))
    loop(server).run_once(TURN)
    assert read(server, run_id).state.type is StateType.CANCELLING
    aged(server)
    loop(server).run_once(TURN)
    cancelled = read(server, run_id)
    assert (cancelled.state.type, cancelled.lease) == (StateType.CANCELLED, None)
    assert "number 1 on here, did not end it" in str(cancelled.state.message)
    assert server.call(op.TASK_RUNS_READ, ById(unfinished.id)).state.type is StateType.CRASHED
    claim = LeaseClaim(run_id, 1)
    assert server.call(op.FLOW_RUNS_RENEW, RenewLeases(OWNER, [claim])).lost == [claim]
    with pytest.raises(StaleAttempt, match="was declared dead"):
        server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED"))
    loop(server).run_once(TURN)
    assert read(server, run_id).states == cancelled.states


def test_a_run_that_goes_on_meanwhile(server: Dispatcher) -> None:
    """A run that leaves the state between the look and the sentence is left alone."""
    run_id = made(server, owner=None)
    aged(server)
    ask = server.database.ask

    def started_after(work: Any) -> Any:
        answer = ask(work)
        if isinstance(answer, list) and answer:
            server.call(op.FLOW_RUNS_START, StartFlowRun(run_id, OWNER))
        return answer

    server.database.ask = started_after  # type: ignore[method-assign]
    loop(server).run_once(TURN)
    assert read(server, run_id).state.type is StateType.RUNNING


def test_one_that_cannot_be_ended_is_set_aside(
    server: Dispatcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A run whose row makes the loop fail costs the others nothing, and is logged."""
    ids = sorted(made(server, owner=None) for _ in range(4))
    aged(server)
    end = passing_states.end

    def ended(run: Any, *rest: Any) -> bool:
        if run.id == ids[1]:
            raise ValueError("The row is damaged.")
        return end(run, *rest)

    monkeypatch.setattr(passing_states, "end", ended)
    loop(server).run_once(TURN)
    kinds = [read(server, run_id).state.type for run_id in ids]
    assert kinds == [StateType.CRASHED, StateType.PENDING, StateType.CRASHED, StateType.CRASHED]
    assert f"Run {ids[1]}" in caplog.text


def test_many_are_ended_page_by_page(server: Dispatcher) -> None:
    """More runs than a page holds are all ended; held Pending runs that are older are passed over."""
    held = made(server)
    server.ledger.write(
        lambda connection: connection.execute(
            text("UPDATE flow_runs SET state_type = 'PENDING', state_name = 'Pending'")
        )
    )
    for _ in range(700):
        made(server, owner=None)
    aged(server)
    loop(server).run_once(TURN)
    left = server.database.ask(
        lambda connection: connection.execute(
            text("SELECT count(*) FROM flow_runs WHERE state_type = 'PENDING'")
        ).scalar()
    )
    assert left == 1
    assert read(server, held).lease is not None


def test_a_clock_that_jumps_ends_nobody(server: Dispatcher) -> None:
    """After the clock was set on by an hour, nothing is ended until it has waited long enough by any clock."""
    run_id = made(server, owner=None)
    one = loop(server)
    one.run_once(TURN)
    assert one._grace._last is not None
    one._grace._last = one._grace._last[0] - HOUR, one._grace._last[1]
    aged(server)
    one.run_once(TURN)
    assert read(server, run_id).state.type is StateType.PENDING
