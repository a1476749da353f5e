"""Work pools: made, found, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, select, update

from penstock.core.errors import InvalidRequest, ObjectAlreadyExists, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import work_pools, work_queues, workers
from penstock.server.pages import page_of, split_page
from penstock.server.services.bulk import audit
from penstock.server.services.events.rows import tell
from penstock.server.services.work import slots
from penstock.server.services.work.templates import check_template
from penstock.wire.deploying.job_templates import TEMPLATES
from penstock.wire.deploying.work_pools import (
    DEFAULT_QUEUE,
    PoolStatus,
    WorkPool,
    WorkPoolByName,
    WorkPoolChanges,
    WorkPoolCreate,
    WorkPoolPage,
    WorkPoolQuery,
)
from penstock.wire.events import RESOURCE_ID, RESOURCE_NAME, Event
from penstock.wire.requests import Done

PoolRow = Mapping[Any, Any]

GREATEST_LIMIT = 1_000_000
DESCRIPTION_LIMIT = 20_000


def create(request: WorkPoolCreate, context: Context) -> WorkPool:
    """Make a work pool with its default queue.

    Raises:
        InvalidRequest: a name, the template or the limit makes no sense, or the type is not known and no template given.
        ObjectAlreadyExists: there is one of that name, and it is not to be changed, or is of another type.
    """
    bounds.check_name(request.name, "work pool")
    bounds.check_name(request.type, "type of work pools")
    found = find_row(request.name, context, to_change=True)
    if found is not None:
        return _overwritten(found, request, context)
    template = request.base_job_template
    if template is None:
        template = TEMPLATES.get(request.type)
    if template is None:
        known = ", ".join(sorted(TEMPLATES))
        raise InvalidRequest(
            f"The server knows no work pools of the type {request.type!r}. Give a base_job_template, have a worker of that "
            f"type make the pool, or take one of {known}."
        )
    values = {
        "description": _description(request.description),
        "base_job_template": check_template(template, request.name),
        "concurrency_limit": check_limit(request.concurrency_limit, "work pool"),
        "paused": request.paused,
    }
    if not make(request.name, request.type, values, context):
        raise _exists(request.name)
    return pool_of(read_row(request.name, context), context)


def make(name: str, kind: str, values: dict[str, Any], context: Context) -> bool:
    """Write a new pool and its default queue; return whether it was new.

    Parameters:
        name: of the pool.
        kind: the type of its workers.
        values: further columns, checked.
        context: of the request.
    """
    now = context.now()
    row = {
        "workspace_id": context.workspace_id,
        "name": name,
        "type": kind,
        "ready": False,
        "created": now,
        "updated": now,
    }
    defaults: dict[str, Any] = {
        "description": None,
        "base_job_template": {},
        "concurrency_limit": None,
        "paused": False,
    }
    inserted = context.connection.execute(context.dialect.insert_new(work_pools), row | defaults | values)
    queue = {
        "workspace_id": context.workspace_id,
        "pool_name": name,
        "name": DEFAULT_QUEUE,
        "priority": 1,
        "description": None,
        "concurrency_limit": None,
        "paused": False,
        "created": now,
        "last_polled": None,
    }
    context.connection.execute(context.dialect.insert_new(work_queues), queue)
    if inserted.rowcount:
        tell_of_pool(name, "created", context)
    return bool(inserted.rowcount)


def read(request: WorkPoolByName, context: Context) -> WorkPool:
    """Return a work pool.

    Raises:
        ObjectNotFound: there is none.
    """
    return pool_of(read_row(request.name, context), context)


def list_(query: WorkPoolQuery, context: Context) -> WorkPoolPage:
    """Return a page of work pools, by name."""
    conditions = [work_pools.c.workspace_id == context.workspace_id]
    for names, column in ((query.names, work_pools.c.name), (query.types, work_pools.c.type)):
        if names is not None:
            bounds.check_count(names, bounds.FILTER_LIMIT, "names")
            conditions.append(column.in_(names))
    keys = [work_pools.c.name]
    page = page_of(select(work_pools).where(*conditions), keys, query.after, query.limit, descending=False)
    rows, following = split_page(context.connection.execute(page).all(), keys, query.limit)
    return WorkPoolPage(pools_of([row._mapping for row in rows], context), following)


def update_(request: WorkPoolChanges, context: Context) -> WorkPool:
    """Change a work pool.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: the template or the limit makes no sense.
    """
    row = read_row(request.name, context, to_change=True)
    changes: dict[str, Any] = {}
    if request.description is not msgspec.UNSET:
        changes["description"] = _description(request.description)
    if request.base_job_template is not msgspec.UNSET:
        changes["base_job_template"] = check_template(request.base_job_template, request.name)
    if request.concurrency_limit is not msgspec.UNSET:
        changes["concurrency_limit"] = check_limit(request.concurrency_limit, "work pool")
    if request.paused is not msgspec.UNSET:
        changes["paused"] = request.paused
    return _changed(row, changes, request, context)


def delete_(request: WorkPoolByName, context: Context) -> Done:
    """Delete a work pool with its queues. Its runs that wait stay Scheduled, until there is one of its name again.

    Raises:
        ObjectNotFound: there is none.
    """
    read_row(request.name, context, to_change=True)
    its_queues = work_queues.c.workspace_id == context.workspace_id, work_queues.c.pool_name == request.name
    context.connection.execute(delete(work_queues).where(*its_queues))
    context.connection.execute(delete(work_pools).where(*_its(request.name, context)))
    audit.record("work_pools.delete", 1, request, context)
    tell_of_pool(request.name, "deleted", context)
    return Done(1)


def find_row(name: str, context: Context, *, to_change: bool = False) -> PoolRow | None:
    """Return the row of a pool, kept from others where it is to be changed; None if there is none."""
    statement = select(work_pools).where(*_its(name, context))
    return context.connection.execute(statement.with_for_update() if to_change else statement).mappings().first()


def read_row(name: str, context: Context, *, to_change: bool = False) -> PoolRow:
    """Return the row of a pool, as `find_row` does.

    Raises:
        ObjectNotFound: there is none.
    """
    row = find_row(name, context, to_change=to_change)
    if row is None:
        raise ObjectNotFound(f"There is no work pool {name!r}. `penstock work-pool ls` shows those there are.")
    return row


def pool_of(row: PoolRow, context: Context) -> WorkPool:
    """Return the pool in `row`."""
    return pools_of([row], context)[0]


def pools_of(rows: Sequence[PoolRow], context: Context) -> list[WorkPool]:
    """Return the pools in `rows`, with how many of their runs go on and whether workers live: two queries for all."""
    names = [row["name"] for row in rows]
    in_use: dict[str, int] = {}
    for (pool_name, _), count in slots.of_queues(names, context).items():
        in_use[pool_name] = in_use.get(pool_name, 0) + count
    living = _with_living_workers(names, context)
    return [
        WorkPool(
            name=row["name"],
            type=row["type"],
            created=row["created"],
            updated=row["updated"],
            description=row["description"],
            base_job_template=row["base_job_template"] or {},
            concurrency_limit=row["concurrency_limit"],
            paused=row["paused"],
            status=_status(row, living),
            slots_in_use=in_use.get(row["name"], 0),
        )
        for row in rows
    ]


def check_limit(limit: int | None, what: str) -> int | None:
    """Return how many runs of `what` may go on at once.

    Raises:
        InvalidRequest: there can't be so many.
    """
    if limit is not None and not 0 <= limit <= GREATEST_LIMIT:
        raise InvalidRequest(f"The concurrency_limit of a {what} is from 0 to {GREATEST_LIMIT:,}, not {limit:,}.")
    return limit


def tell_of_pool(name: str, what: str, context: Context) -> None:
    """Have it told what became of a pool."""
    resource = {RESOURCE_ID: f"penstock.work-pool.{name}", RESOURCE_NAME: name}
    tell(Event(uuid7(), context.now(), f"penstock.work-pool.{what}", resource), context)


def _status(row: PoolRow, living: set[str]) -> PoolStatus:
    if row["paused"]:
        return PoolStatus.PAUSED
    return PoolStatus.READY if row["name"] in living else PoolStatus.NOT_READY


def _with_living_workers(names: list[str], context: Context) -> set[str]:
    if not names:
        return set()
    alive = (
        select(workers.c.pool_name)
        .distinct()
        .where(
            workers.c.workspace_id == context.workspace_id,
            workers.c.pool_name.in_(names),
            workers.c.alive_until >= context.now(),
        )
    )
    return set(context.connection.execute(alive).scalars())


def _overwritten(row: PoolRow, request: WorkPoolCreate, context: Context) -> WorkPool:
    if not request.overwrite:
        raise _exists(request.name)
    if row["type"] != request.type:
        raise ObjectAlreadyExists(
            f"Work pool {request.name!r} is of the type {row['type']!r}, which stays. Delete it first, or name another."
        )
    changes: dict[str, Any] = {
        "description": _description(request.description),
        "concurrency_limit": check_limit(request.concurrency_limit, "work pool"),
        "paused": request.paused,
    }
    if request.base_job_template is not None:
        changes["base_job_template"] = check_template(request.base_job_template, request.name)
    return _changed(row, changes, request, context)


def _changed(row: PoolRow, changes: dict[str, Any], request: msgspec.Struct, context: Context) -> WorkPool:
    different = {name: value for name, value in changes.items() if row[name] != value}
    if different:
        values = different | {"updated": context.now()}
        context.connection.execute(update(work_pools).where(*_its(row["name"], context)).values(values))
        audit.record("work_pools.update", 1, request, context)
        # Told whatever it is: who waits for a run of it may get one now.
        tell_of_pool(row["name"], "updated", context)
    return pool_of(read_row(row["name"], context), context)


def _exists(name: str) -> ObjectAlreadyExists:
    return ObjectAlreadyExists(f"There is a work pool {name!r} already. Name another, or have this one overwritten.")


def _description(text: str | None) -> str | None:
    return None if text is None else bounds.cut(text, DESCRIPTION_LIMIT)


def _its(name: str, context: Context) -> tuple[Any, ...]:
    return work_pools.c.workspace_id == context.workspace_id, work_pools.c.name == name
