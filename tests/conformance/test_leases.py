"""Leases: renewed by the living; runs of the dead are declared Crashed, and what the dead still say is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from support.requests import OTHER, OWNER, batch, flow_run, line, proposal, state, task_run

from penstock.core import clock
from penstock.core.errors import InvalidRequest, ObjectLimitReached, StaleAttempt
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.leases import HeldRun
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision
from penstock.wire.requests import ById, LeaseClaim, LogQuery, RenewLeases, StartFlowRun, TaskRunQuery


def _all_dead(run: HeldRun) -> str | None:
    return f"{run.owner} is gone."


def test_renewing(server: Dispatcher) -> None:
    """A renewed lease lasts longer; claims on other attempts, ended, foreign and missing runs are lost."""
    held, ended, foreign = flow_run(), flow_run(), flow_run(owner=OTHER)
    for request in (held, ended, foreign):
        server.call(op.FLOW_RUNS_CREATE, request)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(ended.id, "COMPLETED"))
    lost = [LeaseClaim(held.id, 2), LeaseClaim(ended.id, 1), LeaseClaim(foreign.id, 1), LeaseClaim(uuid7(), 1)]
    asked_at = clock.now()
    answer = server.call(op.FLOW_RUNS_RENEW, RenewLeases(OWNER, [LeaseClaim(held.id, 1), *lost], 600.0))
    assert answer.lost == lost
    lease = server.call(op.FLOW_RUNS_READ, ById(held.id)).lease
    assert lease is not None
    assert lease.expires >= asked_at + timedelta(seconds=600)
    other = server.call(op.FLOW_RUNS_READ, ById(foreign.id)).lease
    assert other is not None
    assert other.expires < asked_at + timedelta(seconds=600)


def test_renewing_many(server: Dispatcher) -> None:
    """More claims than one statement takes are renewed all the same; more than 10,000 are refused."""
    claims = [LeaseClaim(uuid7(), 1) for _ in range(900)]
    run = server.call(op.FLOW_RUNS_CREATE, flow_run())
    answer = server.call(op.FLOW_RUNS_RENEW, RenewLeases(OWNER, [*claims, LeaseClaim(run.id, 1)]))
    assert answer.lost == claims
    with pytest.raises(ObjectLimitReached, match="10,000 claims"):
        server.call(op.FLOW_RUNS_RENEW, RenewLeases(OWNER, claims * 12))
    with pytest.raises(InvalidRequest, match="A lease lasts"):
        server.call(op.FLOW_RUNS_RENEW, RenewLeases(OWNER, [], -1.0))


@pytest.mark.parametrize(
    "steps",
    [[], [("CANCELLING", "Cancelling")], [("SCHEDULED", "AwaitingRetry")], [("PAUSED", "Paused")]],
)
def test_runs_of_the_dead_are_crashed(server: Dispatcher, steps: list[tuple[str, str]]) -> None:
    """Whatever an unfinished run is doing when its process is found dead, it is Crashed with the reason, once."""
    run = flow_run()
    server.call(op.FLOW_RUNS_CREATE, run)
    for kind, name in steps:
        server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, kind, name))
    assert server.sweep(_all_dead) == 1
    crashed = server.call(op.FLOW_RUNS_READ, ById(run.id))
    assert (crashed.state.type, crashed.state.message) == (StateType.CRASHED, f"{OWNER} is gone.")
    assert crashed.end_time == crashed.state.timestamp
    assert (crashed.lease, crashed.attempt) == (None, 1)
    assert server.sweep(_all_dead) == 0


def test_only_the_dead_are_crashed(server: Dispatcher) -> None:
    """Runs of living processes, ended runs and runs that nobody holds are left alone."""
    mine, theirs, ended, waiting = flow_run(), flow_run(owner=OTHER), flow_run(), flow_run(owner=None)
    for request in (mine, theirs, ended, waiting):
        server.call(op.FLOW_RUNS_CREATE, request)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(ended.id, "COMPLETED"))
    assert server.sweep(lambda run: "gone" if run.owner == OTHER else None) == 1
    found = {
        run.id: run.state.type.value
        for run in (server.call(op.FLOW_RUNS_READ, ById(one.id)) for one in (mine, theirs, ended, waiting))
    }
    assert found == {mine.id: "RUNNING", theirs.id: "CRASHED", ended.id: "COMPLETED", waiting.id: "PENDING"}


def test_task_runs_crash_with_their_flow_run(server: Dispatcher) -> None:
    """Unfinished task runs of the dead are Crashed as well, in flows and outside of them; finished ones stay."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    running, done = task_run(run_id, "PENDING RUNNING"), task_run(run_id)
    alone, alone_done = task_run(kinds="RUNNING"), task_run()
    server.call(op.JOURNAL_APPEND, batch(running, done, alone, alone_done))
    assert server.sweep(_all_dead) == 2
    found = {run.id: run for run in server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items}
    assert [one.type.value for one in found[running.id].states] == ["PENDING", "RUNNING", "CRASHED"]
    assert found[running.id].state.message == f"{OWNER} is gone."
    assert found[alone.id].state.type is StateType.CRASHED
    assert (found[done.id], found[alone_done.id]) == (done, alone_done)
    assert server.call(op.FLOW_RUNS_COUNTS, ById(run_id)).by_type == {"COMPLETED": 1, "CRASHED": 1}
    assert server.sweep(_all_dead) == 0


