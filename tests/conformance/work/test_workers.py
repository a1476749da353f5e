"""Workers say that they live; pools and queues are made, changed and deleted; silence is noticed, and told once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from support.deployed import POOL, WORKER, claim, claimed_ids, deployment, pool, run, runs, state_names, worker
from support.requests import OWNER, proposal

from penstock.core import clock
from penstock.core.errors import InvalidRequest, ObjectAlreadyExists, ObjectNotFound, StaleAttempt
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, workers
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.retention import Keeping
from penstock.server.services.leases import HeldRun
from penstock.server.services.work.liveness import look_after
from penstock.wire import operations as op
from penstock.wire.deploying.deployments import ApplyDeployment, DeploymentSpec, RunDeployment
from penstock.wire.deploying.work_pools import (
    PoolStatus,
    WorkPoolByName,
    WorkPoolChanges,
    WorkPoolCreate,
    WorkPoolQuery,
    WorkQueueByName,
    WorkQueueChanges,
    WorkQueueCreate,
    WorkQueueQuery,
)
from penstock.wire.deploying.workers import (
    WorkerById,
    WorkerHeartbeat,
    WorkerOrders,
    WorkerQuery,
    WorkerStatus,
)
from penstock.wire.events import EventFilter
from penstock.wire.requests import ById, EventQuery, LeaseClaim, RetryFlowRun, StartFlowRun

TEMPLATE: dict[str, Any] = {
    "variables": {"type": "object", "properties": {"size": {"type": "integer"}}},
    "job_configuration": {"size": "{{ size }}"},
}


def beat(server: Dispatcher, *claims: LeaseClaim, **fields: Any) -> WorkerOrders:
    values: dict[str, Any] = {"id": WORKER, "name": "w", "type": "process", "pool_name": POOL} | fields
    return server.call(op.WORKERS_HEARTBEAT, WorkerHeartbeat(claims=list(claims), **values))


def told(server: Dispatcher, prefix: str) -> list[str]:
    query = EventQuery(EventFilter(events=[f"{prefix}.*"]))
    return [event.event.removeprefix(f"{prefix}.") for event in server.call(op.EVENTS_LIST, query).items]


def look(server: Dispatcher) -> int:
    return server.ledger.write(lambda connection: look_after(Context(connection, server.database.dialect)))


def fall_silent(server: Dispatcher) -> None:
    """Have every worker be heard of last a while ago."""
    values = {"alive_until": clock.now() - timedelta(seconds=1)}
    server.ledger.write(lambda connection: connection.execute(update(workers).values(values)))


def test_a_pool_from_its_making_to_its_end(server: Dispatcher) -> None:
    """A pool is made with a queue, is found, changed and deleted; nothing is made twice, or changed that is not there."""
    made = server.call(op.WORK_POOLS_CREATE, WorkPoolCreate(POOL, "process", "for ships", concurrency_limit=3))
    assert (made.status, made.slots_in_use, made.concurrency_limit) == (PoolStatus.NOT_READY, 0, 3)
    assert "command" in made.base_job_template["variables"]["properties"]
    with pytest.raises(ObjectAlreadyExists, match="already"):
        server.call(op.WORK_POOLS_CREATE, WorkPoolCreate(POOL, "process"))
    with pytest.raises(ObjectAlreadyExists, match="which stays"):
        server.call(op.WORK_POOLS_CREATE, WorkPoolCreate(POOL, "docker", overwrite=True))
    over = server.call(op.WORK_POOLS_CREATE, WorkPoolCreate(POOL, "process", "again", overwrite=True))
    assert (over.description, over.concurrency_limit, over.created) == ("again", None, made.created)
    changed = server.call(op.WORK_POOLS_UPDATE, WorkPoolChanges(POOL, paused=True, base_job_template=TEMPLATE))
    assert (changed.status, changed.base_job_template, changed.description) == (PoolStatus.PAUSED, TEMPLATE, "again")
    pool(server, "another")
    listed = server.call(op.WORK_POOLS_LIST, WorkPoolQuery(limit=1))
    assert [one.name for one in listed.items] == ["another"]
    assert [one.name for one in server.call(op.WORK_POOLS_LIST, WorkPoolQuery(after=listed.next)).items] == [POOL]
    assert [one.name for one in server.call(op.WORK_POOLS_LIST, WorkPoolQuery(names=[POOL])).items] == [POOL]
    server.call(op.WORK_POOLS_DELETE, WorkPoolByName(POOL))
    for operation, request in (
        (op.WORK_POOLS_READ, WorkPoolByName(POOL)),
        (op.WORK_POOLS_DELETE, WorkPoolByName(POOL)),
        (op.WORK_POOLS_UPDATE, WorkPoolChanges(POOL, paused=True)),
        (op.WORK_QUEUES_CREATE, WorkQueueCreate(POOL, "express")),
        (op.WORK_QUEUES_READ, WorkQueueByName(POOL, "default")),
    ):
        with pytest.raises(ObjectNotFound):
            server.call(operation, request)
    assert told(server, "penstock.work-pool") == ["created", "updated", "updated", "created", "deleted"]


@pytest.mark.parametrize(
    "template",
    [
        {"variables": [], "job_configuration": {}},
        {"job_configuration": {"image": "{{ image }}"}},
        {"variables": {"type": "nothing"}, "job_configuration": {}},
        {"variables": {"$ref": "https://example.com/schema.json"}, "job_configuration": {}},
        {"more": 1},
    ],
)
def test_templates_that_are_none(server: Dispatcher, template: dict[str, Any]) -> None:
    """What is no template, or fetches something, is refused, when a pool is made, changed, or made for a worker."""
    pool(server, "there")
    for operation, request in (
        (op.WORK_POOLS_CREATE, WorkPoolCreate(POOL, "mine", base_job_template=template)),
        (op.WORK_POOLS_UPDATE, WorkPoolChanges("there", base_job_template=template)),
        (op.WORKERS_HEARTBEAT, WorkerHeartbeat(WORKER, "w", "mine", POOL, base_job_template=template)),
    ):
        with pytest.raises(InvalidRequest):
            server.call(operation, request)


def test_names_of_any_kind(server: Dispatcher) -> None:
    """A name is any text that can be stored, whatever an address would make of it; others are refused."""
    for name in ("../x", "health", "a b/c%2f", "🚢", "filter"):
        pool(server, name)
        assert server.call(op.WORK_POOLS_READ, WorkPoolByName(name)).name == name
        server.call(op.WORK_QUEUES_CREATE, WorkQueueCreate(name, name))
        assert server.call(op.WORK_QUEUES_READ, WorkQueueByName(name, name)).priority == 2
    for name in ("", " ", "x" * 501, "a\0b"):
        with pytest.raises(InvalidRequest):
            pool(server, name)


def test_queues(server: Dispatcher) -> None:
    """A queue comes last unless told otherwise; its runs go to the default queue when it is deleted."""
    pool(server)
    express = server.call(op.WORK_QUEUES_CREATE, WorkQueueCreate(POOL, "express"))
    assert (express.priority, express.waiting) == (2, 0)
    assert server.call(op.WORK_QUEUES_CREATE, WorkQueueCreate(POOL, "express", priority=5)).priority == 5
    changed = server.call(op.WORK_QUEUES_UPDATE, WorkQueueChanges(POOL, "express", concurrency_limit=1, paused=True))
    assert (changed.concurrency_limit, changed.paused, changed.priority) == (1, True, 5)
    its = deployment(server)
    waiting = runs(server, its, 3, queue_name="express")
    runs(server, its, 2, queue_name="express", due=clock.now() + timedelta(hours=1))
    listed = server.call(op.WORK_QUEUES_LIST, WorkQueueQuery([POOL])).items
    assert [(one.name, one.waiting, one.late) for one in listed] == [("default", 0, 0), ("express", 3, 0)]
    with pytest.raises(InvalidRequest, match="Every work pool"):
        server.call(op.WORK_QUEUES_DELETE, WorkQueueByName(POOL, "default"))
    server.call(op.WORK_QUEUES_DELETE, WorkQueueByName(POOL, "express"))
    worker(server)
    assert claimed_ids(claim(server)) == waiting


def test_a_worker_becomes_known_and_is_forgotten(server: Dispatcher) -> None:
    """The first heartbeat makes a worker known, and its pool if there is none; each of its states is told once."""
    orders = beat(server, hostname="there", pid=7, version="1")
    assert orders.pool is not None
    assert (orders.pool.name, orders.pool.status, orders.lost, orders.cancel) == (POOL, PoolStatus.READY, [], [])
    beat(server)
    (known,) = server.call(op.WORKERS_LIST, WorkerQuery()).items
    assert (known.id, known.status, known.pool_name, known.running) == (WORKER, WorkerStatus.ONLINE, POOL, 0)
    beat(server, draining=True)
    assert server.call(op.WORKERS_LIST, WorkerQuery(statuses=[WorkerStatus.ONLINE])).items == []
    assert len(server.call(op.WORKERS_LIST, WorkerQuery(statuses=[WorkerStatus.DRAINING])).items) == 1
    server.call(op.WORKERS_DELETE, WorkerById(WORKER))
    assert server.call(op.WORKERS_LIST, WorkerQuery()).items == []
    with pytest.raises(ObjectNotFound):
        server.call(op.WORKERS_DELETE, WorkerById(WORKER))
    look(server)
    assert told(server, "penstock.worker") == ["started", "draining", "stopped"]
    assert told(server, "penstock.work-pool") == ["created", "ready", "not-ready"]


def test_silence_is_noticed_once(server: Dispatcher) -> None:
    """After three intervals a worker is OFFLINE, and its pool not ready; it may come back; after a day it is forgotten."""
    beat(server)
    fall_silent(server)
    (known,) = server.call(op.WORKERS_LIST, WorkerQuery(statuses=[WorkerStatus.OFFLINE])).items
    assert known.id == WORKER
    assert server.call(op.WORK_POOLS_READ, WorkPoolByName(POOL)).status is PoolStatus.NOT_READY
    look(server)
    look(server)
    beat(server)
    look(server)
    assert told(server, "penstock.worker") == ["started", "stopped", "started"]
    assert told(server, "penstock.work-pool") == ["created", "ready", "not-ready", "ready"]
    server.purge(Keeping(), 10)
    assert len(server.call(op.WORKERS_LIST, WorkerQuery()).items) == 1
    long_ago = {"last_heartbeat": clock.now() - timedelta(days=2)}
    server.ledger.write(lambda connection: connection.execute(update(workers).values(long_ago)))
    assert server.purge(Keeping(), 10).rows == 1
    assert server.call(op.WORKERS_LIST, WorkerQuery()).items == []


def test_heartbeats_that_make_no_sense(server: Dispatcher) -> None:
    """A worker names one of pool and deployments, is of its pool's type, and can't have a pool of an unknown type made."""
    pool(server)
    for wrong in (
        {"pool_name": None},
        {"deployment_ids": []},
        {"type": "docker"},
        {"heartbeat_seconds": 0},
        {"pid": -1},
        {"name": ""},
    ):
        with pytest.raises(InvalidRequest):
            beat(server, **wrong)
    with pytest.raises(ObjectNotFound, match="knows no type"):
        beat(server, pool_name="new", type="mine")
    orders = beat(server, pool_name="new", type="mine", base_job_template=TEMPLATE)
    assert orders.pool is not None
    assert orders.pool.base_job_template == TEMPLATE


def test_heartbeats_keep_claims(server: Dispatcher) -> None:
    """Claims are renewed until their processes take them over; the worker learns what is lost, and what is to be cancelled."""
    pool(server)
    beat(server)
    kept, running, cancelled, ended = runs(server, deployment(server), 4)
    claim(server)
    claims = [LeaseClaim(one, 1) for one in (kept, running, cancelled, ended)]
    server.call(op.FLOW_RUNS_START, StartFlowRun(running, OWNER, 30.0, attempt=1))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(cancelled, "CANCELLING", attempt=None))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(ended, "CRASHED"))
    asked_at = clock.now()
    orders = beat(server, *claims, lease_seconds=600.0, running=[LeaseClaim(kept, 2)])
    assert orders.lost == [LeaseClaim(ended, 1), LeaseClaim(kept, 2)]
    assert orders.cancel == [LeaseClaim(cancelled, 1)]
    leases = {one: server.call(op.FLOW_RUNS_READ, ById(one)).lease for one in (kept, running)}
    assert all(lease is not None for lease in leases.values())
    assert leases[kept].expires >= asked_at + timedelta(seconds=600)  # type: ignore[union-attr]
    assert leases[running].expires < asked_at + timedelta(seconds=600)  # type: ignore[union-attr]


def test_a_pool_that_is_deleted_while_in_use(server: Dispatcher) -> None:
    """The worker goes on with what it has, and is told that its pool is gone; its next heartbeat does not make it anew."""
    beat(server)
    made, waiting = runs(server, deployment(server), 2)
    claim(server, limit=1)
    server.call(op.WORK_POOLS_DELETE, WorkPoolByName(POOL))
    orders = beat(server, LeaseClaim(made, 1))
    assert (orders.pool, orders.lost) == (None, [])
    assert server.call(op.WORK_POOLS_LIST, WorkPoolQuery()).items == []
    server.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, attempt=1))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(made, "COMPLETED"))
    pool(server)
    assert claimed_ids(claim(server)) == [waiting]


def test_a_claim_that_is_not_followed_up_is_taken_back(server: Dispatcher) -> None:
    """Beyond its deployment's grace a claimed run is another's, though its worker lives; what starts it then is refused."""
    beat(server)
    made = run(server, deployment(server, grace_seconds=0.0))
    for attempt in (1, 2, 3):
        assert [one.flow_run.attempt for one in claim(server).runs] == [attempt]
        assert look(server) == 1
        with pytest.raises(StaleAttempt):
            server.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, attempt=attempt))
    ended = server.call(op.FLOW_RUNS_READ, ById(made))
    assert (ended.state.type, ended.lease) == (StateType.CRASHED, None)
    assert ended.state.message is not None
    assert "claimed 3 times" in ended.state.message
    assert look(server) == 0


def test_a_cancellation_that_is_not_followed_up(server: Dispatcher) -> None:
    """A run whose process goes on in spite of being cancelled is Cancelled after a while, and its process fenced off."""
    beat(server)
    made = run(server, deployment(server))
    claim(server)
    server.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, attempt=1))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(made, "CANCELLING", attempt=None))
    assert look(server) == 0
    overdue = {"due": clock.now() - timedelta(seconds=1)}
    server.ledger.write(lambda connection: connection.execute(update(flow_runs).values(overdue)))
    assert look(server) == 1
    assert state_names(server, made)[-2:] == ["Cancelling", "Cancelled"]
    with pytest.raises(StaleAttempt):
        server.call(op.FLOW_RUNS_PROPOSE, proposal(made, "COMPLETED"))


def dead(run: HeldRun) -> str | None:
    return f"{run.owner} is gone."


def test_a_worker_that_dies_between_claim_and_start(server: Dispatcher) -> None:
    """Fault 5: the run is claimed again, and its slot is free; what was cancelled meanwhile is Cancelled."""
    server.call(op.WORK_POOLS_CREATE, WorkPoolCreate(POOL, "process", concurrency_limit=2))
    beat(server)
    lost, cancelled, waiting = runs(server, deployment(server), 3)
    assert claimed_ids(claim(server)) == [lost, cancelled]
    server.call(op.FLOW_RUNS_PROPOSE, proposal(cancelled, "CANCELLING", attempt=None))
    assert server.sweep(dead) == 2
    assert server.call(op.WORK_POOLS_READ, WorkPoolByName(POOL)).slots_in_use == 0
    assert state_names(server, lost) == ["Scheduled", "Pending", "AwaitingWorker"]
    assert state_names(server, cancelled)[-1] == "Cancelled"
    worker(server, "another")
    assert sorted(claimed_ids(claim(server, "another"))) == sorted([lost, waiting])


def test_recoveries(server: Dispatcher) -> None:
    """A run whose process dies is put back as often as its flow says, by whomever that is found out; then it is Crashed."""
    beat(server)
    made = run(server, deployment(server))
    for attempt in (1, 2, 3):
        claim(server)
        start = StartFlowRun(made, OWNER, attempt=attempt, recoveries=2)
        assert server.call(op.FLOW_RUNS_START, start).attempt == attempt
        if attempt == 2:
            crashed = server.call(op.FLOW_RUNS_PROPOSE, proposal(made, "CRASHED", attempt=2))
            assert crashed.state.name == "AwaitingRecovery"
        else:
            assert server.sweep(dead) == 1
    assert state_names(server, made) == [
        "Scheduled",
        *["Pending", "Running", "AwaitingRecovery"],
        *["Pending", "Retrying", "AwaitingRecovery"],
        *["Pending", "Retrying", "Crashed"],
    ]
    assert server.call(op.FLOW_RUNS_READ, ById(made)).state.message == f"{OWNER} is gone."


def test_a_retry_gives_all_recoveries_again(server: Dispatcher) -> None:
    """A run that somebody has carried out again after its end is put back as often as its flow says, once more."""
    beat(server)
    made = run(server, deployment(server))
    for attempt in (1, 2, 3, 4):
        claim(server)
        server.call(op.FLOW_RUNS_START, StartFlowRun(made, OWNER, attempt=attempt, recoveries=1))
        assert server.sweep(dead) == 1
        if attempt == 2:
            assert server.call(op.FLOW_RUNS_READ, ById(made)).state.name == "Crashed"
            server.call(op.FLOW_RUNS_RETRY, RetryFlowRun(made))
    ended = [name for name in state_names(server, made) if name not in {"Pending", "Running", "Retrying"}]
    assert ended == ["Scheduled", "AwaitingRecovery", "Crashed", "AwaitingRetry", "AwaitingRecovery", "Crashed"]


def test_job_variables_fit_the_pool(server: Dispatcher) -> None:
    """What a deployment or a run says about its infrastructure is held against the pool's template; None leaves it as it is."""
    template = {
        "variables": {
            "type": "object",
            "properties": {
                "size": {"type": "integer"},
                "env": {"type": "object", "additionalProperties": {"type": "string"}},
                "image": {"type": "string", "default": "plain"},
            },
            "required": ["size", "image"],
        },
        "job_configuration": {"size": "{{ size }}", "env": "{{ env }}"},
    }
    pool(server, base_job_template=template)

    def apply(**job_variables: Any) -> UUID:
        spec = DeploymentSpec("hello", "daily", work_pool_name=POOL, job_variables=job_variables)
        return server.call(op.DEPLOYMENTS_APPLY, ApplyDeployment(spec)).id

    def start(**job_variables: Any) -> UUID:
        asked = RunDeployment(its, uuid7(), job_variables=job_variables)
        return server.call(op.DEPLOYMENTS_RUN, asked).flow_run.id

    for wrong in ({"size": "large"}, {"env": {"A": 1}}, {"env.A": 1}):
        with pytest.raises(InvalidRequest, match="job variable"):
            apply(**wrong)
    its = apply()
    with pytest.raises(InvalidRequest, match="missing"):
        start()
    with pytest.raises(InvalidRequest, match="size"):
        start(size="large")
    made = start(size=1, image=None, **{"env.A": "b"})
    worker(server)
    (given,) = claim(server).runs
    assert (given.flow_run.id, given.job_variables) == (made, {"size": 1, "image": None, "env.A": "b"})
