"""Deployments, their runs and workers, for tests that speak to the server's core."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from penstock.core import clock
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import LOCAL_WORKSPACE, deployment_schedules, deployments, flow_runs
from penstock.server.database.tables import workers as known_workers
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.history import totals_of
from penstock.server.services import flows
from penstock.server.services.events.states import tell_states
from penstock.server.services.flow_run_rows import NOT_DEPLOYED, state_columns
from penstock.wire import operations as op
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.deployments import DeploymentSpec
from penstock.wire.deploying.work_pools import DEFAULT_QUEUE, WorkPoolCreate
from penstock.wire.deploying.workers import Claimed, ClaimRuns, WorkerHeartbeat
from penstock.wire.requests import ById
from penstock.wire.schedules import CronSchedule, OverlapPolicy
from penstock.wire.states import StateRecord

POOL = "docks"
WORKER = "there:7:worker"


def pool(server: Dispatcher, name: str = POOL, **fields: Any) -> str:
    """Make a work pool for processes."""
    server.call(op.WORK_POOLS_CREATE, WorkPoolCreate(name, "process", **fields))
    return name


def worker(server: Dispatcher, id: str = WORKER, pool_name: str | None = POOL, **fields: Any) -> str:
    """Have a worker say that it lives."""
    server.call(op.WORKERS_HEARTBEAT, WorkerHeartbeat(id, f"worker {id}", "process", pool_name, **fields))
    return id


def workers(server: Dispatcher, count: int, pool_name: str = POOL) -> list[str]:
    """Have many workers known at once, as if each had said that it lives."""
    now = clock.now()
    row = {
        "workspace_id": LOCAL_WORKSPACE,
        "name": "one of many",
        "type": "process",
        "pool_name": pool_name,
        "deployment_ids": None,
        "started": now,
        "last_heartbeat": now,
        "heartbeat_seconds": 10.0,
        "alive_until": now + timedelta(hours=1),
        "gone": False,
        "draining": False,
        "hostname": "there",
        "pid": 7,
        "version": "",
        "running": 0,
    }
    names = [f"many:{number}:worker" for number in range(count)]
    rows = [row | {"id": name} for name in names]
    server.ledger.write(lambda connection: connection.execute(insert(known_workers), rows))
    return names


def claim(server: Dispatcher, worker_id: str = WORKER, **fields: Any) -> Claimed:
    """Have a worker ask for runs, without waiting."""
    return server.call(op.FLOW_RUNS_CLAIM, ClaimRuns(worker_id, **fields))


def claimed_ids(claimed: Claimed) -> list[UUID]:
    """Return the runs that were given, in their order."""
    return [one.flow_run.id for one in claimed.runs]


def deployment(server: Dispatcher, name: str = "daily", pool_name: str | None = POOL, **fields: Any) -> UUID:
    """Write a deployment of the flow `hello`."""
    spec = DeploymentSpec("hello", name, work_pool_name=pool_name, **fields)

    def write(connection: Any) -> UUID:
        context = Context(connection, server.database.dialect)
        now = context.now()
        row = {
            "workspace_id": LOCAL_WORKSPACE,
            "id": uuid7(),
            "flow_id": flows.make_known("hello", context),
            "flow_name": "hello",
            "name": name,
            "created": now,
            "updated": now,
            "version_number": 1,
            "newest_version": 1,
            "spec": spec,
            "tags": spec.tags,
            "paused": spec.paused,
            "work_pool_name": pool_name,
            "work_queue_name": spec.work_queue_name,
            "concurrency_limit": spec.concurrency_limit,
            "last_polled": None,
        }
        connection.execute(insert(deployments), row)
        return row["id"]

    made = server.ledger.write(write)
    assert isinstance(made, UUID)
    return made


def schedule(server: Dispatcher, deployment_id: UUID, overlap: OverlapPolicy) -> UUID:
    """Write a schedule of a deployment, which has an overlap policy."""
    made = uuid7()
    row = {
        "workspace_id": LOCAL_WORKSPACE,
        "id": made,
        "deployment_id": deployment_id,
        "slug": str(made),
        "spec": ScheduleSpec(CronSchedule("0 0 * * *"), overlap=overlap),
        "active": True,
        "created": clock.now(),
        "scheduled_until": None,
        "look_at": None,
        "problem": None,
    }
    server.ledger.write(lambda connection: connection.execute(insert(deployment_schedules), row))
    return made


def run(server: Dispatcher, deployment_id: UUID, **fields: Any) -> UUID:
    """Write a run of a deployment that is due, unless told otherwise."""
    return runs(server, deployment_id, 1, **fields)[0]


def runs(
    server: Dispatcher,
    deployment_id: UUID,
    count: int,
    due: datetime | None = None,
    step: timedelta = timedelta(0),
    pool_name: str | None = POOL,
    queue_name: str | None = DEFAULT_QUEUE,
    **columns: Any,
) -> list[UUID]:
    """Write runs of a deployment in one transaction, each due a `step` after the one before."""

    def write(connection: Any) -> list[UUID]:
        context = Context(connection, server.database.dialect)
        now = context.now()
        flow_id = flows.make_known("hello", context)
        rows = [
            _row(deployment_id, flow_id, now, (due or now) + number * step, pool_name, queue_name) | columns
            for number in range(count)
        ]
        connection.execute(insert(flow_runs), rows)
        for row in rows:
            tell_states(row, row["states"], 0, context)
        return [row["id"] for row in rows]

    made = server.ledger.write(write)
    assert isinstance(made, list)
    return made


def _row(
    deployment_id: UUID, flow_id: UUID, now: datetime, due: datetime, pool_name: str | None, queue_name: str | None
) -> dict[str, Any]:
    states = [StateRecord(StateType.SCHEDULED, "Scheduled", now, None, due)]
    return {
        "workspace_id": LOCAL_WORKSPACE,
        "id": uuid7(),
        "flow_id": flow_id,
        "name": "brave-otter",
        "created": now,
        **state_columns(states, totals_of(states), now),
        "parameters": {"x": 1},
        "tags": [],
        "attempt": 0,
        "lease_owner": None,
        "lease_expires": None,
        "parent_flow_run_id": None,
        "parent_task_run_id": None,
        "upstreams": {},
        "flow_version": None,
        "retries": 0,
        "recoveries": 0,
        "idempotency_key": None,
        "error": None,
        "result": None,
        "verdicts": None,
        **{name: None for name in NOT_DEPLOYED if name != "due"},
        "deployment_id": deployment_id,
        "deployment_version": 1,
        "work_pool_name": pool_name,
        "work_queue_name": queue_name if pool_name is not None else None,
    }


def state_names(server: Dispatcher, flow_run_id: UUID) -> list[str]:
    """Return the names of all states that a run has been in."""
    return [one.name for one in server.call(op.FLOW_RUNS_READ, ById(flow_run_id)).states]
