"""Which of the runs that are due may begin: by the limits of their deployments, and by what their schedules say of overlaps.

What is counted are live leases. Where several servers share a database, the rows of the deployments are locked before
their leases are counted, in the order of their ids.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import deployment_schedules, deployment_versions, deployments, flow_runs
from penstock.server.services.flow_run_rows import FlowRunRow
from penstock.server.services.work import slots
from penstock.wire.deploying.deployments import CollisionStrategy, DeploymentSpec
from penstock.wire.schedules import OverlapPolicy

DeploymentRow = Mapping[Any, Any]

MOST_OPEN_RUNS = 5_000
"""The most unended runs of schedules that one claim looks at."""


@dataclass(frozen=True, slots=True)
class Take:
    """The run may begin."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The run may not begin yet.

    Attributes:
        reason: why; None where that is over in a moment.
    """

    reason: str | None


@dataclass(frozen=True, slots=True)
class Refuse:
    """The run is not to begin at all.

    Attributes:
        reason: why.
        state_type: how it ends.
    """

    reason: str
    state_type: StateType = StateType.CANCELLED


Judgement = Take | Wait | Refuse


@dataclass(slots=True)
class _Open:
    """A run of a schedule that has not ended, and is due or was."""

    id: UUID
    expected_start: datetime
    is_waiting: bool


@dataclass(slots=True)
class Collisions:
    """What is known of the deployments and schedules of due runs, as one claim goes through them.

    Attributes:
        context: of the claim's transaction.
        now: the instant of the claim.
        rows: of deployments, by their ids; locked.
        full: deployments of which no more may begin.
        shut: schedules of which no more may begin.
        to_cancel: runs that later ones of their schedules take the place of, and why.
    """

    context: Context
    now: datetime
    rows: dict[UUID, DeploymentRow] = field(default_factory=dict)
    full: set[UUID] = field(default_factory=set)
    shut: set[UUID] = field(default_factory=set)
    to_cancel: dict[UUID, str] = field(default_factory=dict)
    _busy: set[UUID] = field(default_factory=set)
    _free: dict[UUID, int] = field(default_factory=dict)
    _specs: dict[tuple[UUID, int], DeploymentSpec] = field(default_factory=dict)
    _policies: dict[UUID, OverlapPolicy] = field(default_factory=dict)
    _open: dict[UUID, list[_Open]] = field(default_factory=dict)

    def find_full(self, pool_name: str) -> None:
        """Find the deployments of a pool that run as often as they may, so that many of their runs need not be looked at."""
        limited = select(deployments.c.id, deployments.c.concurrency_limit).where(
            deployments.c.workspace_id == self.context.workspace_id,
            deployments.c.work_pool_name == pool_name,
            deployments.c.work_pool_name.is_not(None),
            deployments.c.concurrency_limit.is_not(None),
        )
        limits = {row.id: row.concurrency_limit for row in self.context.connection.execute(limited)}
        in_use = slots.of_deployments(limits, self.context)
        self.full |= {id_ for id_, limit in limits.items() if in_use.get(id_, 0) >= limit}

    def lock(self, deployment_ids: Collection[UUID]) -> None:
        """Keep others from taking slots of these deployments until the transaction ends, and count what is free.

        Others are waited for by the first call only: those that they hold later, out of order, count as busy.
        """
        wait = not (self.rows or self._busy)
        new = sorted(set(deployment_ids) - set(self.rows) - self._busy)
        if not new:
            return
        statement = (
            select(deployments)
            .where(deployments.c.workspace_id == self.context.workspace_id, deployments.c.id.in_(new))
            .order_by(deployments.c.id)
            .with_for_update(skip_locked=not wait, key_share=True)
        )
        found = {row["id"]: row for row in self.context.connection.execute(statement).mappings()}
        self.rows |= found
        if not wait:
            self._busy |= set(new) - set(found)
        limited = {id_: row["concurrency_limit"] for id_, row in found.items() if row["concurrency_limit"] is not None}
        in_use = slots.of_deployments(limited, self.context)
        for deployment_id, limit in limited.items():
            self._free[deployment_id] = limit - in_use.get(deployment_id, 0)
            if self._free[deployment_id] <= 0:
                self.full.add(deployment_id)

    def look_at(self, runs: Collection[FlowRunRow]) -> None:
        """Read what it takes to judge these runs: the versions they go by, their schedules and what of those goes on."""
        self._read_versions(runs)
        new = {run["schedule_id"] for run in runs if run["schedule_id"] is not None} - set(self._policies)
        if not new:
            return
        its = deployment_schedules.c.workspace_id == self.context.workspace_id, deployment_schedules.c.id.in_(new)
        found = self.context.connection.execute(
            select(deployment_schedules.c.id, deployment_schedules.c.spec).where(*its)
        )
        self._policies |= dict.fromkeys(new, OverlapPolicy.ALLOW)
        self._policies |= {row.id: row.spec.overlap for row in found if row.spec is not None}
        strict = [id_ for id_ in new if self._policies[id_] is not OverlapPolicy.ALLOW]
        if strict:
            self._read_open(strict)

    def judge(self, run: FlowRunRow) -> Judgement:
        """Return whether a due run may begin; one that may takes its slot by that."""
        deployment_id = run["deployment_id"]
        if deployment_id in self._busy:
            return Wait(None)
        row = self.rows.get(deployment_id)
        if row is None:
            return Refuse("Its deployment was deleted.")
        if self.spec_of(run) is None:
            return Refuse("What its deployment says can't be read. Deploy it again.", StateType.CRASHED)
        overlap = self._overlap(run)
        if overlap is not None:
            return overlap
        free = self._free.get(deployment_id)
        if free is None:
            return Take()
        if free <= 0:
            return self.collision(row)
        self._free[deployment_id] = free - 1
        if free == 1:
            self.full.add(deployment_id)
        return Take()

    def collision(self, deployment: DeploymentRow) -> Judgement:
        """Return what becomes of a due run of a deployment that runs as often as it may."""
        limit, spec = deployment["concurrency_limit"], deployment["spec"]
        goes_on = f"{limit} run(s) of its deployment go on, and not more may."
        if spec is not None and spec.collision_strategy is CollisionStrategy.CANCEL_NEW:
            return Refuse(goes_on)
        return Wait(goes_on)

    def spec_of(self, run: FlowRunRow) -> DeploymentSpec | None:
        """Return what the version of the deployment says that a run goes by; None where that can't be read."""
        row = self.rows[run["deployment_id"]]
        number = run["deployment_version"]
        present: DeploymentSpec | None = row["spec"]
        if number is None or number == row["version_number"]:
            return present
        return self._specs.get((run["deployment_id"], number), present)

    def is_known(self, run: FlowRunRow) -> bool:
        """Whether the deployment of a run is there, and what it says can be read."""
        return run["deployment_id"] in self.rows and self.spec_of(run) is not None

    def _read_versions(self, runs: Collection[FlowRunRow]) -> None:
        wanted = {
            (run["deployment_id"], run["deployment_version"])
            for run in runs
            if run["deployment_id"] in self.rows
            and run["deployment_version"] not in (None, self.rows[run["deployment_id"]]["version_number"])
        } - set(self._specs)
        if not wanted:
            return
        key = tuple_(deployment_versions.c.deployment_id, deployment_versions.c.number)
        its = deployment_versions.c.workspace_id == self.context.workspace_id, key.in_(sorted(wanted))
        columns = deployment_versions.c.deployment_id, deployment_versions.c.number, deployment_versions.c.spec
        for row in self.context.connection.execute(select(*columns).where(*its)):
            if row.spec is not None:
                self._specs[row.deployment_id, row.number] = row.spec

    def _read_open(self, schedule_ids: list[UUID]) -> None:
        columns = (
            flow_runs.c.schedule_id,
            flow_runs.c.id,
            flow_runs.c.expected_start,
            flow_runs.c.due,
            flow_runs.c.lease_expires,
            flow_runs.c.state_type,
        )
        unended = (
            select(*columns)
            .where(
                flow_runs.c.workspace_id == self.context.workspace_id,
                flow_runs.c.schedule_id.in_(schedule_ids),
                flow_runs.c.schedule_id.is_not(None),
                flow_runs.c.end_time.is_(None),
                flow_runs.c.expected_start <= self.now,
            )
            .order_by(flow_runs.c.schedule_id, flow_runs.c.expected_start, flow_runs.c.id)
            .limit(MOST_OPEN_RUNS)
        )
        for row in self.context.connection.execute(unended):
            is_due = row.due is not None and row.due <= self.now
            is_waiting = row.state_type == StateType.SCHEDULED.value and row.lease_expires is None and is_due
            self._open.setdefault(row.schedule_id, []).append(_Open(row.id, row.expected_start, is_waiting))

    def _overlap(self, run: FlowRunRow) -> Judgement | None:
        policy = self._policies.get(run["schedule_id"], OverlapPolicy.ALLOW)
        if policy is OverlapPolicy.ALLOW:
            return None
        mine = run["expected_start"], run["id"]
        others = [one for one in self._open.get(run["schedule_id"], ()) if one.id != run["id"]]
        earlier = [one for one in others if (one.expected_start, one.id) < mine]
        if policy is OverlapPolicy.CANCEL_OLDER:
            if any(one.is_waiting and (one.expected_start, one.id) > mine for one in others):
                return Refuse("A later run of its schedule is due.")
            self.to_cancel |= {one.id: "A later run of its schedule is due." for one in earlier}
            if all(one.is_waiting for one in earlier):
                return None
            self.shut.add(run["schedule_id"])
            return Wait("An earlier run of its schedule is being cancelled.")
        if not earlier:
            return None
        if policy is OverlapPolicy.SKIP:
            return Refuse("Skipped: an earlier run of its schedule has not ended.")
        self.shut.add(run["schedule_id"])
        return Wait("An earlier run of its schedule has not ended.")
