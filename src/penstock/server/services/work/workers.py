"""Workers: they say that they live and what they hold, and are told what to end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import deployments, flow_runs, work_pools, work_queues, workers
from penstock.server.pages import page_of, split_page
from penstock.server.services.bulk import audit
from penstock.server.services.events.rows import related_to, tell
from penstock.server.services.work import pools
from penstock.server.services.work.templates import check_template
from penstock.wire.deploying.job_templates import TEMPLATES
from penstock.wire.deploying.workers import (
    Worker,
    WorkerById,
    WorkerHeartbeat,
    WorkerOrders,
    WorkerPage,
    WorkerQuery,
    WorkerStatus,
)
from penstock.wire.events import RESOURCE_ID, RESOURCE_NAME, Event
from penstock.wire.requests import Done, LeaseClaim

WorkerRow = Mapping[Any, Any]

INTERVALS_OF_SILENCE = 3
"""After so many intervals without a heartbeat a worker counts as gone."""

MOST_SERVED = 1_000
"""The most deployments that one process serves."""

LONGEST_INTERVAL_SECONDS = 3_600.0
_LEAST_BETWEEN_POLLS = timedelta(seconds=5)
_IDS_PER_STATEMENT = 400
_TEXT_LIMIT = 500
_GREATEST_PID = 2**31 - 1


def heartbeat(request: WorkerHeartbeat, context: Context) -> WorkerOrders:
    """Note that a worker lives, and let its claims last longer. The first one makes it known, and its pool if there is none.

    Raises:
        InvalidRequest: a name or a number makes no sense, or the worker is of another type than its pool.
        ObjectNotFound: there is no such pool, and none can be made for a worker of this type.
        ObjectLimitReached: it holds, or serves, too much.
    """
    _check(request)
    found = _find(request.id, context)
    pool = None if request.pool_name is None else _pool_of(request, context, may_make=found is None)
    # Runs first, as all lock them before anything else; what follows waits for nobody's lock.
    lost, cancel = _judged(request, context)
    _write(request, found, context)
    if pool is not None:
        _note_ready(pool["name"], context)
    _note_polled(request, context)
    return WorkerOrders(None if pool is None else pools.pool_of(pool, context), lost, cancel)


def list_(query: WorkerQuery, context: Context) -> WorkerPage:
    """Return a page of workers, those heard of last first."""
    now = context.now()
    conditions = [workers.c.workspace_id == context.workspace_id]
    if query.pool_names is not None:
        bounds.check_count(query.pool_names, bounds.FILTER_LIMIT, "names")
        conditions.append(workers.c.pool_name.in_(query.pool_names))
    if query.statuses is not None:
        conditions.append(or_(*(_has_status(status, now) for status in query.statuses)))
    keys = [workers.c.last_heartbeat, workers.c.id]
    page = page_of(select(workers).where(*conditions), keys, query.after, query.limit, descending=True)
    rows, following = split_page(context.connection.execute(page).all(), keys, query.limit)
    return WorkerPage([_worker_of(row._mapping, now) for row in rows], following)


def delete_(request: WorkerById, context: Context) -> Done:
    """Forget a worker, as one that ends does for itself. What it holds is taken back once its leases end.

    Raises:
        ObjectNotFound: there is none.
    """
    row = read_row(request.worker_id, context)
    context.connection.execute(delete(workers).where(*_its(request.worker_id, context)))
    if not row["gone"]:
        tell_of_worker(row, "stopped", context)
    audit.record("workers.delete", 1, request, context)
    return Done(1)


def read_row(worker_id: str, context: Context) -> WorkerRow:
    """Return the row of a worker.

    Raises:
        ObjectNotFound: there is none.
    """
    row = _find(worker_id, context)
    if row is None:
        raise ObjectNotFound(f"The server knows no worker {worker_id[:100]!r}. Send a heartbeat first.")
    return row


def draining_workers(context: Context) -> frozenset[str]:
    """Return the workers that take nothing more, and still live; there are few."""
    its = workers.c.workspace_id == context.workspace_id, workers.c.draining, workers.c.alive_until >= context.now()
    return frozenset(context.connection.execute(select(workers.c.id).where(*its).limit(bounds.BATCH_LIMIT)).scalars())


def tell_of_worker(row: Mapping[Any, Any], what: str, context: Context) -> None:
    """Have it told what became of a worker."""
    resource = {
        RESOURCE_ID: f"penstock.worker.{row['id']}",
        RESOURCE_NAME: row["name"],
        "penstock.worker-type": row["type"],
    }
    related = [] if row["pool_name"] is None else [related_to("work-pool", row["pool_name"], "work-pool")]
    tell(Event(uuid7(), context.now(), f"penstock.worker.{what}", resource, related), context)


def _check(request: WorkerHeartbeat) -> None:
    for text, what in ((request.id, "worker's id"), (request.name, "worker"), (request.type, "type of workers")):
        bounds.check_name(text, what)
    if (request.pool_name is None) == (request.deployment_ids is None):
        raise InvalidRequest(f"Worker {request.name!r} works for a pool, or serves deployments: name one of both.")
    if request.pool_name is not None:
        bounds.check_name(request.pool_name, "work pool")
    bounds.check_count(request.deployment_ids, MOST_SERVED, "deployments that one process serves")
    bounds.check_count([*request.claims, *request.running], bounds.BATCH_LIMIT, "runs that a worker holds")
    bounds.check_lease(request.lease_seconds)
    if not 0 < request.heartbeat_seconds <= LONGEST_INTERVAL_SECONDS:
        raise InvalidRequest(
            f"A worker's heartbeats are at most {LONGEST_INTERVAL_SECONDS:,.0f} s apart, not {request.heartbeat_seconds:g} s."
        )
    if not 0 <= request.pid <= _GREATEST_PID:
        raise InvalidRequest(f"{request.pid} is no number of a process.")


def _find(worker_id: str, context: Context) -> WorkerRow | None:
    return context.connection.execute(select(workers).where(*_its(worker_id, context))).mappings().first()


def _pool_of(request: WorkerHeartbeat, context: Context, *, may_make: bool) -> pools.PoolRow | None:
    """Return the worker's pool. It is made for a worker that is new; one that was deleted while it works stays so."""
    assert request.pool_name is not None
    row = pools.find_row(request.pool_name, context)
    if row is None and may_make:
        template = request.base_job_template
        if template is None:
            template = TEMPLATES.get(request.type)
        if template is None:
            raise ObjectNotFound(
                f"There is no work pool {request.pool_name!r}, and the server knows no type {request.type!r} to make one of. "
                "Make it by `penstock work-pool create`, or send its base_job_template."
            )
        pools.make(
            request.pool_name, request.type, {"base_job_template": check_template(template, request.pool_name)}, context
        )
        row = pools.read_row(request.pool_name, context)
    if row is not None and row["type"] != request.type:
        raise InvalidRequest(
            f"Work pool {request.pool_name!r} is for workers of the type {row['type']!r}, not {request.type!r}. Start one of "
            "that type, or name another pool."
        )
    return row


