"""Tables of deployments, their versions, schedules and backfills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from penstock.cli.deploying.finding import full_name
from penstock.cli.screen.output import Cell, Column, print_table, when
from penstock.cli.screen.words import duration
from penstock.wire.deploying.backfills import Backfill, BackfillStatus
from penstock.wire.deploying.deployment_schedules import DeploymentSchedule, ScheduleSpec
from penstock.wire.deploying.deployments import Deployment, DeploymentVersion
from penstock.wire.schedules import CronSchedule, IntervalSchedule

_LOOKS = {BackfillStatus.RUNNING: "blue", BackfillStatus.COMPLETED: "green", BackfillStatus.CANCELLED: "dim"}


def plain(thing: Any) -> Any:
    """Return what travels as JSON has it: names and values as the API documents them."""
    return msgspec.to_builtins(thing)


def timing(spec: ScheduleSpec) -> str:
    """Return in a few words when a schedule falls."""
    schedule = spec.schedule
    if isinstance(schedule, CronSchedule):
        words = schedule.cron
    elif isinstance(schedule, IntervalSchedule):
        words = f"every {duration(schedule.interval)}"
    else:
        words = " ".join(schedule.rrule.split())
    return words if schedule.timezone == "UTC" else f"{words} ({schedule.timezone})"


def source_words(version: DeploymentVersion) -> str:
    """Return which state of the code a version was made from, in a few words."""
    source = version.spec.source
    if source is None or source.commit is None:
        return "-"
    return f"{source.commit[:12]}{'+' if source.is_dirty else ''}"


def print_deployments(found: Sequence[Deployment]) -> None:
    """Print a table of deployments."""
    columns = [
        Column("DEPLOYMENT"),
        Column("STATUS", keep=True),
        Column("VERSION", keep=True, right=True),
        Column("POOL"),
        Column("SCHEDULES"),
        Column("CHANGED", keep=True, style="dim"),
    ]
    print_table(columns, [_deployment_cells(one) for one in found])


def _deployment_cells(one: Deployment) -> list[str | Cell]:
    spec = one.spec
    queue = f"/{spec.work_queue_name}" if spec.work_queue_name else ""
    return [
        Cell(full_name(one), "bold"),
        Cell("Paused", "cyan") if spec.paused else Cell("Active", "green"),
        str(one.version_number),
        f"{spec.work_pool_name}{queue}" if spec.work_pool_name else "-",
        ", ".join(timing(each.spec) for each in one.schedules) or "-",
        when(one.updated),
    ]


def print_versions(versions: Sequence[DeploymentVersion]) -> None:
    """Print a table of a deployment's versions."""
    columns = [
        Column("VERSION", keep=True, right=True),
        Column("CURRENT", keep=True),
        Column("MADE", keep=True, style="dim"),
        Column("BY"),
        Column("COMMIT", keep=True),
        Column("NOTE"),
    ]
    print_table(
        columns,
        [
            (
                str(one.number),
                Cell("yes", "green") if one.is_current else "",
                when(one.created),
                one.author,
                source_words(one),
                one.note or "",
            )
            for one in versions
        ],
    )


def print_schedules(schedules: Sequence[DeploymentSchedule], upcoming: Mapping[UUID, datetime | None]) -> None:
    """Print a table of schedules.

    Parameters:
        schedules: the schedules.
        upcoming: when each falls next, by its id.
    """
    columns = [
        Column("SLUG", keep=True, style="bold"),
        Column("WHEN"),
        Column("STATUS", keep=True),
        Column("NEXT", keep=True, style="dim"),
        Column("PROBLEM", style="red"),
    ]
    print_table(
        columns,
        [
            (
                one.slug,
                timing(one.spec),
                Cell("Active", "green") if one.spec.active else Cell("Paused", "cyan"),
                when(upcoming.get(one.id)),
                one.problem or "",
            )
            for one in schedules
        ],
    )


def print_backfills(backfills: Sequence[Backfill], names: Mapping[UUID, str]) -> None:
    """Print a table of backfills.

    Parameters:
        backfills: the backfills.
        names: of their deployments, by id.
    """
    columns = [
        Column("ID", keep=True, style="dim"),
        Column("DEPLOYMENT", style="bold"),
        Column("STATUS", keep=True),
        Column("ENDED", keep=True, right=True),
        Column("FROM", keep=True),
        Column("UNTIL", keep=True),
        Column("BY"),
    ]
    print_table(
        columns,
        [
            (
                str(one.request.id),
                names.get(one.request.deployment_id, str(one.request.deployment_id)),
                Cell(one.status.value.capitalize(), _LOOKS[one.status]),
                f"{ended_runs(one):,}/{one.total:,}",
                one.request.start.isoformat(timespec="minutes"),
                one.request.end.isoformat(timespec="minutes"),
                one.author,
            )
            for one in backfills
        ],
    )


def ended_runs(backfill: Backfill) -> int:
    """Return how many of a backfill's runs have ended."""
    over = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
    return sum(count for kind, count in backfill.by_type.items() if kind in over)
