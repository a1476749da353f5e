"""All the ways in which users say when a deployment runs, made one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec

from penstock.core.errors import ConfigurationError, InvalidScheduleError
from penstock.schedules import Cron, Interval, RRule, Schedule
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.schedules import CronSchedule, IntervalSchedule, RRuleSchedule

Span = float | timedelta


def schedule_list(
    *,
    interval: Span | Iterable[Span] | None = None,
    cron: str | Iterable[str] | None = None,
    rrule: str | Iterable[str] | None = None,
    schedule: Any = None,
    schedules: Iterable[Any] | None = None,
) -> list[ScheduleSpec]:
    """Return the schedules that these say, of which at most one may be given.

    Parameters:
        interval: one or several, as seconds or time deltas.
        cron: one or several cron expressions, meant in UTC.
        rrule: one or several recurrence rules, meant in UTC.
        schedule: one `Schedule`.
        schedules: several of those, of wire schedules, or of mappings with the fields of `ScheduleSpec`.

    Raises:
        InvalidScheduleError: more than one way is used, or what is said never falls.
        ConfigurationError: one of `schedules` is no schedule.
    """
    given = {"interval": interval, "cron": cron, "rrule": rrule, "schedule": schedule, "schedules": schedules}
    used = [name for name, value in given.items() if value is not None]
    if len(used) > 1:
        raise InvalidScheduleError(
            f"A deployment's schedule is said in one way, not by {' and '.join(used)}. Use `schedules` for several."
        )
    if interval is not None:
        return [Interval(one)._spec() for one in _several(interval, (int, float, timedelta))]
    if cron is not None:
        return [Cron(one)._spec() for one in _several(cron, str)]
    if rrule is not None:
        return [RRule(one)._spec() for one in _several(rrule, str)]
    return [_spec(one) for one in ([schedule] if schedule is not None else schedules or ())]


def _several(value: Any, kind: Any) -> list[Any]:
    return [value] if isinstance(value, kind) else list(value)


def _spec(schedule: Any) -> ScheduleSpec:
    if isinstance(schedule, ScheduleSpec):
        return schedule
    if isinstance(schedule, (CronSchedule, IntervalSchedule, RRuleSchedule)):
        return ScheduleSpec(schedule)
    if isinstance(schedule, Schedule):
        return schedule._spec()
    if isinstance(schedule, dict):
        try:
            return msgspec.convert(schedule, ScheduleSpec)
        except msgspec.ValidationError as error:
            raise ConfigurationError(f"A schedule makes no sense: {error}. See `penstock.schedules`.") from error
    raise ConfigurationError(
        f"{schedule!r} is no schedule. Make one with Cron, Interval or RRule from `penstock.schedules`."
    )
