"""When the runs of a deployment start: by cron, at intervals, or by recurrence rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack, get_args
from zoneinfo import ZoneInfo

from penstock.core import clock
from penstock.core.errors import InvalidScheduleError

if TYPE_CHECKING:
    from penstock.wire import schedules as wire
    from penstock.wire.deploying.deployment_schedules import ScheduleSpec

__all__ = ["Cron", "Interval", "RRule", "Schedule"]

Missed = Literal["skip", "latest", "all"]
Overlap = Literal["allow", "enqueue", "skip", "cancel_older"]


class Options(TypedDict, total=False):
    """What `Schedule` takes beyond Prefect's."""

    max_scheduled_runs: int | None
    job_variables: dict[str, Any]
    jitter_seconds: float
    missed: Missed
    missed_limit: int
    overlap: Overlap
    late_after_seconds: float | None


_KINDS = ("interval", "cron", "rrule")


@dataclass(frozen=True)
class Schedule:
    """When the runs of a deployment start. `Cron`, `Interval` and `RRule` make one; so does this, given one of the three.

    Parameters:
        interval: the time between two runs; a number is taken for seconds. One of whole days keeps to the time of the day in
            `timezone`, any other is exact, whatever clocks show.
        cron: a cron expression of five fields, or one of `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`.
        rrule: a recurrence rule (RFC 5545), or several lines that begin with `DTSTART`, `RRULE`, `RDATE`, `EXRULE` or `EXDATE`.
        timezone: whose clock is meant, as the IANA names it; by default that of `anchor_date`, else UTC.
        anchor_date: an instant that intervals are counted from, both ways; without a zone it is a time in `timezone`. By
            default the time at which the deployment was first given this interval.
        day_or: where a cron expression names both days of the month and days of the week, whether either is enough.
        active: whether it makes runs.
        parameters: of its runs, over those of the deployment.
        slug: its name within the deployment.
        max_scheduled_runs: how many runs to come are made ahead; by default what the server's settings say.
        job_variables: of its runs, over those of the deployment.
        jitter_seconds: each run is put off by a part of this, so that the runs of many schedules do not start at once.
        missed: what becomes of the times at which no server could make runs: `skip` them, run the `latest`, or `all`.
        missed_limit: how many of those are made up for at most, the latest ones, where all are.
        overlap: what becomes of a run that is due while an earlier one of the schedule has not ended: `allow` it beside that
            one, `enqueue` it behind it, `skip` it, or `cancel_older`.
        late_after_seconds: after how long a run that has not started is Late; by default what the server's settings say.

    Raises:
        InvalidScheduleError: it is of no kind or of several, does not parse, never falls, or an option is none of those above.
    """

    interval: timedelta | None = None
    cron: str | None = None
    rrule: str | None = None
    timezone: str | None = None
    anchor_date: datetime | None = None
    day_or: bool = True
    active: bool = True
    parameters: dict[str, Any] = field(default_factory=dict)
    slug: str | None = None
    max_scheduled_runs: int | None = field(default=None, kw_only=True)
    job_variables: dict[str, Any] = field(default_factory=dict, kw_only=True)
    jitter_seconds: float = field(default=0.0, kw_only=True)
    missed: Missed = field(default="latest", kw_only=True)
    missed_limit: int = field(default=10, kw_only=True)
    overlap: Overlap = field(default="allow", kw_only=True)
    late_after_seconds: float | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        from penstock.wire.timetables import validate

        interval: Any = self.interval
        if isinstance(interval, (int, float)):
            object.__setattr__(self, "interval", _seconds(interval))
        validate(self._timing())
        _check_options(self)

    def upcoming(self, limit: int = 10, after: datetime | None = None) -> list[datetime]:
        """Return the next times at which it falls, before jitter, in its time zone. No server is asked.

        An interval without an `anchor_date` is counted from `after` here.

        Parameters:
            limit: how many, at most 10,000.
            after: only later ones; by default now. Without a zone it is a time in the schedule's.
        """
        from penstock.core.schedules.occurrences import occurrences
        from penstock.wire.schedules import anchored
        from penstock.wire.timetables import timetable

        timing = self._timing()
        zone = ZoneInfo(timing.timezone)
        after = after or clock.now()
        after = after.replace(tzinfo=zone) if after.tzinfo is None else after
        found = occurrences(timetable(anchored(timing, after)), after, limit=limit)
        return [instant.astimezone(zone) for instant in found]

    def _timing(self) -> wire.Schedule:
        from penstock.wire import schedules as wire

        given = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            fact = f"is several at once: {', '.join(given)}" if given else "says neither interval, cron nor rrule"
            raise InvalidScheduleError(f"The schedule {fact}. Give one of the three, and several schedules for more.")
        zone = self.timezone or "UTC"
        if self.cron is not None:
            return wire.CronSchedule(self.cron, zone, self.day_or)
        if self.rrule is not None:
            return wire.RRuleSchedule(self.rrule, zone)
        assert self.interval is not None
        anchor = self.anchor_date
        if self.timezone is None and anchor is not None and isinstance(anchor.tzinfo, ZoneInfo):
            zone = anchor.tzinfo.key or zone
        return wire.IntervalSchedule(self.interval.total_seconds(), anchor, zone)

    def _spec(self) -> ScheduleSpec:
        """Return what the server is told of it."""
        from penstock.wire.deploying.deployment_schedules import ScheduleSpec
        from penstock.wire.schedules import MissedPolicy, OverlapPolicy

        return ScheduleSpec(
            self._timing(),
            slug=self.slug,
            active=self.active,
            parameters=self.parameters,
            job_variables=self.job_variables,
            max_scheduled_runs=self.max_scheduled_runs,
            jitter_seconds=self.jitter_seconds,
            missed=MissedPolicy(self.missed.upper()),
            missed_limit=self.missed_limit,
            overlap=OverlapPolicy(self.overlap.upper()),
            late_after_seconds=self.late_after_seconds,
        )


