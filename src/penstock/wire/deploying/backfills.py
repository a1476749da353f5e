"""Backfills: a past range of a schedule, made up for a few runs at a time."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec

from penstock.wire.schedules import Schedule


class BackfillStatus(str, Enum):
    """How far a backfill is."""

    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


class BackfillCreate(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Run a deployment for every instant of a range. Creating one twice with the same id gives the first one back.

    Attributes:
        id: made by the client.
        deployment_id: the deployment.
        start: the first instant.
        end: the end of the range, which is not in it.
        schedule_slug: one of the deployment's schedules; may be left out where it has only one.
        schedule: another schedule instead.
        concurrency: how many of its runs may be under way at once.
        parameters: over those of the deployment and the schedule, by name.
        instant_parameter: the parameter that each run is given its instant in, as ISO 8601; by default none.
        newest_first: whether it begins with the end of the range.
        dry_run: only say how many runs there would be.
    """

    id: UUID
    deployment_id: UUID
    start: datetime
    end: datetime
    schedule_slug: str | None = None
    schedule: Schedule | None = None
    concurrency: int = 1
    parameters: dict[str, Any] = msgspec.field(default_factory=dict)
    instant_parameter: str | None = None
    newest_first: bool = False
    dry_run: bool = False


class Backfill(msgspec.Struct, frozen=True):
    """A backfill, as the server knows it.

    Attributes:
        request: what was asked for.
        status: how far it is.
        created: when it was asked for.
        author: who asked.
        total: how many instants its range has.
        made: for how many of them there are runs.
        by_type: how many of these are in a state of each type.
        ended: when the last of its runs had ended, or it was cancelled.
    """

    request: BackfillCreate
    status: BackfillStatus
    created: datetime
    author: str
    total: int
    made: int
    by_type: dict[str, int] = msgspec.field(default_factory=dict)
    ended: datetime | None = None


class BackfillQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of backfills, newest first. `after` is the `next` of the page before.

    Attributes:
        deployment_ids: of these deployments; by default of all.
        statuses: in one of these; by default in any.
        limit: how many.
        after: where the page begins.
    """

    deployment_ids: list[UUID] | None = None
    statuses: list[BackfillStatus] | None = None
    limit: int = 50
    after: str | None = None


class BackfillPage(msgspec.Struct, frozen=True):
    """Some backfills, and where the next page begins."""

    items: list[Backfill]
    next: str | None = None
