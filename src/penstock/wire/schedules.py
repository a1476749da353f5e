"""Schedules: at which instants something is due, and what becomes of those that were missed or that overlap."""

from __future__ import annotations

from datetime import datetime

import msgspec

from penstock.core.schedules.policies import MissedPolicy as MissedPolicy
from penstock.core.schedules.policies import OverlapPolicy as OverlapPolicy


class CronSchedule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag="cron"):
    """Due whenever a clock on a wall fits a cron expression.

    Attributes:
        cron: five fields, or one of `@hourly`, `@daily` and their like.
        timezone: where the clock hangs, as the IANA names it.
        day_or: where both days of the month and days of the week are named, whether either is enough.
    """

    cron: str
    timezone: str = "UTC"
    day_or: bool = True


class IntervalSchedule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag="interval"):
    """Due every so often, counted from an anchor.

    Attributes:
        interval: how many seconds lie between two instants.
        anchor_date: an instant from which the others are counted, both ways; by default the beginning of 1970 in the zone.
        timezone: whose days are meant, where the interval is of whole days.
    """

    interval: float
    anchor_date: datetime | None = None
    timezone: str = "UTC"


class RRuleSchedule(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, tag="rrule"):
    """Due as a recurrence rule says (RFC 5545, section 3.8.5).

    Attributes:
        rrule: the rule, or several lines that make a set of rules and exceptions.
        timezone: where its local times are meant, as the IANA names it.
    """

    rrule: str
    timezone: str = "UTC"


Schedule = CronSchedule | IntervalSchedule | RRuleSchedule


def anchored(schedule: Schedule, anchor_date: datetime, previous: Schedule | None = None) -> Schedule:
    """Return a schedule whose interval is counted from somewhere.

    Who gives an interval no anchor wants it counted from now, but not moved each time that it is given again.

    Parameters:
        schedule: any; it is returned as it is, unless it is an interval without an anchor.
        anchor_date: an anchor.
        previous: what stood in its place before: where only the anchor differs, that one is kept.
    """
    if not isinstance(schedule, IntervalSchedule) or schedule.anchor_date is not None:
        return schedule
    if isinstance(previous, IntervalSchedule) and previous.anchor_date is not None:
        kept = msgspec.structs.replace(schedule, anchor_date=previous.anchor_date)
        if kept == previous:
            return kept
    return msgspec.structs.replace(schedule, anchor_date=anchor_date)
