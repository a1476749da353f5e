"""Runs are retried from where somebody says, repeated, and given states by hand, and the audit knows; on every database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from support.deployed import claim, deployment, pool, run, worker
from support.requests import OWNER, batch, flow_run, proposal, state, task_run

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.steering.anew import ANEW_LIMIT
from penstock.wire import operations as op
from penstock.wire.bulk import AuditLine, AuditQuery, CancelFlowRuns, SetFlowRunStates
from penstock.wire.deploying.deployments import RunDeployment
from penstock.wire.events import EventFilter
from penstock.wire.flow_runs import Anew, Decision, FlowRun, FlowRunFilter, Verdict
from penstock.wire.requests import ById, EventQuery, RerunFlowRun, RetryFlowRun, StartFlowRun


@pytest.fixture
def ready(server: Dispatcher) -> Dispatcher:
    """A server with a work pool, and a worker of it."""
    pool(server)
    worker(server)
    return server


def read(server: Dispatcher, flow_run_id: UUID) -> FlowRun:
    return server.call(op.FLOW_RUNS_READ, ById(flow_run_id))


def ended(server: Dispatcher, flow_run_id: UUID, kind: StateType = StateType.FAILED) -> UUID:
    """Have a run claimed, carried out, and ended."""
    claim(server)
    attempt = read(server, flow_run_id).attempt
    server.call(op.FLOW_RUNS_START, StartFlowRun(flow_run_id, OWNER, attempt=attempt))
    verdict = server.call(op.FLOW_RUNS_PROPOSE, proposal(flow_run_id, kind, attempt=attempt))
    assert verdict.decision is Decision.ACCEPT
    return flow_run_id


def recorded(server: Dispatcher, flow_run_id: UUID | None, key: str | None, **fields: Any) -> UUID:
    """Have a task run recorded."""
    attempt = 0 if flow_run_id is None else read(server, flow_run_id).attempt
    one = task_run(flow_run_id, cache_key=key, flow_run_attempt=attempt, **fields)
    server.call(op.JOURNAL_APPEND, batch(one))
    return one.id


def retried(server: Dispatcher, flow_run_id: UUID, **options: Any) -> Verdict:
    return server.call(op.FLOW_RUNS_RETRY, RetryFlowRun(flow_run_id, **options))


def last_audited(server: Dispatcher) -> AuditLine:
    return server.call(op.AUDIT_LIST, AuditQuery(limit=1)).items[0]


@pytest.mark.parametrize("kind", [StateType.FAILED, StateType.COMPLETED])
def test_from_the_start(ready: Dispatcher, kind: StateType) -> None:
    """However it ended, a run is carried out again from the start; the next attempt is told, and the audit says who asked."""
    made = ended(ready, run(ready, deployment(ready)), kind)
    verdict = retried(ready, made, from_start=True, reason="new data")
    assert (verdict.decision, verdict.state.name) == (Decision.ACCEPT, "AwaitingRetry")
    assert "from the start by " in (verdict.state.message or "")
    assert "new data" in (verdict.state.message or "")
    (given,) = claim(ready).runs
    assert (given.flow_run.attempt, given.flow_run.anew) == (2, [Anew(2)])
    line = last_audited(ready)
    assert (line.action, line.details["id"], line.details["from_start"]) == ("flow_runs.retry", str(made), True)


def test_from_the_failures(ready: Dispatcher) -> None:
    """By default nothing is carried out anew; of a run that completed nothing is left to do, and that is said."""
    made = ended(ready, run(ready, deployment(ready)))
    assert retried(ready, made).decision is Decision.ACCEPT
    assert read(ready, made).anew == []
    done = ended(ready, run(ready, deployment(ready, "other")), StateType.COMPLETED)
    refused = retried(ready, done)
    assert refused.decision is Decision.REJECT
    assert "from the start, or from a task run" in (refused.reason or "")


def test_from_a_task_run(ready: Dispatcher) -> None:
    """The call is kept by the key of its first attempt, with the tasks around it; a later choice of it replaces this one."""
    made = ended(ready, run(ready, deployment(ready)))
    around = recorded(ready, made, None, task_name="around")
    chosen = recorded(ready, made, "k1", parent_task_run_id=around)
    retried(ready, made, from_task_run_id=chosen)
    assert read(ready, made).anew == [Anew(2, "key:k1", ["task:around"])]
    ended(ready, made)
    of_second = recorded(ready, made, f"k1~{made.hex}:2", parent_task_run_id=around)
    other = recorded(ready, made, None, task_name="loose")
    retried(ready, made, from_task_run_id=of_second)
    ended(ready, made)
    retried(ready, made, from_task_run_id=other)
    assert read(ready, made).anew == [Anew(3, "key:k1", ["task:around"]), Anew(4, "task:loose")]
    ended(ready, made)
    retried(ready, made, from_start=True)
    assert read(ready, made).anew == [Anew(5)]


def test_from_a_task_run_of_a_subflow(ready: Dispatcher) -> None:
    """Then it is the call of the outermost subflow that it lies in."""
    made = ended(ready, run(ready, deployment(ready)))
    outer = flow_run("outer", parent_flow_run_id=made, idempotency_key="the key")
    inner = flow_run("inner", parent_flow_run_id=outer.id)
    for one in (outer, inner):
        ready.call(op.FLOW_RUNS_CREATE, one)
    retried(ready, made, from_task_run_id=recorded(ready, inner.id, "k1"))
    assert read(ready, made).anew == [Anew(2, "key:the key")]


def test_what_is_refused(ready: Dispatcher) -> None:
    """A task run of another run, one that is not there, both at once, and too many one after the other: nothing changes."""
    made = ended(ready, run(ready, deployment(ready)))
    other = ready.call(op.FLOW_RUNS_CREATE, flow_run()).id
    with pytest.raises(InvalidRequest, match="belongs neither"):
        retried(ready, made, from_task_run_id=recorded(ready, other, "k"))
    with pytest.raises(InvalidRequest, match="belongs neither"):
        retried(ready, made, from_task_run_id=recorded(ready, None, "k"))
    with pytest.raises(ObjectNotFound, match="no task run"):
        retried(ready, made, from_task_run_id=uuid7())
    with pytest.raises(InvalidRequest, match="not both"):
        retried(ready, made, from_start=True, from_task_run_id=recorded(ready, made, "k"))
    assert read(ready, made).state.type is StateType.FAILED
    for number in range(ANEW_LIMIT):
        retried(ready, made, from_task_run_id=recorded(ready, made, f"k{number}"))
        ended(ready, made)
    with pytest.raises(InvalidRequest, match=r"which is the most\. Retry it from the start"):
        retried(ready, made, from_task_run_id=recorded(ready, made, "one more"))
    assert len(read(ready, made).anew) == ANEW_LIMIT


def test_started_by_hand(server: Dispatcher) -> None:
    """A run that no deployment made is started anew by whoever carries it out: the results of that attempt count."""
    made = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    server.call(op.FLOW_RUNS_PROPOSE, proposal(made, StateType.COMPLETED, attempt=1))
    assert server.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER)).decision is Decision.ABORT
    verdict = server.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, from_start=True))
    assert (verdict.decision, verdict.attempt) == (Decision.ACCEPT, 2)
    assert read(server, made).anew == [Anew(2)]
    assert last_audited(server).action == "flow_runs.start"


def test_a_run_is_repeated(ready: Dispatcher) -> None:
    """A new run has the old one's parameters but for those given, its job variables and tags, and says which one it repeats."""
    its = deployment(ready, job_variables={"a": 1}, parameters={"x": 1, "y": 1})
    asked = RunDeployment(its, uuid7(), parameters={"x": 2, "z": 2}, job_variables={"b": 2}, tags=["once"])
    old = ended(ready, ready.call(op.DEPLOYMENTS_RUN, asked).flow_run.id)
    request = RerunFlowRun(old, uuid7(), parameters={"z": 3})
    made = ready.call(op.FLOW_RUNS_RERUN, request)
    assert (made.is_new, made.flow_run.id, made.flow_run.repeats) == (True, request.flow_run_id, old)
    assert made.flow_run.parameters == {"x": 2, "y": 1, "z": 3}
    assert (made.flow_run.job_variables, made.flow_run.tags) == ({"b": 2}, ["once"])
    line = last_audited(ready)
    assert (line.action, line.details["changed_parameters"]) == ("flow_runs.rerun", ["z"])
    told = ready.call(op.EVENTS_LIST, EventQuery(EventFilter(resource_ids=[f"penstock.flow-run.{made.flow_run.id}"])))
    assert any(one["penstock.resource.role"] == "repeated-flow-run" for one in told.items[0].related)
    assert not ready.call(op.FLOW_RUNS_RERUN, request).is_new


