"""Claims: what is due is given once, in order, within every limit; on every kind of database."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Table, Text, type_coerce, update
from support.deployed import (
    POOL,
    WORKER,
    claim,
    claimed_ids,
    deployment,
    pool,
    run,
    runs,
    schedule,
    state_names,
    worker,
)
from support.requests import OWNER, proposal

from penstock.core import clock
from penstock.core.errors import InvalidRequest, ObjectNotFound, StaleAttempt
from penstock.core.state_type import StateType
from penstock.server.database import tables
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.work.collisions import Collisions
from penstock.wire import operations as op
from penstock.wire.deploying.deployments import CollisionStrategy
from penstock.wire.deploying.work_pools import WorkPoolByName, WorkPoolChanges, WorkQueueChanges, WorkQueueCreate
from penstock.wire.deploying.workers import HandBack
from penstock.wire.flow_runs import Decision, FlowRun
from penstock.wire.requests import ById, LeaseClaim, StartFlowRun
from penstock.wire.schedules import OverlapPolicy

HOUR = timedelta(hours=1)


@pytest.fixture
def ready(server: Dispatcher) -> Dispatcher:
    """A server with a work pool, and a worker of it."""
    pool(server)
    worker(server)
    return server


def read(server: Dispatcher, flow_run_id: UUID) -> FlowRun:
    return server.call(op.FLOW_RUNS_READ, ById(flow_run_id))


def held(*runs: FlowRun) -> list[LeaseClaim]:
    return [LeaseClaim(one.id, one.attempt) for one in runs]


def test_a_due_run_is_given_once(ready: Dispatcher) -> None:
    """Who claims it has its attempt and lease, and it is Pending; nobody else gets it."""
    worker(ready, "other")
    made = run(ready, deployment(ready, job_variables={"a": 1, "b": 1}), job_variables={"b": 2})
    (given,) = claim(ready).runs
    assert claim(ready, "other").runs == []
    now = read(ready, made)
    assert (given.flow_run.id, given.flow_run.attempt, given.flow_run.state) == (made, 1, now.state)
    assert (now.state.type, now.attempt, now.worker_id, now.run_count) == (StateType.PENDING, 1, WORKER, 0)
    assert now.lease is not None
    assert (now.lease.owner, now.lease.attempt) == (WORKER, 1)
    assert given.deployment.spec.name == "daily"
    assert given.job_variables == {"a": 1, "b": 2}
    assert given.flow_run.parameters == {"x": 1}
    assert given.token is None


def test_the_order_of_what_is_due(ready: Dispatcher) -> None:
    """The queue of the lowest number goes first, then what was due first; what is not due yet waits, and says until when."""
    ready.call(op.WORK_QUEUES_CREATE, WorkQueueCreate(POOL, "express", priority=1))
    ready.call(op.WORK_QUEUES_UPDATE, WorkQueueChanges(POOL, "default", priority=2))
    its, now = deployment(ready), clock.now()
    late, early = run(ready, its, due=now - HOUR), run(ready, its, due=now - 2 * HOUR)
    first = run(ready, its, due=now, queue_name="express")
    later = run(ready, its, due=now + HOUR)
    assert claimed_ids(claim(ready, limit=2)) == [first, early]
    claimed = claim(ready, running=[LeaseClaim(first, 1), LeaseClaim(early, 1)])
    assert claimed_ids(claimed) == [late]
    assert claimed.next_due == read(ready, later).expected_start


def test_queues_of_one_rank_share(ready: Dispatcher) -> None:
    """Runs of queues with the same number go in the order in which they are due."""
    ready.call(op.WORK_QUEUES_CREATE, WorkQueueCreate(POOL, "twin", priority=1))
    its, now = deployment(ready), clock.now()
    made = [
        run(ready, its, due=now - number * HOUR, queue_name=name) for number, name in enumerate(["default", "twin"] * 2)
    ]
    assert claimed_ids(claim(ready)) == made[::-1]


def test_only_the_queues_that_are_named(ready: Dispatcher) -> None:
    """A worker that asks for runs of some queues gets none of others."""
    ready.call(op.WORK_QUEUES_CREATE, WorkQueueCreate(POOL, "express"))
    its = deployment(ready)
    run(ready, its)
    express = run(ready, its, queue_name="express")
    assert claimed_ids(claim(ready, queue_names=["express"])) == [express]
    assert claim(ready, queue_names=["nowhere"], running=[LeaseClaim(express, 1)]).runs == []


def test_what_rests_gives_nothing(ready: Dispatcher) -> None:
    """A paused pool and a paused queue give nothing; a deployment whose schedules rest does, to who runs it by hand."""
    made = run(ready, deployment(ready, paused=True))
    ready.call(op.WORK_POOLS_UPDATE, WorkPoolChanges(POOL, paused=True))
    assert claim(ready).runs == []
    ready.call(op.WORK_POOLS_UPDATE, WorkPoolChanges(POOL, paused=False))
    ready.call(op.WORK_QUEUES_UPDATE, WorkQueueChanges(POOL, "default", paused=True))
    assert claim(ready).runs == []
    ready.call(op.WORK_QUEUES_UPDATE, WorkQueueChanges(POOL, "default", paused=False))
    assert claimed_ids(claim(ready)) == [made]


@pytest.mark.parametrize("what", ["pool", "queue", "deployment"])
def test_limits_count_live_leases(ready: Dispatcher, what: str) -> None:
    """No more go on than may; a slot is free once a run has ended, whoever ends it."""
    its = deployment(ready, concurrency_limit=2 if what == "deployment" else None)
    if what == "pool":
        ready.call(op.WORK_POOLS_UPDATE, WorkPoolChanges(POOL, concurrency_limit=2))
    if what == "queue":
        ready.call(op.WORK_QUEUES_UPDATE, WorkQueueChanges(POOL, "default", concurrency_limit=2))
    made = runs(ready, its, 5)
    first = claim(ready)
    assert claimed_ids(first) == made[:2]
    mine = held(*(one.flow_run for one in first.runs))
    assert claim(ready, running=mine).runs == []
    assert ready.call(op.WORK_POOLS_READ, WorkPoolByName(POOL)).slots_in_use == 2
    ready.call(op.FLOW_RUNS_START, StartFlowRun(made[0], OWNER, attempt=1))
    assert claim(ready, running=mine).runs == []
    ready.call(op.FLOW_RUNS_PROPOSE, proposal(made[0], "COMPLETED"))
    assert claimed_ids(claim(ready, running=mine)) == [made[2]]


def test_a_run_that_waits_for_a_slot_says_so(ready: Dispatcher) -> None:
    """What may not begin beside others is AwaitingConcurrencySlot, once, with the reason; then it begins in its turn."""
    its = deployment(ready, concurrency_limit=1)
    first, second, third = runs(ready, its, 3)
    mine = held(*(one.flow_run for one in claim(ready).runs))
    claim(ready, running=mine)
    assert state_names(ready, second) == ["Scheduled", "AwaitingConcurrencySlot"]
    assert read(ready, second).state.message == "1 run(s) of its deployment go on, and not more may."
    ready.call(op.FLOW_RUNS_HAND_BACK, HandBack(first, 1, delay_seconds=60))
    assert claimed_ids(claim(ready)) == [second]
    assert state_names(ready, third)[-1] == "AwaitingConcurrencySlot"


def test_a_slot_that_becomes_free_meanwhile(ready: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was thought to be full, and is not any more, is left to the next claim: no other limit is passed for it."""
    ready.call(op.WORK_POOLS_UPDATE, WorkPoolChanges(POOL, concurrency_limit=1))
    its = deployment(ready, concurrency_limit=3)
    made = runs(ready, its, 3)
    with monkeypatch.context() as patched:
        patched.setattr(Collisions, "find_full", lambda self, pool_name: self.full.add(its))
        claimed = claim(ready)
        assert claimed.runs == []
        assert claimed.next_due is not None
    assert claimed_ids(claim(ready)) == made[:1]


