"""One recurrence rule, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from penstock.core.schedules.recurrence.days import EVERY_DAY, DayFilter


class Frequency(IntEnum):
    """What a rule counts its interval in, the longest first."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5
    SECONDLY = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule. What its text left to its beginning is filled in.

    Attributes:
        frequency: what its interval is counted in.
        start: its beginning; it has no time before. A time of a clock on a wall, as all of its times.
        interval: how many years, months, … lie between two of its periods.
        until: its last possible time.
        days: which days pass.
        hours: which hours, in order; empty for all, as in the two below.
        minutes: which minutes.
        seconds: which seconds.
        positions: which of a period's times count, from 1; negative ones count from its end. Empty for all.
        week_start: the weekday that weeks begin with, from 0, Monday.
    """

    frequency: Frequency
    start: datetime
    interval: int = 1
    until: datetime | None = None
    days: DayFilter = EVERY_DAY
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0