def Cron(
    cron: str,
    /,
    timezone: str | None = None,
    day_or: bool = True,
    active: bool = True,
    parameters: dict[str, Any] | None = None,
    slug: str | None = None,
    **options: Unpack[Options],
) -> Schedule:
    """Return a schedule by a cron expression. The parameters, and `options`, are those of `Schedule`.

    Example:
        >>> [f"{at:%a %H:%M}" for at in Cron("30 9 * * MON,FRI", timezone="Europe/Oslo").upcoming(2, datetime(2025, 1, 1))]
        ['Fri 09:30', 'Mon 09:30']
    """
    return Schedule(
        cron=cron,
        timezone=timezone,
        day_or=day_or,
        active=active,
        parameters=parameters or {},
        slug=slug,
        **options,
    )


def Interval(
    interval: timedelta | float,
    /,
    anchor_date: datetime | None = None,
    timezone: str | None = None,
    active: bool = True,
    parameters: dict[str, Any] | None = None,
    slug: str | None = None,
    **options: Unpack[Options],
) -> Schedule:
    """Return a schedule at intervals; a number is taken for seconds. The parameters, and `options`, are those of `Schedule`.

    Example:
        >>> [f"{at:%H:%M}" for at in Interval(3600, datetime(2025, 1, 1, 0, 15)).upcoming(2, datetime(2025, 1, 1))]
        ['00:15', '01:15']
    """
    return Schedule(
        interval=interval if isinstance(interval, timedelta) else _seconds(interval),
        anchor_date=anchor_date,
        timezone=timezone,
        active=active,
        parameters=parameters or {},
        slug=slug,
        **options,
    )


def RRule(
    rrule: str,
    /,
    timezone: str | None = None,
    active: bool = True,
    parameters: dict[str, Any] | None = None,
    slug: str | None = None,
    **options: Unpack[Options],
) -> Schedule:
    """Return a schedule by a recurrence rule. The parameters, and `options`, are those of `Schedule`.

    Example:
        >>> [f"{at:%d %b}" for at in RRule("FREQ=MONTHLY;BYDAY=-1FR").upcoming(2, datetime(2025, 1, 1))]
        ['31 Jan', '28 Feb']
    """
    return Schedule(rrule=rrule, timezone=timezone, active=active, parameters=parameters or {}, slug=slug, **options)


def _seconds(interval: float) -> timedelta:
    try:
        return timedelta(seconds=interval)
    except (OverflowError, ValueError):  # too many, or not a number
        raise InvalidScheduleError(
            f"The interval of {interval:g} seconds is no time. Give a number of seconds or a timedelta."
        ) from None


def _check_options(schedule: Schedule) -> None:
    for name, value, words in (
        ("missed", schedule.missed, get_args(Missed)),
        ("overlap", schedule.overlap, get_args(Overlap)),
    ):
        if value not in words:
            raise InvalidScheduleError(f"The schedule has {name}={value!r}. Give one of {', '.join(map(repr, words))}.")
    for name, least in (
        ("jitter_seconds", 0),
        ("missed_limit", 0),
        ("late_after_seconds", 0),
        ("max_scheduled_runs", 1),
    ):
        value = getattr(schedule, name)
        if value is not None and not least <= value < float("inf"):
            raise InvalidScheduleError(f"The schedule has {name}={value!r}. Give a number from {least} on.")
