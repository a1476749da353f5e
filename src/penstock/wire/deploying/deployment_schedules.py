"""The schedules of deployments: when, with what, and what becomes of instants that were missed or that overlap."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from penstock.wire.schedules import MissedPolicy, OverlapPolicy, Schedule


class ScheduleSpec(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a schedule of a deployment says.

    Attributes:
        schedule: when.
        slug: its name within the deployment; by default one is made from what it says.
        active: whether it makes runs.
        parameters: over those of the deployment, by name.
        job_variables: over those of the deployment, by name.
        max_scheduled_runs: how many runs to come are made ahead; by default what the server's settings say.
        jitter_seconds: every run is put off by a part of this, the same each time it is computed.
        missed: what becomes of instants at which no server could make runs.
        missed_limit: how many of those are made up for at most, where all are.
        overlap: what becomes of a run that is due while an earlier one of the schedule has not ended.
        late_after_seconds: after how long a run that has not started is Late; by default what the server's settings say.
    """

    schedule: Schedule
    slug: str | None = None
    active: bool = True
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    job_variables: dict[str, Any] = msgspec.field(default_factory=dict)
    max_scheduled_runs: int | None = None
    jitter_seconds: float = 0.0
    missed: MissedPolicy = MissedPolicy.LATEST
    missed_limit: int = 10
    overlap: OverlapPolicy = OverlapPolicy.ALLOW
    late_after_seconds: float | None = None


class DeploymentSchedule(msgspec.Struct, frozen=True):
    """A schedule of a deployment, as the server knows it.

    Attributes:
        id: stays the same while the deployment has a schedule of that slug.
        deployment_id: the deployment.
        slug: its name within the deployment.
        spec: what it says.
        scheduled_until: for which instants runs have been made or passed over.
        problem: why it makes no runs, where its rows or rules can't be carried out.
    """

    id: UUID
    deployment_id: UUID
    slug: str
    spec: ScheduleSpec
    scheduled_until: datetime | None = None
    problem: str | None = None


class UpcomingQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """At which instants a schedule falls; nothing is made by asking.

    Attributes:
        schedule: the schedule.
        after: only later ones; by default now.
        before: only earlier ones.
        limit: how many, at most 1,000.
    """

    schedule: Schedule
    after: datetime | None = None
    before: datetime | None = None
    limit: int = 10


class Upcoming(msgspec.Struct, frozen=True):
    """Instants at which a schedule falls.

    Attributes:
        instants: in UTC, earliest first.
        is_capped: whether there are more.
    """

    instants: list[datetime]
    is_capped: bool = False