def _write(request: WorkerHeartbeat, found: WorkerRow | None, context: Context) -> None:
    now = context.now()
    values = {
        "name": request.name,
        "type": request.type,
        "pool_name": request.pool_name,
        "deployment_ids": request.deployment_ids,
        "last_heartbeat": now,
        "heartbeat_seconds": request.heartbeat_seconds,
        "alive_until": now + timedelta(seconds=INTERVALS_OF_SILENCE * request.heartbeat_seconds),
        "gone": False,
        "draining": request.draining,
        "hostname": bounds.cut(request.hostname, _TEXT_LIMIT),
        "pid": request.pid,
        "version": bounds.cut(request.version, _TEXT_LIMIT),
        "running": len({claim.flow_run_id for claim in (*request.claims, *request.running)}),
    }
    if found is not None:
        mine = select(workers.c.id).where(*_its(request.id, context)).with_for_update(skip_locked=True)
        if context.connection.execute(mine).first() is None:
            return  # another heartbeat of the same worker is being written, which says the same
        context.connection.execute(update(workers).where(*_its(request.id, context)).values(values))
    else:
        row = {"workspace_id": context.workspace_id, "id": request.id, "started": now}
        statement = context.dialect.insert(workers).on_conflict_do_update(
            index_elements=["workspace_id", "id"], set_=values
        )
        context.connection.execute(statement, row | values)
    if found is None or found["gone"]:
        tell_of_worker(values | {"id": request.id}, "started", context)
    if request.draining and not (found is not None and found["draining"]):
        tell_of_worker(values | {"id": request.id}, "draining", context)


def _note_ready(pool_name: str, context: Context) -> None:
    its = work_pools.c.workspace_id == context.workspace_id, work_pools.c.name == pool_name
    new = select(work_pools.c.name).where(*its, work_pools.c.ready.is_(False)).with_for_update(skip_locked=True)
    if context.connection.execute(new).first() is not None:
        context.connection.execute(update(work_pools).where(*its).values(ready=True))
        pools.tell_of_pool(pool_name, "ready", context)