def test_task_runs_do_not_outlive_the_crash_that_is_told(server: Dispatcher) -> None:
    """Those that a process could not end before it told of the crash are Crashed with it; those that ended stay so."""
    run = server.call(op.FLOW_RUNS_CREATE, flow_run())
    within = [task_run(run.id, kinds) for kinds in ("PENDING", "PENDING RUNNING", "PENDING RUNNING COMPLETED")]
    server.call(op.JOURNAL_APPEND, batch(*within))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "CRASHED"))
    listed = server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items
    assert sorted(one.state.type.value for one in listed) == ["COMPLETED", "CRASHED", "CRASHED"]
    messages = {one.state.message for one in listed}
    assert messages == {None, "The flow run crashed while this task run was under way."}


def test_what_the_dead_say_is_refused(server: Dispatcher) -> None:
    """A process that was declared dead and lives after all gets 409 and writes nothing; a new attempt is the live one."""
    run = flow_run()
    server.call(op.FLOW_RUNS_CREATE, run)
    server.sweep(_all_dead)
    with pytest.raises(StaleAttempt, match="declared dead"):
        server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED"))
    receipt = server.call(op.JOURNAL_APPEND, batch(task_run(run.id), line(run.id)))
    assert receipt.stale == [run.id]
    claim = LeaseClaim(run.id, 1)
    assert server.call(op.FLOW_RUNS_RENEW, RenewLeases(OWNER, [claim])).lost == [claim]
    assert server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items == []
    assert server.call(op.LOGS_LIST, LogQuery()).items == []
    verdict = server.call(op.FLOW_RUNS_START, StartFlowRun(run.id, OTHER))
    assert (verdict.decision, verdict.attempt) == (Decision.ACCEPT, 2)
    states = server.call(op.FLOW_RUNS_READ, ById(run.id)).states
    assert [one.name for one in states] == ["Pending", "Running", "Crashed", "Retrying"]


def test_a_lease_renewed_meanwhile_saves_its_run(server: Dispatcher) -> None:
    """A run whose process gave a sign of life between the look and the sentence is not Crashed."""
    run = flow_run()
    server.call(op.FLOW_RUNS_CREATE, run)

    def judge_slowly(held: HeldRun) -> str:
        server.call(op.FLOW_RUNS_RENEW, RenewLeases(OWNER, [LeaseClaim(held.id, held.attempt)], 100.0))
        return "gone"

    assert server.sweep(judge_slowly) == 0
    assert server.call(op.FLOW_RUNS_READ, ById(run.id)).state.type is StateType.RUNNING


def test_a_person_steers_a_run(server: Dispatcher) -> None:
    """Without an attempt a live run can be cancelled but not ended; by force it can, and its process learns of it."""
    run = flow_run()
    server.call(op.FLOW_RUNS_CREATE, run)
    assert server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "CANCELLED", attempt=None)).decision is Decision.REJECT
    assert server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "CANCELLING", attempt=None)).decision is Decision.ACCEPT
    forced = server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "CANCELLED", attempt=None, force=True))
    assert forced.decision is Decision.ACCEPT
    told = server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED"))
    assert (told.decision, told.state.type) == (Decision.ABORT, StateType.CANCELLED)
    assert told.state.timestamp == forced.state.timestamp
    assert state("CANCELLED").name == told.state.name
