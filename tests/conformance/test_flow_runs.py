"""Flow runs: made once, found by what they are, moved by the rules."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from support.requests import NOON, OTHER, OWNER, flow_run, proposal, state

from penstock.core.errors import InvalidRequest, ObjectLimitReached, ObjectNotFound, StaleAttempt
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision, FlowRunFilter, FlowRunStart
from penstock.wire.requests import ById, FlowRunQuery, StartFlowRun
from penstock.wire.states import ErrorRecord


def test_what_is_created_is_read_back(server: Dispatcher) -> None:
    """Every field of a new run is kept, and it is Running under attempt 1 and a lease."""
    parent, upstream = uuid7(), uuid7()
    request = flow_run(
        parameters={"n": 1, "who": "Zoë", "deep": {"list": [None, 1.5, True]}},
        tags=["b", "a"],
        parent_flow_run_id=parent,
        parent_task_run_id=upstream,
        upstreams={"n": [upstream]},
        flow_version="v3",
        retries=2,
        recoveries=1,
        idempotency_key="once",
    )
    made = server.call(op.FLOW_RUNS_CREATE, request)
    assert made == server.call(op.FLOW_RUNS_READ, ById(request.id))
    for name in ("id", "flow_name", "name", "parameters", "tags", "parent_flow_run_id", "parent_task_run_id"):
        assert getattr(made, name) == getattr(request, name), name
    assert (made.upstreams, made.flow_version, made.retries, made.recoveries) == ({"n": [upstream]}, "v3", 2, 1)
    assert [one.type for one in made.states] == [StateType.PENDING, StateType.RUNNING]
    assert made.state == made.states[-1]
    assert request.start is not None
    assert made.start_time == request.start.timestamp
    assert (made.attempt, made.run_count, made.end_time) == (1, 1, None)
    assert made.lease is not None
    assert (made.lease.owner, made.lease.attempt) == (OWNER, 1)
    assert made.lease.expires == made.created + timedelta(seconds=45)


def test_creating_twice_gives_the_first_one(server: Dispatcher) -> None:
    """The same id, or the same idempotency key in the same flow, makes nothing new."""
    first = flow_run(idempotency_key="key")
    made = server.call(op.FLOW_RUNS_CREATE, first)
    again = msgspec.structs.replace(first, name="other", start=FlowRunStart(OTHER, NOON))
    same_key = flow_run(idempotency_key="key", owner=OTHER)
    other_flow = flow_run("other", idempotency_key="key")
    assert server.call(op.FLOW_RUNS_CREATE, again) == made
    assert server.call(op.FLOW_RUNS_CREATE, same_key) == made
    assert server.call(op.FLOW_RUNS_CREATE, other_flow).id == other_flow.id


def test_a_run_goes_from_state_to_state(server: Dispatcher) -> None:
    """Retries go Running → AwaitingRetry → Retrying in one attempt; time in Running adds up; the end is kept."""
    run = flow_run(states=[state("PENDING", at=NOON)], start=FlowRunStart(OWNER, NOON))
    server.call(op.FLOW_RUNS_CREATE, run)
    steps = [
        ("SCHEDULED", "AwaitingRetry", NOON + timedelta(seconds=10)),
        ("RUNNING", "Retrying", NOON + timedelta(seconds=20)),
        ("FAILED", "Failed", NOON + timedelta(seconds=25)),
    ]
    error = ErrorRecord("ValueError", "no", "Traceback …")
    for kind, name, at in steps:
        asked = proposal(run.id, kind, name, error=error)
        asked = msgspec.structs.replace(
            asked, proposal=msgspec.structs.replace(asked.proposal, state=state(kind, name, at))
        )
        verdict = server.call(op.FLOW_RUNS_PROPOSE, asked)
        assert (verdict.decision, verdict.state.name, verdict.attempt) == (Decision.ACCEPT, name, 1)
    ended = server.call(op.FLOW_RUNS_READ, ById(run.id))
    assert [one.name for one in ended.states] == ["Pending", "Running", "AwaitingRetry", "Retrying", "Failed"]
    assert (ended.run_count, ended.total_run_seconds) == (2, 15.0)
    assert (ended.start_time, ended.end_time) == (NOON, NOON + timedelta(seconds=25))
    assert (ended.error, ended.lease) == (error, None)


def test_a_result_is_kept_and_the_end_is_final(server: Dispatcher) -> None:
    """What Completed says is kept; another state after it is refused and changes nothing; itself again is accepted."""
    run = flow_run()
    server.call(op.FLOW_RUNS_CREATE, run)
    done = proposal(run.id, "COMPLETED", result="file:///result")
    assert server.call(op.FLOW_RUNS_PROPOSE, done).decision is Decision.ACCEPT
    before = server.call(op.FLOW_RUNS_READ, ById(run.id))
    assert before.result == "file:///result"
    for kind in ("FAILED", "RUNNING", "SCHEDULED", "CANCELLED"):
        verdict = server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, kind))
        assert verdict.decision is not Decision.ACCEPT
        assert verdict.reason
    assert server.call(op.FLOW_RUNS_PROPOSE, done).decision is Decision.ACCEPT
    assert server.call(op.FLOW_RUNS_READ, ById(run.id)) == before


def test_a_stale_attempt_is_told_to_stop(server: Dispatcher) -> None:
    """Once a failed run is started again, its former attempt gets StaleAttempt (409) and changes nothing."""
    run = flow_run()
    server.call(op.FLOW_RUNS_CREATE, run)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "FAILED", error=ErrorRecord("E", "m")))
    verdict = server.call(op.FLOW_RUNS_START, StartFlowRun(run.id, OTHER))
    assert (verdict.decision, verdict.attempt, verdict.state.name) == (Decision.ACCEPT, 2, "Retrying")
    with pytest.raises(StaleAttempt, match="attempt 2 is") as refused:
        server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED"))
    assert refused.value.status == 409
    again = server.call(op.FLOW_RUNS_READ, ById(run.id))
    assert (again.state.type, again.attempt, again.error, again.end_time) == (StateType.RUNNING, 2, None, None)
    assert again.lease is not None
    assert again.lease.owner == OTHER


def test_a_run_that_somebody_runs_is_not_given_away(server: Dispatcher) -> None:
    """`start` is refused while another process holds the run, and waits until a scheduled time has come."""
    run = flow_run()
    later = flow_run(owner=None, states=[state("SCHEDULED", scheduled_time=NOON.replace(year=2999))])
    for request in (run, later):
        server.call(op.FLOW_RUNS_CREATE, request)
    refused = server.call(op.FLOW_RUNS_START, StartFlowRun(run.id, OTHER))
    assert (refused.decision, refused.attempt) == (Decision.ABORT, 1)
    assert refused.reason is not None
    assert OWNER in refused.reason
    waits = server.call(op.FLOW_RUNS_START, StartFlowRun(later.id, OTHER))
    assert (waits.decision, waits.attempt) == (Decision.WAIT, 0)
    assert waits.retry_after_seconds > 0


def test_a_verdict_is_given_again_under_its_key(server: Dispatcher) -> None:
    """A proposal repeated under its idempotency key gets the first answer, whatever has happened since."""
    run = flow_run()
    server.call(op.FLOW_RUNS_CREATE, run)
    first = server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "SCHEDULED", "AwaitingRetry", idempotency_key="a"))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "RUNNING", "Retrying", idempotency_key="b"))
    again = server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "SCHEDULED", "AwaitingRetry", idempotency_key="a"))
    assert again == first
    assert server.call(op.FLOW_RUNS_READ, ById(run.id)).state.name == "Retrying"


def test_what_is_not_there_is_said(server: Dispatcher) -> None:
    """Every operation on one run names the id that there is not."""
    missing = uuid7()
    for operation, request in (
        (op.FLOW_RUNS_READ, ById(missing)),
        (op.FLOW_RUNS_COUNTS, ById(missing)),
        (op.FLOW_RUNS_DELETE, ById(missing)),
        (op.FLOW_RUNS_START, StartFlowRun(missing, OWNER)),
        (op.FLOW_RUNS_PROPOSE, proposal(missing, "COMPLETED")),
        (op.TASK_RUNS_READ, ById(missing)),
    ):
        with pytest.raises(ObjectNotFound, match=str(missing)):
            server.call(operation, request)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "is empty"),
        ({"name": " \n"}, "is empty"),
        ({"name": "a\0b"}, "can't be stored"),
        ({"name": "\ud800"}, "can't be stored"),
        ({"name": "x" * 10_240}, "10,240 characters"),
        ({"flow_name": "a\0b"}, "can't be stored"),
        ({"tags": ["fine", ""]}, "The name of a tag"),
        ({"idempotency_key": "k" * 501}, "idempotency key"),
        ({"states": []}, "has no state"),
        ({"states": [state("PENDING", at=NOON.replace(tzinfo=None))]}, "no time zone"),
        ({"states": [state("RUNNING")], "owner": None}, "no process runs it"),
        ({"states": [state("COMPLETED")]}, "which is final"),
        ({"start": FlowRunStart(OWNER, NOON, lease_seconds=0)}, "A lease lasts"),
        ({"parameters": {"n": object()}}, "are no JSON"),
        ({"retries": 2**70}, "value of the wrong type"),
    ],
)
def test_nonsense_is_refused(server: Dispatcher, fields: dict[str, object], message: str) -> None:
    """What can't be stored or makes no sense is refused with the fact, and nothing is written."""
    with pytest.raises(InvalidRequest, match=message):
        server.call(op.FLOW_RUNS_CREATE, flow_run(**{"flow_name": "refused", **fields}))
    assert server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items == []