def _note_polled(request: WorkerHeartbeat, context: Context) -> None:
    """Note that somebody asks for runs: not with every heartbeat of many workers, and never waiting for another's note."""
    if request.draining:
        return
    if request.pool_name is not None:
        keys = [work_queues.c.pool_name, work_queues.c.name]
        _note(keys, work_queues.c.pool_name == request.pool_name, context)
    elif request.deployment_ids:
        _note([deployments.c.id], deployments.c.id.in_(request.deployment_ids), context)


def _note(keys: list[Any], meant: ColumnElement[bool], context: Context) -> None:
    table, now = keys[0].table, context.now()
    mine = table.c.workspace_id == context.workspace_id
    is_old = or_(table.c.last_polled.is_(None), table.c.last_polled < now - _LEAST_BETWEEN_POLLS)
    old = select(*keys).where(mine, meant, is_old).order_by(*keys).with_for_update(skip_locked=True, key_share=True)
    found = [tuple(row) for row in context.connection.execute(old)]
    if found:
        noted = keys[-1].in_([row[-1] for row in found])
        context.connection.execute(update(table).where(mine, meant, noted).values(last_polled=now))


def _judged(request: WorkerHeartbeat, context: Context) -> tuple[list[LeaseClaim], list[LeaseClaim]]:
    """Let the claims last longer; return what of all that the worker holds is lost, and what is to be cancelled."""
    held = {(claim.flow_run_id, claim.attempt): claim for claim in (*request.claims, *request.running)}
    ids = sorted({flow_run_id for flow_run_id, _ in held})
    expires = context.now() + timedelta(seconds=request.lease_seconds)
    live: dict[tuple[UUID, int], bool] = {}
    for first in range(0, len(ids), _IDS_PER_STATEMENT):
        live |= _live(ids[first : first + _IDS_PER_STATEMENT], context)
    claims = sorted({claim.flow_run_id for claim in request.claims if (claim.flow_run_id, claim.attempt) in live})
    for first in range(0, len(claims), _IDS_PER_STATEMENT):
        mine = and_(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.id.in_(claims[first : first + _IDS_PER_STATEMENT]),
            flow_runs.c.lease_owner == request.id,
            flow_runs.c.lease_expires.is_not(None),
        )
        # Locked in the order that all lock in.
        context.connection.execute(select(flow_runs.c.id).where(mine).order_by(flow_runs.c.id).with_for_update())
        context.connection.execute(update(flow_runs).where(mine).values(lease_expires=expires))
    lost = [claim for key, claim in held.items() if key not in live]
    return lost, [claim for key, claim in held.items() if live.get(key)]


def _live(ids: list[UUID], context: Context) -> dict[tuple[UUID, int], bool]:
    """Return the live attempts of these runs, and of each whether it is being cancelled."""
    found = select(flow_runs.c.id, flow_runs.c.attempt, flow_runs.c.state_type).where(
        flow_runs.c.workspace_id == context.workspace_id,
        flow_runs.c.id.in_(ids),
        flow_runs.c.lease_expires.is_not(None),
    )
    return {
        (row.id, row.attempt): row.state_type == StateType.CANCELLING.value for row in context.connection.execute(found)
    }


def _has_status(status: WorkerStatus, now: datetime) -> Any:
    if status is WorkerStatus.OFFLINE:
        return workers.c.alive_until < now
    return and_(workers.c.alive_until >= now, workers.c.draining.is_(status is WorkerStatus.DRAINING))


def _worker_of(row: WorkerRow, now: datetime) -> Worker:
    status = WorkerStatus.DRAINING if row["draining"] else WorkerStatus.ONLINE
    return Worker(
        id=row["id"],
        name=row["name"],
        type=row["type"],
        pool_name=row["pool_name"],
        started=row["started"],
        last_heartbeat=row["last_heartbeat"],
        heartbeat_seconds=row["heartbeat_seconds"],
        status=WorkerStatus.OFFLINE if row["alive_until"] < now else status,
        hostname=row["hostname"],
        pid=row["pid"],
        version=row["version"],
        running=row["running"],
    )


def _its(worker_id: str, context: Context) -> tuple[Any, ...]:
    return workers.c.workspace_id == context.workspace_id, workers.c.id == worker_id
