"""Where a worker's runs wait: the queues of its pool, or the deployments that it serves; and what is due in each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from penstock.server.context import Context
from penstock.server.database.tables import deployments, flow_runs, work_pools, work_queues
from penstock.server.services.work import slots
from penstock.server.services.work.waiting import first_due, in_queue, of_deployment

PoolRow = Mapping[Any, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A place where runs wait in the order in which they are due.

    Attributes:
        priority: runs of sources with lower numbers go first.
        waiting: the conditions that a run waits there.
        first: when the earliest of them is due; None where there is none.
        later: when the next one is due that is not due yet; None where there is none.
        free: how many may be taken by the source's own limit; None for any number.
    """

    priority: int
    waiting: tuple[ColumnElement[bool], ...]
    first: datetime | None
    later: datetime | None
    free: int | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether a run is due there, and may be taken by the source's own limit."""
        return self.free != 0 and self.first is not None and self.first <= now


@dataclass(frozen=True, slots=True)
class Sources:
    """All the sources of a worker.

    Attributes:
        each: those that may give, in the order in which they do.
        free: how many runs may be taken by the limit of the pool; None for any number.
    """

    each: tuple[Source, ...] = ()
    free: int | None = None

    def due(self, now: datetime) -> list[Source]:
        """Return the sources that have something to give at the instant `now`."""
        return [] if self.free == 0 else [source for source in self.each if source.is_due(now)]

    def next_due(self) -> datetime | None:
        """Return when the next run is due that is not due yet."""
        return min((source.later for source in self.each if source.later is not None), default=None)


def queues_of(
    pools: Sequence[PoolRow], queue_names: Collection[str] | None, now: datetime, context: Context
) -> dict[str, Sources]:
    """Return the sources in each of these pools, in two queries for all of them.

    Parameters:
        pools: the rows of pools.
        queue_names: of these queues only; None for all.
        now: the present instant.
        context: of one moment of the database.
    """
    giving = {pool["name"]: pool for pool in pools if not pool["paused"]}
    if not giving:
        return {}
    waiting = in_queue(work_queues.c.pool_name, work_queues.c.name, context)
    first, later = first_due(*waiting), first_due(*waiting, _after(now))
    named = () if queue_names is None else (work_queues.c.name.in_(queue_names),)
    found = context.connection.execute(
        select(work_queues, first.label("first"), later.label("later"))
        .where(work_queues.c.workspace_id == context.workspace_id, work_queues.c.pool_name.in_(giving), *named)
        .order_by(work_queues.c.pool_name, work_queues.c.priority, work_queues.c.name)
    ).all()
    limited = {name for name, pool in giving.items() if pool["concurrency_limit"] is not None}
    limited |= {row.pool_name for row in found if row.concurrency_limit is not None}
    in_use = slots.of_queues(limited, context)
    by_pool: dict[str, list[Source]] = {name: [] for name in giving}
    for row in found:
        if row.paused:
            continue
        used = in_use.get((row.pool_name, row.name), 0)
        free = None if row.concurrency_limit is None else max(0, row.concurrency_limit - used)
        conditions = in_queue(row.pool_name, row.name, context)
        by_pool[row.pool_name].append(Source(row.priority, conditions, row.first, row.later, free))
    return {
        name: Sources(tuple(sources), _free(giving[name]["concurrency_limit"], name, in_use))
        for name, sources in by_pool.items()
    }


def _after(now: datetime) -> ColumnElement[bool]:
    return flow_runs.c.due > now


def _free(limit: int | None, pool_name: str, in_use: Mapping[tuple[str, str], int]) -> int | None:
    if limit is None:
        return None
    return max(0, limit - sum(count for (name, _), count in in_use.items() if name == pool_name))


def served(deployment_ids: Collection[UUID], now: datetime, context: Context) -> dict[UUID, Source]:
    """Return the source of each of these deployments that are served by processes, in one query for all of them."""
    waiting = of_deployment(deployments.c.id, context)
    first, later = first_due(*waiting), first_due(*waiting, _after(now))
    found = context.connection.execute(
        select(deployments.c.id, first.label("first"), later.label("later")).where(
            deployments.c.workspace_id == context.workspace_id, deployments.c.id.in_(deployment_ids)
        )
    )
    return {row.id: Source(1, of_deployment(row.id, context), row.first, row.later) for row in found}


def pool_rows(names: Collection[str], context: Context) -> list[PoolRow]:
    """Return the rows of these pools, without what is large in them."""
    columns = work_pools.c.name, work_pools.c.paused, work_pools.c.concurrency_limit
    its = work_pools.c.workspace_id == context.workspace_id, work_pools.c.name.in_(names)
    return list(context.connection.execute(select(*columns).where(*its)).mappings())
