"""Queues of work pools: made, found, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Select, delete, func, literal, literal_column, select, union_all, update

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, work_queues
from penstock.server.pages import page_of, split_page
from penstock.server.services.bulk import audit
from penstock.server.services.filters.counting import COUNT_LIMIT
from penstock.server.services.work import pools, slots
from penstock.server.services.work.waiting import LATE, in_queue
from penstock.wire.deploying.work_pools import (
    DEFAULT_QUEUE,
    WorkQueue,
    WorkQueueByName,
    WorkQueueChanges,
    WorkQueueCreate,
    WorkQueuePage,
    WorkQueueQuery,
)
from penstock.wire.requests import Done

QueueRow = Mapping[Any, Any]

QUEUES_LIMIT = 1_000
"""The most queues of one pool."""

GREATEST_PRIORITY = 1_000_000


def create(request: WorkQueueCreate, context: Context) -> WorkQueue:
    """Make a queue of a work pool, or change the one of that name to this.

    Raises:
        ObjectNotFound: there is no such pool.
        InvalidRequest: the name, the rank or the limit makes no sense, or the pool has as many queues as it may.
    """
    bounds.check_name(request.name, "work queue")
    pools.read_row(request.pool_name, context, to_change=True)
    values = {
        "description": request.description and bounds.cut(request.description, pools.DESCRIPTION_LIMIT),
        "concurrency_limit": pools.check_limit(request.concurrency_limit, "work queue"),
        "paused": request.paused,
    }
    if request.priority is not None:
        values["priority"] = _priority(request.priority)
    found = _find(request.pool_name, request.name, context)
    if found is not None:
        return _changed(found, values, request, context)
    make(request.pool_name, request.name, values, context)
    return read(WorkQueueByName(request.pool_name, request.name), context)


def make(pool_name: str, name: str, values: dict[str, Any], context: Context) -> None:
    """Write a queue, last of its pool unless `values` say otherwise; one that is there already stays as it is.

    Raises:
        InvalidRequest: the pool has as many queues as it may.
    """
    its_pool = work_queues.c.workspace_id == context.workspace_id, work_queues.c.pool_name == pool_name
    counted = select(func.count(), func.max(work_queues.c.priority)).where(*its_pool)
    count, last = context.connection.execute(counted).one()
    if count >= QUEUES_LIMIT:
        raise InvalidRequest(f"Work pool {pool_name!r} has {count:,} queues, and can't have more. Delete some.")
    row = {
        "workspace_id": context.workspace_id,
        "pool_name": pool_name,
        "name": name,
        "priority": (last or 0) + 1,
        "description": None,
        "concurrency_limit": None,
        "paused": False,
        "created": context.now(),
        "last_polled": None,
    }
    context.connection.execute(context.dialect.insert_new(work_queues), row | values)


def make_known(pool_name: str, name: str, context: Context) -> None:
    """Make a queue that a deployment or a run names, if there is none.

    Raises:
        InvalidRequest: the pool has as many queues as it may.
    """
    if _find(pool_name, name, context) is None:
        make(pool_name, name, {}, context)


def read(request: WorkQueueByName, context: Context) -> WorkQueue:
    """Return a queue.

    Raises:
        ObjectNotFound: there is none.
    """
    return _queues_of([_read_row(request.pool_name, request.name, context)], context)[0]


def list_(query: WorkQueueQuery, context: Context) -> WorkQueuePage:
    """Return a page of queues, by pool, priority and name."""
    conditions = [work_queues.c.workspace_id == context.workspace_id]
    if query.pool_names is not None:
        bounds.check_count(query.pool_names, bounds.FILTER_LIMIT, "names")
        conditions.append(work_queues.c.pool_name.in_(query.pool_names))
    keys = [work_queues.c.pool_name, work_queues.c.priority, work_queues.c.name]
    page = page_of(select(work_queues).where(*conditions), keys, query.after, query.limit, descending=False)
    rows, following = split_page(context.connection.execute(page).all(), keys, query.limit)
    return WorkQueuePage(_queues_of([row._mapping for row in rows], context), following)


def update_(request: WorkQueueChanges, context: Context) -> WorkQueue:
    """Change a queue.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: the rank or the limit makes no sense.
    """
    pools.read_row(request.pool_name, context, to_change=True)
    row = _read_row(request.pool_name, request.name, context)
    changes: dict[str, Any] = {}
    if request.priority is not msgspec.UNSET:
        changes["priority"] = _priority(request.priority)
    if request.description is not msgspec.UNSET:
        changes["description"] = request.description and bounds.cut(request.description, pools.DESCRIPTION_LIMIT)
    if request.concurrency_limit is not msgspec.UNSET:
        changes["concurrency_limit"] = pools.check_limit(request.concurrency_limit, "work queue")
    if request.paused is not msgspec.UNSET:
        changes["paused"] = request.paused
    return _changed(row, changes, request, context)


def delete_(request: WorkQueueByName, context: Context) -> Done:
    """Delete a queue. Its runs that wait go to the default queue of the pool.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: it is the default queue.
    """
    pools.read_row(request.pool_name, context, to_change=True)
    row = _read_row(request.pool_name, request.name, context)
    if request.name == DEFAULT_QUEUE:
        raise InvalidRequest(f"Every work pool has the queue {DEFAULT_QUEUE!r}; pause it instead.")
    waiting = in_queue(row["pool_name"], row["name"], context)
    moved = update(flow_runs).where(*waiting).values(work_queue_name=DEFAULT_QUEUE)
    affected = context.connection.execute(moved).rowcount
    context.connection.execute(delete(work_queues).where(*_its(row, context)))
    audit.record("work_queues.delete", affected, request, context)
    pools.tell_of_pool(request.pool_name, "updated", context)
    return Done(1)


def _find(pool_name: str, name: str, context: Context) -> QueueRow | None:
    statement = select(work_queues).where(*_its({"pool_name": pool_name, "name": name}, context))
    return context.connection.execute(statement).mappings().first()


def _read_row(pool_name: str, name: str, context: Context) -> QueueRow:
    row = _find(pool_name, name, context)
    if row is None:
        raise ObjectNotFound(
            f"There is no queue {name!r} of a work pool {pool_name!r}. `penstock work-queue ls` shows those there are."
        )
    return row


def _changed(row: QueueRow, changes: dict[str, Any], request: msgspec.Struct, context: Context) -> WorkQueue:
    different = {name: value for name, value in changes.items() if row[name] != value}
    if different:
        context.connection.execute(update(work_queues).where(*_its(row, context)).values(different))
        audit.record("work_queues.update", 1, request, context)
        pools.tell_of_pool(row["pool_name"], "updated", context)
    return read(WorkQueueByName(row["pool_name"], row["name"]), context)


def _priority(number: int) -> int:
    if not 1 <= number <= GREATEST_PRIORITY:
        raise InvalidRequest(f"The priority of a work queue is from 1 to {GREATEST_PRIORITY:,}, not {number:,}.")
    return number


def _its(row: QueueRow, context: Context) -> tuple[Any, ...]:
    return (
        work_queues.c.workspace_id == context.workspace_id,
        work_queues.c.pool_name == row["pool_name"],
        work_queues.c.name == row["name"],
    )


def _queues_of(rows: Sequence[QueueRow], context: Context) -> list[WorkQueue]:
    in_use = slots.of_queues({row["pool_name"] for row in rows}, context)
    waiting, late = _waiting(rows, context), _waiting(rows, context, only_late=True)
    return [
        WorkQueue(
            pool_name=row["pool_name"],
            name=row["name"],
            priority=row["priority"],
            created=row["created"],
            description=row["description"],
            concurrency_limit=row["concurrency_limit"],
            paused=row["paused"],
            slots_in_use=in_use.get((row["pool_name"], row["name"]), 0),
            waiting=waiting[number],
            late=late[number],
            last_polled=row["last_polled"],
        )
        for number, row in enumerate(rows)
    ]


def _waiting(rows: Sequence[QueueRow], context: Context, *, only_late: bool = False) -> dict[int, int]:
    """Return how many due runs wait in each queue, by its number; each count stops at the bound."""
    if not rows:
        return {}
    counts = [_count_of(number, row, context, only_late=only_late) for number, row in enumerate(rows)]
    return {number: count for number, count in context.connection.execute(union_all(*counts))}  # noqa: C416  - rows, no pairs


def _count_of(number: int, row: QueueRow, context: Context, *, only_late: bool) -> Any:
    due = flow_runs.c.due <= context.now()
    some: Select[Any] = select(literal_column("1")).where(*in_queue(row["pool_name"], row["name"], context), due)
    if only_late:
        some = some.where(flow_runs.c.state_name == LATE)
    return select(literal(number), func.count()).select_from(some.limit(COUNT_LIMIT).subquery())
