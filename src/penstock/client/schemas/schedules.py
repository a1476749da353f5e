"""Schedules as programs written for Prefect make them for its client; `penstock.schedules` says more with less."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from penstock.wire import schedules as wire
from penstock.wire.timetables import validate

__all__ = ["CronSchedule", "IntervalSchedule", "RRuleSchedule", "construct_schedule"]


def CronSchedule(cron: str, timezone: str | None = None, day_or: bool = True) -> wire.CronSchedule:
    """Return a schedule by a cron expression.

    Parameters:
        cron: five fields, or one of `@hourly`, `@daily` and their like.
        timezone: whose clock is meant, as the IANA names it; by default UTC.
        day_or: where both days of the month and days of the week are named, whether either is enough.

    Raises:
        InvalidScheduleError: it does not parse or never falls.
    """
    schedule = wire.CronSchedule(cron, timezone or "UTC", day_or)
    validate(schedule)
    return schedule


def IntervalSchedule(
    interval: timedelta | float, anchor_date: datetime | str | None = None, timezone: str | None = None
) -> wire.IntervalSchedule:
    """Return a schedule at intervals.

    Parameters:
        interval: the time between two runs; a number is taken for seconds.
        anchor_date: an instant that intervals are counted from, both ways; by default the time at which the deployment was
            first given this interval. A text is read as ISO 8601.
        timezone: whose days are meant, where the interval is of whole days; by default those of `anchor_date`, else UTC.

    Raises:
        InvalidScheduleError: the interval, the anchor or the zone is none.
    """
    seconds = interval.total_seconds() if isinstance(interval, timedelta) else float(interval)
    anchor = datetime.fromisoformat(anchor_date) if isinstance(anchor_date, str) else anchor_date
    if timezone is None and anchor is not None and isinstance(anchor.tzinfo, ZoneInfo):
        timezone = anchor.tzinfo.key
    schedule = wire.IntervalSchedule(seconds, anchor, timezone or "UTC")
    validate(schedule)
    return schedule


def RRuleSchedule(rrule: str, timezone: str | None = None) -> wire.RRuleSchedule:
    """Return a schedule by a recurrence rule.

    Parameters:
        rrule: a rule (RFC 5545), or several lines that begin with `DTSTART`, `RRULE`, `RDATE`, `EXRULE` or `EXDATE`.
        timezone: whose clock is meant, as the IANA names it; by default UTC.

    Raises:
        InvalidScheduleError: it does not parse or never falls.
    """
    schedule = wire.RRuleSchedule(rrule, timezone or "UTC")
    validate(schedule)
    return schedule


def construct_schedule(
    interval: float | timedelta | None = None,
    anchor_date: datetime | str | None = None,
    cron: str | None = None,
    rrule: str | None = None,
    timezone: str | None = None,
) -> wire.Schedule:
    """Return a schedule of the one kind that is given.

    Parameters:
        interval: as `IntervalSchedule` takes it.
        anchor_date: of an interval.
        cron: as `CronSchedule` takes it.
        rrule: as `RRuleSchedule` takes it.
        timezone: whose clock is meant, as the IANA names it; by default UTC.

    Raises:
        ValueError: none or several are given, or an anchor without an interval.
        InvalidScheduleError: the schedule does not parse or never falls.
    """
    given = [name for name, value in (("interval", interval), ("cron", cron), ("rrule", rrule)) if value is not None]
    if len(given) != 1:
        raise ValueError(f"Give one of interval, cron and rrule, not {' and '.join(given) or 'none'}.")
    if anchor_date is not None and interval is None:
        raise ValueError(f"An anchor_date belongs to an interval, and this schedule is by {given[0]}. Leave it out.")
    if cron is not None:
        return CronSchedule(cron, timezone)
    if rrule is not None:
        return RRuleSchedule(rrule, timezone)
    assert interval is not None
    return IntervalSchedule(interval, anchor_date, timezone)