@pytest.mark.parametrize(
    "fields", [{"parameters": {"text": "x" * 5_000_000}}, {"tags": [f"tag {number}" for number in range(101)]}]
)
def test_what_is_too_large_is_refused(server: Dispatcher, fields: dict[str, object]) -> None:
    """Sizes are bounded (413)."""
    with pytest.raises(ObjectLimitReached, match="at most") as refused:
        server.call(op.FLOW_RUNS_CREATE, flow_run(**fields))
    assert refused.value.status == 413


@pytest.mark.parametrize("name", ["🦦", "two\nlines", "../x", "'; DROP TABLE flow_runs; --", "é" * 500, "%_\\"])
def test_odd_names_are_kept(server: Dispatcher, name: str) -> None:
    """Names are data: any text that can be stored comes back as it was, and finds its run."""
    run = flow_run(name, name=name, tags=[name])
    server.call(op.FLOW_RUNS_CREATE, run)
    condition = FlowRunFilter(name=name, flow_names=[name], tags_all=[name], name_like=name)
    (found,) = server.call(op.FLOW_RUNS_LIST, FlowRunQuery(condition)).items
    assert (found.id, found.name, found.flow_name, found.tags) == (run.id, name, name, [name])


def _ids(server: Dispatcher, **condition: object) -> list[UUID]:
    page = server.call(op.FLOW_RUNS_LIST, FlowRunQuery(FlowRunFilter(**condition)))  # type: ignore[arg-type]
    return [run.id for run in page.items]