def test_many_that_wait_do_not_hide_those_behind(ready: Dispatcher) -> None:
    """A deployment whose many runs wait for its one slot holds up no other's."""
    narrow, wide = deployment(ready, concurrency_limit=1), deployment(ready, "wide")
    first = runs(ready, narrow, 300, due=clock.now() - HOUR)[0]
    behind = run(ready, wide)
    assert claimed_ids(claim(ready, limit=2)) == [first, behind]


def test_what_collides_is_cancelled_where_that_is_wanted(ready: Dispatcher) -> None:
    """CANCEL_NEW ends the runs that are due while the deployment runs as often as it may."""
    its = deployment(ready, concurrency_limit=1, collision_strategy=CollisionStrategy.CANCEL_NEW)
    first, second = runs(ready, its, 2)
    assert claimed_ids(claim(ready)) == [first]
    ended = read(ready, second)
    assert (ended.state.type, ended.attempt, ended.lease) == (StateType.CANCELLED, 0, None)
    third = run(ready, its)
    assert claim(ready, running=[LeaseClaim(first, 1)]).runs == []
    assert read(ready, third).state.type is StateType.CANCELLED


@pytest.mark.parametrize("policy", list(OverlapPolicy))
def test_overlaps_of_a_schedule(ready: Dispatcher, policy: OverlapPolicy) -> None:
    """While one run of a schedule goes on, the next begins beside it, waits, is skipped, or takes its place."""
    its = deployment(ready)
    mine, now = schedule(ready, its, policy), clock.now()
    older = run(ready, its, due=now - HOUR, schedule_id=mine)
    assert claimed_ids(claim(ready)) == [older]
    ready.call(op.FLOW_RUNS_START, StartFlowRun(older, OWNER, attempt=1))
    newer = run(ready, its, due=now, schedule_id=mine)
    by_hand = run(ready, its)
    given = claimed_ids(claim(ready, running=[LeaseClaim(older, 1)]))
    assert by_hand in given
    assert (newer in given) == (policy is OverlapPolicy.ALLOW)
    expected = {
        OverlapPolicy.ALLOW: ("Pending", "Running"),
        OverlapPolicy.ENQUEUE: ("AwaitingConcurrencySlot", "Running"),
        OverlapPolicy.SKIP: ("Cancelled", "Running"),
        OverlapPolicy.CANCEL_OLDER: ("AwaitingConcurrencySlot", "Cancelling"),
    }
    assert (read(ready, newer).state.name, read(ready, older).state.name) == expected[policy]
    ready.call(op.FLOW_RUNS_PROPOSE, proposal(older, "CANCELLED"))
    follows = claimed_ids(claim(ready, running=[LeaseClaim(older, 1), *(LeaseClaim(one, 1) for one in given)]))
    assert follows == ([newer] if policy in (OverlapPolicy.ENQUEUE, OverlapPolicy.CANCEL_OLDER) else [])


