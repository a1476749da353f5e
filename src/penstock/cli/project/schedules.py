"""The schedules of a deployment's entry in a project's file."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from penstock.cli.project.words import DeploymentEntry, ScheduleEntry
from penstock.core.errors import InvalidScheduleError

if TYPE_CHECKING:
    from penstock.wire.deploying.deployment_schedules import ScheduleSpec


def schedules_of(entry: DeploymentEntry) -> list[ScheduleSpec] | None:
    """Return the schedules that an entry says; None where it says nothing of them, so that those there are stay.

    Raises:
        InvalidScheduleError: one makes no sense.
    """
    if entry.schedule is not None and entry.schedules is not None:
        raise InvalidScheduleError("Both `schedule` and `schedules` are given. Put all of them under `schedules`.")
    if entry.schedule is not None:
        return [_spec(entry.schedule)]
    return None if entry.schedules is None else [_spec(one) for one in entry.schedules]


def _spec(entry: ScheduleEntry) -> ScheduleSpec:
    from penstock.deployments.schedule_lists import schedule_list
    from penstock.schedules import Schedule

    said = msgspec.structs.asdict(entry)
    anchor = said.pop("anchor_date")
    try:
        said["anchor_date"] = None if anchor is None else datetime.fromisoformat(anchor)
    except ValueError as error:
        raise InvalidScheduleError(
            f"The anchor_date {anchor!r} is no time. Write one such as 2026-01-01T09:00:00+01:00."
        ) from error
    return schedule_list(schedule=Schedule(**said))[0]
