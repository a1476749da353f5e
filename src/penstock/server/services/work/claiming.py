"""Claims: a worker is given runs that are due, in one transaction; no run is given twice, and no limit passed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import and_, or_, select, update

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.core.state_type import StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, work_pools
from penstock.server.database.types import encode_json
from penstock.server.rules.claims import AWAITING_SLOT, decide_cancel, decide_claim, decide_refusal, decide_wait
from penstock.server.rules.flow_run_life import Ruling
from penstock.server.services.flow_run_rows import FlowRunRow, enter_all, facts_of, flow_run_of, lease_columns
from penstock.server.services.work.collisions import Collisions, Judgement, Refuse, Take, Wait
from penstock.server.services.work.sources import Source, Sources, pool_rows, queues_of, served
from penstock.server.services.work.waiting import IS_SCHEDULED
from penstock.server.services.work.workers import WorkerRow, read_row
from penstock.wire.deploying.deployments import Deployment
from penstock.wire.deploying.workers import (
    LONGEST_WAIT_SECONDS,
    MOST_CLAIMED_AT_ONCE,
    Claimed,
    ClaimedRun,
    ClaimRuns,
)
from penstock.wire.requests import LeaseClaim

MOST_NAMED_AT_ONCE = 100
"""Of how many blocked runs one claim says that they wait, or cancels them; the next claims go on with it."""

MOST_CHARACTERS = 8 * 1024 * 1024
"""About how much the parameters of the runs that one claim gives may take; a run that takes more is given alone."""

_MOST_SOURCES = 50
_MOST_ROUNDS = 50
_A_FEW = 8
_SOON = timedelta(milliseconds=100)

# What it takes to judge a run; parameters may be large.
_LIGHT = (
    flow_runs.c.id,
    flow_runs.c.due,
    flow_runs.c.expected_start,
    flow_runs.c.state_name,
    flow_runs.c.deployment_id,
    flow_runs.c.deployment_version,
    flow_runs.c.schedule_id,
)


def claim(request: ClaimRuns, context: Context) -> Claimed:
    """Give a worker runs that are due, each under a higher attempt; it is told what of its own is to be cancelled.

    Raises:
        ObjectNotFound: the worker is not known, or its pool was deleted.
        InvalidRequest: a number makes no sense.
        ObjectLimitReached: it holds, or names, too much.
    """
    check(request)
    worker = read_row(request.worker_id, context)
    cancel = cancelled_among(request.running, context)
    if not request.limit or worker["draining"]:
        return Claimed([], cancel)
    given = _Giving(request, worker, context, context.now())
    return Claimed(given.all(), cancel, given.next_due)


def check(request: ClaimRuns) -> None:
    """Check what a worker asks for.

    Raises:
        InvalidRequest: a number makes no sense.
        ObjectLimitReached: it holds, or names, too much.
    """
    if not 0 <= request.limit <= MOST_CLAIMED_AT_ONCE:
        raise InvalidRequest(f"From 0 to {MOST_CLAIMED_AT_ONCE} runs are claimed at once, not {request.limit}.")
    if not 0 <= request.wait_seconds <= LONGEST_WAIT_SECONDS:
        raise InvalidRequest(
            f"A claim waits from 0 to {LONGEST_WAIT_SECONDS:g} s for runs, not {request.wait_seconds:g} s."
        )
    bounds.check_lease(request.lease_seconds)
    bounds.check_count(request.queue_names, bounds.FILTER_LIMIT, "queues")
    bounds.check_count(request.running, bounds.BATCH_LIMIT, "runs that a worker holds")


def cancelled_among(claims: Sequence[LeaseClaim], context: Context) -> list[LeaseClaim]:
    """Return those of the claims whose runs are being cancelled."""
    if not claims:
        return []
    cancelling = cancelling_runs(context)
    return [claim for claim in claims if cancelling.get(claim.flow_run_id) == claim.attempt]


def cancelling_runs(context: Context) -> dict[UUID, int]:
    """Return the attempts of all flow runs that are being cancelled; there are few."""
    columns = flow_runs.c.id, flow_runs.c.attempt
    its = flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.state_type == StateType.CANCELLING.value
    found = context.connection.execute(select(*columns).where(*its).limit(bounds.BATCH_LIMIT))
    return {row.id: row.attempt for row in found}


@dataclass
class _Giving:
    """One claim.

    Attributes:
        request: what is asked.
        worker: the row of the worker.
        context: of the transaction.
        now: the instant of the claim.
        next_due: when the next run is due that the worker may claim, as far as one is known.
    """

    request: ClaimRuns
    worker: WorkerRow
    context: Context
    now: datetime
    next_due: datetime | None = None
    _taken: list[UUID] = field(default_factory=list)
    _judgements: dict[UUID, Judgement] = field(default_factory=dict)
    _seen: set[UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._collisions = Collisions(self.context, self.now)
        self._again = False

    def all(self) -> list[ClaimedRun]:
        """Return the runs that are given, those that were given before and did not arrive among them."""
        sources = self._sources()
        lost = self._undelivered()
        want = self.request.limit - len(lost)
        if sources.free is not None:
            want = min(want, sources.free)
        if want > 0:
            due = sources.due(self.now)[:_MOST_SOURCES]
            for _, alike in groupby(due, key=lambda source: source.priority):
                self._take_from(list(alike), want)
            self._look_at_blocked()
        self.next_due = self._next_due(sources, want)
        given = [*lost, *self._write()]
        return [self._as_given(row) for row in given]

    def _sources(self) -> Sources:
        pool_name = self.worker["pool_name"]
        if pool_name is None:
            by_deployment = served(self.worker["deployment_ids"] or [], self.now, self.context)
            each = sorted(by_deployment.values(), key=lambda source: source.first or self.now)
            self._collisions.lock([id_ for id_, source in by_deployment.items() if source.is_due(self.now)])
            return Sources(tuple(each))
        if self.context.dialect.locks_rows:
            # One claim of a pool at a time: the leases that are counted below are those of all claims before.
            its = work_pools.c.workspace_id == self.context.workspace_id, work_pools.c.name == pool_name
            self.context.connection.execute(select(work_pools.c.name).where(*its).with_for_update(key_share=True))
        pools = pool_rows([pool_name], self.context)
        if not pools:
            raise ObjectNotFound(f"The work pool {pool_name!r} was deleted. Make it again, or end the worker.")
        sources = queues_of(pools, self.request.queue_names, self.now, self.context).get(pool_name, Sources())
        if sources.due(self.now):
            self._collisions.find_full(pool_name)
        return sources

    def _undelivered(self) -> list[dict[str, Any]]:
        """Return the runs that the worker has claimed and does not know of, with their leases begun anew."""
        known = {(claim.flow_run_id, claim.attempt) for claim in self.request.running}
        mine = (
            flow_runs.c.workspace_id == self.context.workspace_id,
            flow_runs.c.worker_id == self.worker["id"],
            flow_runs.c.worker_id.is_not(None),
            flow_runs.c.lease_expires.is_not(None),
            flow_runs.c.lease_owner == self.worker["id"],
            flow_runs.c.state_type == StateType.PENDING.value,
        )
        keys = select(flow_runs.c.id, flow_runs.c.attempt).where(*mine)
        held = {row.id for row in self.context.connection.execute(keys) if (row.id, row.attempt) not in known}
        if not held:
            return []
        ids = sorted(held)[: self.request.limit]
        meant = and_(*mine, flow_runs.c.id.in_(ids))
        statement = select(flow_runs).where(meant).order_by(flow_runs.c.id).with_for_update(skip_locked=True)
        rows = self.context.connection.execute(statement).mappings().all()
        self._collisions.lock([row["deployment_id"] for row in rows])
        self._collisions.look_at(rows)
        lease = lease_columns(self.worker["id"], self.request.lease_seconds, self.now)
        again = [{**row, **lease} for row in rows if self._collisions.is_known(row)]
        its = and_(*mine, flow_runs.c.id.in_([row["id"] for row in again]))
        self.context.connection.execute(update(flow_runs).where(its).values(lease))
        return again

    def _take_from(self, alike: list[Source], most: int) -> None:
        """Take runs from sources of one priority, until there are `most` of all, or no more that may begin."""
        left = {id(source): source.free for source in alike}
        size = min(MOST_CLAIMED_AT_ONCE, 2 * most + _A_FEW)
        for _ in range(_MOST_ROUNDS):
            if len(self._taken) >= most:
                return
            found = [(row["due"], row["id"], row, source) for source in alike for row in self._batch(source, size)]
            size = MOST_CLAIMED_AT_ONCE
            rows = [row for _, _, row, _ in found]
            if not rows:
                return
            self._seen |= {row["id"] for row in rows}
            self._collisions.lock([row["deployment_id"] for row in rows])
            self._collisions.look_at(rows)
            for _, _, row, source in sorted(found, key=lambda one: one[:2]):
                free = left[id(source)]
                if len(self._taken) >= most or free == 0:
                    continue
                if self._judged(row) and free is not None:
                    left[id(source)] = free - 1

    def _batch(self, source: Source, size: int) -> list[FlowRunRow]:
        """Return due runs without those that need not be looked at (again): many of them must not hide what is behind."""
        statement = select(*_LIGHT).where(*source.waiting, flow_runs.c.due <= self.now)
        if self._collisions.full:
            statement = statement.where(flow_runs.c.deployment_id.not_in(sorted(self._collisions.full)))
        if self._collisions.shut:
            schedule = flow_runs.c.schedule_id
            statement = statement.where(or_(schedule.is_(None), schedule.not_in(sorted(self._collisions.shut))))
        if self._seen:
            statement = statement.where(flow_runs.c.id.not_in(sorted(self._seen)))
        in_order = statement.order_by(flow_runs.c.due, flow_runs.c.id).limit(size)
        return list(self.context.connection.execute(in_order).mappings())

    def _look_at_blocked(self) -> None:
        """Judge runs of deployments that run as often as they may, if nobody has said yet what they wait for."""
        if not self._collisions.full:
            return
        pool_name = self.worker["pool_name"]
        blocked = (
            select(*_LIGHT)
            .where(
                flow_runs.c.workspace_id == self.context.workspace_id,
                flow_runs.c.deployment_id.in_(sorted(self._collisions.full)),
                IS_SCHEDULED,
                flow_runs.c.deployment_id.is_not(None),
                flow_runs.c.due <= self.now,
                flow_runs.c.state_name != AWAITING_SLOT,
                flow_runs.c.work_pool_name.is_(None) if pool_name is None else flow_runs.c.work_pool_name == pool_name,
                flow_runs.c.id.not_in(sorted(self._judgements)),
            )
            .limit(MOST_NAMED_AT_ONCE)
        )
        rows = self.context.connection.execute(blocked).mappings().all()
        self._collisions.lock([row["deployment_id"] for row in rows])
        self._collisions.look_at(rows)
        for row in rows:
            judgement = self._collisions.judge(row)
            if isinstance(judgement, Take):
                self._again = True  # a slot has become free since; its turn comes with the next claim
            else:
                self._note(row, judgement)

    def _judged(self, row: FlowRunRow) -> bool:
        """Note what is to become of a run; return whether it is taken."""
        judgement = self._collisions.judge(row)
        self._note(row, judgement)
        if isinstance(judgement, Take):
            self._taken.append(row["id"])
        return isinstance(judgement, Take)

    def _note(self, row: FlowRunRow, judgement: Judgement) -> None:
        if isinstance(judgement, Wait) and judgement.reason is None:
            self._again = True
        elif not isinstance(judgement, Wait) or row["state_name"] != AWAITING_SLOT:
            self._judgements[row["id"]] = judgement

    def _write(self) -> list[dict[str, Any]]:
        """Write what was judged, in a few statements for all; return the rows of what is given, as they are now."""
        others = [id_ for id_ in [*self._judgements, *self._collisions.to_cancel] if id_ not in set(self._taken)]
        ids = [*self._taken, *dict.fromkeys(others[:MOST_NAMED_AT_ONCE])]
        if not ids:
            return []
        meant = and_(
            flow_runs.c.workspace_id == self.context.workspace_id,
            flow_runs.c.id.in_(ids),
            flow_runs.c.end_time.is_(None),
        )
        # Whoever holds one of them is changing it at this moment, and is not waited for.
        statement = select(flow_runs).where(meant).order_by(flow_runs.c.id).with_for_update(skip_locked=True)
        rows = {row["id"]: row for row in self.context.connection.execute(statement).mappings()}
        self._again = self._again or len(rows) < len(ids)
        entries = list(self._entries([rows[id_] for id_ in ids if id_ in rows]))
        given = []
        for (row, ruling, _), changed in zip(entries, enter_all(entries, self.context), strict=True):
            if ruling.state.type is StateType.PENDING:
                given.append({**row, **changed})
        return given

    def _entries(self, rows: list[FlowRunRow]) -> Iterator[tuple[FlowRunRow, Ruling, dict[str, Any]]]:
        size = 0
        for row in rows:
            facts = facts_of(row, self.now)
            judgement = self._judgements.get(row["id"])
            if isinstance(judgement, Take):
                size += len(encode_json(row["parameters"]) or "")
                ruling, changes = decide_claim(facts, self.worker["name"]), self._claimed(row)
                if size > MOST_CHARACTERS and row["id"] != self._taken[0]:
                    self._again = True
                    continue
            elif row["id"] in self._collisions.to_cancel:
                ruling, changes = decide_cancel(facts, self._collisions.to_cancel[row["id"]]), {}
            elif isinstance(judgement, Refuse):
                ruling, changes = decide_refusal(facts, judgement.state_type, judgement.reason), {}
            elif isinstance(judgement, Wait):
                ruling, changes = decide_wait(facts, judgement.reason or ""), {}
            else:
                continue
            if ruling.enters:
                yield row, ruling, changes

    def _claimed(self, row: FlowRunRow) -> dict[str, Any]:
        spec = self._collisions.spec_of(row)
        grace = timedelta(seconds=0.0 if spec is None else spec.grace_seconds)
        lease = lease_columns(self.worker["id"], self.request.lease_seconds, self.now)
        return lease | {"worker_id": self.worker["id"], "due": self.now + grace, "error": None, "result": None}

    def _next_due(self, sources: Sources, want: int) -> datetime | None:
        if self._again:
            return self.now + _SOON
        if 0 < want <= len(self._taken) and sources.free != want:
            return self.now
        return sources.next_due()

    def _as_given(self, row: dict[str, Any]) -> ClaimedRun:
        deployment, spec = self._collisions.rows[row["deployment_id"]], self._collisions.spec_of(row)
        assert spec is not None
        told = Deployment(
            id=deployment["id"],
            flow_id=deployment["flow_id"],
            spec=msgspec.structs.replace(spec, schedules=[]),
            version_number=row["deployment_version"] or deployment["version_number"],
            newest_version=deployment["newest_version"],
            created=deployment["created"],
            updated=deployment["updated"],
            last_polled=deployment["last_polled"],
        )
        run = flow_run_of(row, deployment["flow_name"], with_history=False)
        return ClaimedRun(run, told, {**spec.job_variables, **(row["job_variables"] or {})})