def test_of_several_overdue_runs_the_policy_keeps_the_right_one(ready: Dispatcher) -> None:
    """Of runs that became due while no worker lived, SKIP and ENQUEUE begin with the first, CANCEL_OLDER with the last."""
    its, now = deployment(ready), clock.now()
    kept = {}
    for policy in (OverlapPolicy.ENQUEUE, OverlapPolicy.SKIP, OverlapPolicy.CANCEL_OLDER):
        made = runs(ready, its, 3, due=now - 3 * HOUR, step=HOUR, schedule_id=schedule(ready, its, policy))
        kept[policy] = made[-1] if policy is OverlapPolicy.CANCEL_OLDER else made[0]
        names = {
            OverlapPolicy.ENQUEUE: ["Pending", "AwaitingConcurrencySlot", "AwaitingConcurrencySlot"],
            OverlapPolicy.SKIP: ["Pending", "Cancelled", "Cancelled"],
            OverlapPolicy.CANCEL_OLDER: ["Cancelled", "Cancelled", "Pending"],
        }[policy]
        assert claimed_ids(claim(ready, running=[LeaseClaim(one, 1) for one in kept.values()][:-1])) == [kept[policy]]
        assert [state_names(ready, one)[-1] for one in made] == names


def test_served_deployments(server: Dispatcher) -> None:
    """A process that serves deployments gets their runs, and no others; what waits in a pool is not theirs."""
    pool(server)
    mine, other, pooled = (deployment(server, name, where) for name, where in (("a", None), ("b", None), ("c", POOL)))
    worker(server, pool_name=None, deployment_ids=[mine, pooled])
    wanted = runs(server, mine, 2, pool_name=None)
    run(server, other, pool_name=None)
    run(server, pooled)
    assert claimed_ids(claim(server)) == wanted


def test_a_lost_answer_is_given_again(ready: Dispatcher) -> None:
    """What a worker was given and does not know of, it is given again; a run it knows of is not."""
    first, second = runs(ready, deployment(ready), 2)
    assert claimed_ids(claim(ready)) == [first, second]
    assert claimed_ids(claim(ready, running=[LeaseClaim(first, 1)])) == [second]
    assert read(ready, second).attempt == 1
    ready.call(op.FLOW_RUNS_START, StartFlowRun(second, OWNER, attempt=1))
    assert claim(ready, running=[LeaseClaim(first, 1)]).runs == []


def test_a_claimed_run_is_started_by_a_process(ready: Dispatcher) -> None:
    """The process takes the attempt and its lease over; asking again changes nothing, and no other process gets it."""
    made = run(ready, deployment(ready))
    claim(ready)
    for _ in range(2):
        verdict = ready.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, attempt=1, recoveries=2))
        assert (verdict.decision, verdict.attempt, verdict.state.name) == (Decision.ACCEPT, 1, "Running")
    now = read(ready, made)
    assert now.lease is not None
    assert (now.lease.owner, now.attempt, now.run_count, now.recoveries) == (OWNER, 1, 1, 2)
    other = ready.call(op.FLOW_RUNS_START, StartFlowRun(made, "another", attempt=1))
    assert other.decision is Decision.ABORT
    with pytest.raises(StaleAttempt):
        ready.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, attempt=2))
    assert state_names(ready, made) == ["Scheduled", "Pending", "Running"]