def test_what_is_not_repeated(ready: Dispatcher) -> None:
    """A run that no deployment made, and parameters that do not fit the schema, are refused with what to do."""
    by_hand = ready.call(op.FLOW_RUNS_CREATE, flow_run()).id
    with pytest.raises(InvalidRequest, match="penstock flow run"):
        ready.call(op.FLOW_RUNS_RERUN, RerunFlowRun(by_hand, uuid7()))
    schema = {"type": "object", "properties": {"x": {"type": "integer"}}}
    old = run(ready, deployment(ready, parameter_schema=schema))
    with pytest.raises(InvalidRequest, match="x"):
        ready.call(op.FLOW_RUNS_RERUN, RerunFlowRun(old, uuid7(), parameters={"x": "many"}))


def test_a_state_by_hand(ready: Dispatcher) -> None:
    """Who set which state, and from which one, is in the audit; a run that has ended needs force."""
    made = ended(ready, run(ready, deployment(ready)))
    request = SetFlowRunStates(FlowRunFilter(ids=[made]), state("COMPLETED"), dry_run=False)
    (refusal,) = ready.call(op.FLOW_RUNS_SET_STATE_MANY, request).refused
    assert "final" in refusal.reason
    forced = SetFlowRunStates(FlowRunFilter(ids=[made]), state("COMPLETED"), force=True, dry_run=False)
    assert ready.call(op.FLOW_RUNS_SET_STATE_MANY, forced).affected == 1
    now, line = read(ready, made).state, last_audited(ready)
    assert (now.type, (now.message or "").startswith("Set by ")) == (StateType.COMPLETED, True)
    assert (line.action, line.affected, line.details["left_states"]) == (
        "flow_runs.set_state_many",
        1,
        {str(made): "Failed"},
    )
    assert line.details["state"][1] == "Completed"
    assert line.principal


