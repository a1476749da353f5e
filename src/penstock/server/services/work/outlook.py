"""What waits for workers, seen without claiming it: who asks is looked up once, and one look serves all who wait."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import select

from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs
from penstock.server.services.work.claiming import cancelled_among, cancelling_runs, check
from penstock.server.services.work.sources import Source, pool_rows, queues_of, served
from penstock.server.services.work.workers import draining_workers, read_row
from penstock.wire.deploying.workers import ClaimRuns
from penstock.wire.requests import LeaseClaim

_IDS_PER_STATEMENT = 400


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker's runs wait. Workers of one place can take each other's.

    Attributes:
        pool_name: the pool; None where deployments are served.
        queue_names: only these queues of it; None for all.
        deployment_ids: the deployments that are served.
    """

    pool_name: str | None = None
    queue_names: frozenset[str] | None = None
    deployment_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is known of a worker that asks for runs.

    Attributes:
        place: where its runs wait; None where it takes none.
        is_owed: whether it was given runs before that did not arrive.
        cancel: of what it holds, what is to be cancelled.
    """

    place: Place | None
    is_owed: bool
    cancel: list[LeaseClaim]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What waits at one moment.

    Attributes:
        now: the moment, by the database's clock.
        due: places where a run is due that may be taken, as far as the limits of pools and queues say.
        next_due: when the next run is due elsewhere; None where none is known.
        cancelling: the attempts of flow runs that are being cancelled.
        draining: the workers that take nothing more.
    """

    now: datetime
    due: frozenset[Place]
    next_due: dict[Place, datetime | None]
    cancelling: dict[UUID, int]
    draining: frozenset[str]


def arrival(request: ClaimRuns, context: Context) -> Arrival:
    """Return what is known of a worker that asks for runs.

    Raises:
        ObjectNotFound: the worker is not known.
        InvalidRequest: what it asks for makes no sense.
        ObjectLimitReached: it holds, or names, too much.
    """
    check(request)
    worker = read_row(request.worker_id, context)
    cancel = cancelled_among(request.running, context)
    if not request.limit or worker["draining"]:
        return Arrival(None, is_owed=False, cancel=cancel)
    if worker["pool_name"] is None:
        place = Place(deployment_ids=frozenset(worker["deployment_ids"] or ()))
    else:
        names = None if request.queue_names is None else frozenset(request.queue_names)
        place = Place(worker["pool_name"], names)
    return Arrival(place, _is_owed(request, context), cancel)


def _is_owed(request: ClaimRuns, context: Context) -> bool:
    held = select(flow_runs.c.id, flow_runs.c.attempt).where(
        flow_runs.c.workspace_id == context.workspace_id,
        flow_runs.c.worker_id == request.worker_id,
        flow_runs.c.worker_id.is_not(None),
        flow_runs.c.lease_expires.is_not(None),
        flow_runs.c.lease_owner == request.worker_id,
        flow_runs.c.state_type == StateType.PENDING.value,
    )
    known = {(claim.flow_run_id, claim.attempt) for claim in request.running}
    return any((row.id, row.attempt) not in known for row in context.connection.execute(held))


def look(places: Collection[Place], context: Context) -> Outlook:
    """Return what waits at each of these places, in a few queries for all of them."""
    now = context.now()
    due: set[Place] = set()
    next_due: dict[Place, datetime | None] = {}
    by_queues = sorted((place for place in places if place.pool_name is not None), key=_queues_of)
    rows = pool_rows({place.pool_name for place in by_queues if place.pool_name}, context) if by_queues else []
    for _, alike in groupby(by_queues, key=_queues_of):
        group = list(alike)
        found = queues_of(rows, group[0].queue_names, now, context)
        for place in group:
            sources = found.get(place.pool_name or "")
            next_due[place] = None if sources is None else sources.next_due()
            if place.pool_name not in {row["name"] for row in rows} or (sources is not None and sources.due(now)):
                due.add(place)  # a pool that is gone is said to be by the claim itself
    serving = [place for place in places if place.pool_name is None]
    by_deployment = _served({id_ for place in serving for id_ in place.deployment_ids}, now, context)
    for place in serving:
        its = [by_deployment[id_] for id_ in place.deployment_ids if id_ in by_deployment]
        next_due[place] = min((source.later for source in its if source.later is not None), default=None)
        if any(source.is_due(now) for source in its):
            due.add(place)
    return Outlook(now, frozenset(due), next_due, cancelling_runs(context), draining_workers(context))


def _queues_of(place: Place) -> tuple[bool, tuple[str, ...]]:
    return place.queue_names is not None, tuple(sorted(place.queue_names or ()))


def _served(deployment_ids: set[UUID], now: datetime, context: Context) -> dict[UUID, Source]:
    found: dict[UUID, Source] = {}
    ids = sorted(deployment_ids)
    for first in range(0, len(ids), _IDS_PER_STATEMENT):
        found |= served(ids[first : first + _IDS_PER_STATEMENT], now, context)
    return found