def test_filters(server: Dispatcher) -> None:
    """Each condition finds what it says, and together they all must hold; the newest come first."""
    parent = flow_run("alpha", name="First", tags=["x", "y"], start=FlowRunStart(OWNER, NOON))
    child = flow_run(
        "beta",
        name="SECOND otter",
        tags=["y"],
        parent_flow_run_id=parent.id,
        start=FlowRunStart(OWNER, NOON + timedelta(hours=1)),
    )
    waiting = flow_run("beta", owner=None, name="Éclair")
    for request in (parent, child, waiting):
        server.call(op.FLOW_RUNS_CREATE, request)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(parent.id, "FAILED", "TimedOut"))
    all_of_them = [waiting.id, child.id, parent.id]
    assert _ids(server) == all_of_them
    assert _ids(server, ids=[parent.id, waiting.id]) == [waiting.id, parent.id]
    assert _ids(server, ids=[]) == []
    assert _ids(server, name="First") == [parent.id]
    assert _ids(server, name_like="OTT") == [child.id]
    assert _ids(server, name_like="éCL") == [waiting.id]
    assert _ids(server, name_like="_") == []
    assert _ids(server, flow_names=["beta", "none"]) == [waiting.id, child.id]
    assert _ids(server, state_types=[StateType.FAILED, StateType.PENDING]) == [waiting.id, parent.id]
    assert _ids(server, state_names=["TimedOut"]) == [parent.id]
    assert _ids(server, tags_all=["x", "y"]) == [parent.id]
    assert _ids(server, tags_any=["x", "y"]) == [child.id, parent.id]
    assert _ids(server, started_after=NOON) == [child.id, parent.id]
    assert _ids(server, started_before=NOON + timedelta(hours=1)) == [parent.id]
    assert _ids(server, parent_flow_run_id=parent.id) == [child.id]
    assert _ids(server, roots_only=True) == [waiting.id, parent.id]
    assert _ids(server, roots_only=True, flow_names=["beta"], tags_any=["y"]) == []


@pytest.mark.parametrize("bounded_start", [False, True])
def test_pages(server: Dispatcher, bounded_start: bool) -> None:
    """Pages follow each other without a gap or a repeat, also where several runs share a sort key."""
    requests = [flow_run(start=FlowRunStart(OWNER, NOON + timedelta(seconds=number // 3))) for number in range(10)]
    for request in requests:
        server.call(op.FLOW_RUNS_CREATE, request)
    condition = FlowRunFilter(started_after=NOON) if bounded_start else FlowRunFilter()
    seen: list[UUID] = []
    cursor = None
    while True:
        page = server.call(op.FLOW_RUNS_LIST, FlowRunQuery(condition, limit=3, after=cursor))
        assert all(run.states == [] for run in page.items)
        seen += [run.id for run in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [request.id for request in reversed(requests)]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (FlowRunQuery(limit=0), "from 1 to 200"),
        (FlowRunQuery(limit=201), "from 1 to 200"),
        (FlowRunQuery(after="nonsense"), "no cursor"),
        (FlowRunQuery(after="é"), "no cursor"),
        (FlowRunQuery(after="W10"), "no cursor"),
        (FlowRunQuery(FlowRunFilter(started_after=NOON.replace(tzinfo=None))), "no time zone"),
    ],
)
def test_wrong_queries_are_refused(server: Dispatcher, query: FlowRunQuery, message: str) -> None:
    """Page sizes and cursors are checked (422)."""
    with pytest.raises(InvalidRequest, match=message):
        server.call(op.FLOW_RUNS_LIST, query)
    with pytest.raises(ObjectLimitReached, match="500 values"):
        server.call(op.FLOW_RUNS_LIST, FlowRunQuery(FlowRunFilter(ids=[uuid7()] * 501)))
