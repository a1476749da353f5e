"""From a schedule that travelled to its instants."""

from __future__ import annotations

from functools import lru_cache

from penstock.core.schedules.cron import cron_timetable
from penstock.core.schedules.interval import interval_timetable
from penstock.core.schedules.possible import check_that_it_falls
from penstock.core.schedules.recurrence.recurrence import recurrence_timetable
from penstock.core.schedules.timetable import Timetable
from penstock.wire.schedules import CronSchedule, IntervalSchedule, RRuleSchedule, Schedule


@lru_cache(maxsize=2_048)
def timetable(schedule: Schedule) -> Timetable:
    """Return the instants of a schedule, to be asked by `penstock.core.schedules.occurrences`.

    Raises:
        InvalidScheduleError: the schedule does not parse, or its time zone is none.
    """
    match schedule:
        case CronSchedule():
            return cron_timetable(schedule.cron, schedule.timezone, schedule.day_or)
        case IntervalSchedule():
            return interval_timetable(schedule.interval, schedule.anchor_date, schedule.timezone)
        case RRuleSchedule():
            return recurrence_timetable(schedule.rrule, schedule.timezone)


def validate(schedule: Schedule) -> None:
    """Check that a schedule parses and falls at some instant, in a bounded number of steps.

    Raises:
        InvalidScheduleError: it does not.
    """
    times = timetable(schedule)
    if isinstance(schedule, RRuleSchedule):
        check_that_it_falls(times, schedule.rrule)
