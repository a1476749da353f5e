"""Schedules: at which instants something is due, and what becomes of those that were missed or that overlap."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import msgspec


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
        anchor_date: an instant from which the others are counted, both ways.
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


class MissedPolicy(str, Enum):
    """What becomes of instants at which no server could make runs."""

    SKIP = "SKIP"
    LATEST = "LATEST"
    ALL = "ALL"


class OverlapPolicy(str, Enum):
    """What becomes of a run that is due while an earlier one of its schedule has not ended."""

    ALLOW = "ALLOW"
    ENQUEUE = "ENQUEUE"
    SKIP = "SKIP"
    CANCEL_OLDER = "CANCEL_OLDER"