def test_a_run_is_handed_back(ready: Dispatcher) -> None:
    """It is due again, at once or later, and the process of the former attempt gets nothing any more."""
    made = run(ready, deployment(ready))
    claim(ready)
    for _ in range(2):
        verdict = ready.call(op.FLOW_RUNS_HAND_BACK, HandBack(made, 1, "it is stopping"))
        assert (verdict.decision, verdict.state.name) == (Decision.ACCEPT, "Scheduled")
    with pytest.raises(StaleAttempt):
        ready.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, attempt=1))
    (again,) = claim(ready).runs
    assert again.flow_run.attempt == 2
    ready.call(op.FLOW_RUNS_HAND_BACK, HandBack(made, 2, delay_seconds=3600))
    with pytest.raises(StaleAttempt):
        ready.call(op.FLOW_RUNS_HAND_BACK, HandBack(made, 1))
    later = claim(ready)
    assert later.runs == []
    assert later.next_due is not None
    assert later.next_due > clock.now() + timedelta(minutes=59)
    assert read(ready, made).state.message == "Its worker handed it back: it could not start it."


def test_a_running_run_is_not_handed_back(ready: Dispatcher) -> None:
    """Once its process runs it, the worker can't give it back."""
    made = run(ready, deployment(ready))
    claim(ready)
    ready.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, attempt=1))
    verdict = ready.call(op.FLOW_RUNS_HAND_BACK, HandBack(made, 1))
    assert (verdict.decision, verdict.state.name) == (Decision.REJECT, "Running")


def test_who_may_not_claim(ready: Dispatcher) -> None:
    """A worker that never said anything, one that drains, and one whose pool is gone get nothing, and nonsense is refused."""
    run(ready, deployment(ready))
    with pytest.raises(ObjectNotFound, match="heartbeat"):
        claim(ready, "nobody")
    worker(ready, "old", draining=True)
    assert claim(ready, "old").runs == []
    for wrong in ({"limit": 101}, {"limit": -1}, {"wait_seconds": 61}, {"lease_seconds": 0}):
        with pytest.raises(InvalidRequest):
            claim(ready, **wrong)
    assert claim(ready, limit=0).runs == []
    ready.call(op.WORK_POOLS_DELETE, WorkPoolByName(POOL))
    with pytest.raises(ObjectNotFound, match="was deleted"):
        claim(ready)


def test_a_run_whose_deployment_is_gone(ready: Dispatcher) -> None:
    """A run whose deployment is gone ends, and says why, instead of waiting for ever."""
    from sqlalchemy import delete

    from penstock.server.database.tables import deployments

    its = deployment(ready)
    made = run(ready, its)
    ready.ledger.write(lambda connection: connection.execute(delete(deployments)))
    assert claim(ready).runs == []
    assert (read(ready, made).state.type, read(ready, made).state.message) == (
        StateType.CANCELLED,
        "Its deployment was deleted.",
    )


def test_spoilt_rows_do_not_stop_claims(ready: Dispatcher) -> None:
    """A run whose deployment can't be read is Crashed with the reason; what else of a run is spoilt is taken as not there."""
    its, broken = deployment(ready), deployment(ready, "broken")
    first = run(ready, broken)
    spoilt = run(ready, its, schedule_id=schedule(ready, its, OverlapPolicy.SKIP))
    last = run(ready, its)

    def spoil(table: Table, column: str, id_: UUID) -> None:
        values = {column: type_coerce("{spoilt", Text())}
        ready.ledger.write(lambda connection: connection.execute(update(table).where(table.c.id == id_).values(values)))

    spoil(tables.deployments, "spec", broken)
    for column in ("states", "parameters", "job_variables", "tags", "verdicts"):
        spoil(tables.flow_runs, column, spoilt)
    ready.ledger.write(
        lambda connection: connection.execute(
            update(tables.deployment_schedules).values(spec=type_coerce("{spoilt", Text()))
        )
    )
    assert claimed_ids(claim(ready)) == [spoilt, last]
    crashed = read(ready, first)
    assert (crashed.state.type, crashed.lease) == (StateType.CRASHED, None)
    assert crashed.state.message == "What its deployment says can't be read. Deploy it again."
