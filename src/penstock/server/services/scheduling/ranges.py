"""The instants of a backfill."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from penstock.core.schedules.occurrences import Occurrences, occurrences_between
from penstock.wire.schedules import Schedule
from penstock.wire.timetables import timetable

INSTANTS_LIMIT = 10_000
"""The most instants of one backfill."""


@lru_cache(maxsize=32)
def instants_of(schedule: Schedule, start: datetime, end: datetime) -> Occurrences:
    """Return the instants of a range, its start in it and its end not; kept, as a backfill asks for them again and again.

    Raises:
        InvalidScheduleError: the schedule does not parse.
    """
    return occurrences_between(timetable(schedule), start, end, INSTANTS_LIMIT)