@pytest.mark.parametrize("how", ["many", "proposed", "forced"])
def test_a_cancellation_reaches_what_was_called(ready: Dispatcher, how: str) -> None:
    """What a cancelled run has called is cancelled where it is carried out, at any depth; not a subflow of its process."""
    its = deployment(ready)
    made = run(ready, its)
    claim(ready)
    ready.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, attempt=1))
    within = ready.call(op.FLOW_RUNS_CREATE, flow_run("inner", parent_flow_run_id=made)).id
    waiting = run(ready, its, parent_flow_run_id=within)
    done = ready.call(op.FLOW_RUNS_CREATE, flow_run("inner", parent_flow_run_id=made)).id
    ready.call(op.FLOW_RUNS_PROPOSE, proposal(done, StateType.COMPLETED, attempt=1))
    elsewhere = run(ready, its, parent_flow_run_id=made)
    apart = run(ready, its)
    claim(ready, limit=3)
    if how == "many":
        ready.call(op.FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(FlowRunFilter(ids=[made]), dry_run=False))
    elif how == "proposed":
        ready.call(op.FLOW_RUNS_PROPOSE, proposal(made, StateType.CANCELLING, attempt=None))
    else:
        forced = SetFlowRunStates(FlowRunFilter(ids=[made]), state("CANCELLED"), force=True, dry_run=False)
        ready.call(op.FLOW_RUNS_SET_STATE_MANY, forced)
    names = {one: read(ready, one).state.name for one in (made, within, waiting, done, elsewhere, apart)}
    assert names == {
        made: "Cancelled" if how == "forced" else "Cancelling",
        within: "Running",
        waiting: "Cancelling",
        done: "Completed",
        elsewhere: "Cancelling",
        apart: "Pending",
    }
    assert "called it" in (read(ready, elsewhere).state.message or "")


def test_a_cancellation_ends_what_waits(ready: Dispatcher) -> None:
    """A called run that nobody carries out is Cancelled at once, and the audit counts it."""
    its = deployment(ready)
    made = run(ready, its)
    claim(ready)
    called = run(ready, its, parent_flow_run_id=made)
    ready.call(op.FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(FlowRunFilter(ids=[made]), dry_run=False))
    assert read(ready, called).state.name == "Cancelled"
    assert last_audited(ready).affected == 2
