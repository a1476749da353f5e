"""Questions to a timetable: what comes next, what lies in a range, what came last."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import NamedTuple

from penstock.core.schedules.steps import OutOfStepsError, StepBudget
from penstock.core.schedules.timetable import EARLIEST, LATEST, Timetable

LIMIT = 10_000
"""The most instants that one question gives."""

_FIRST_LOOK_BACK = timedelta(minutes=1)


class Occurrences(NamedTuple):
    """Instants at which a schedule falls.

    Attributes:
        instants: in UTC, earliest first.
        is_capped: whether there may be more.
    """

    instants: list[datetime]
    is_capped: bool


def occurrences(
    timetable: Timetable, after: datetime, until: datetime | None = None, limit: int = LIMIT
) -> Iterator[datetime]:
    """Yield the instants after one, in UTC, earliest first and none twice.

    It looks at most fifty years ahead and takes a bounded number of steps, so it may end before `limit` and `until`. Who goes
    on from the last instant it gave misses none.

    Parameters:
        timetable: of the schedule.
        after: an instant; only later ones are given.
        until: the last instant that may be given.
        limit: how many, at most 10,000.
    """
    limit = min(limit, LIMIT)
    begin, end = max(after.astimezone(UTC), EARLIEST), LATEST if until is None else min(until.astimezone(UTC), LATEST)
    if limit <= 0 or begin >= end:
        return
    budget = StepBudget()
    try:
        for number, instant in enumerate(timetable.walk(begin, budget), start=1):
            if instant > end:
                return
            budget.found()
            yield instant
            if number >= limit:
                return
    except OutOfStepsError:
        return


def occurrences_between(timetable: Timetable, start: datetime, end: datetime, limit: int = LIMIT) -> Occurrences:
    """Return the instants of a range, its start in it and its end not.

    Parameters:
        timetable: of the schedule.
        start: an instant.
        end: an instant.
        limit: how many, at most 10,000.
    """
    limit = max(0, min(limit, LIMIT))
    first, last = max(start.astimezone(UTC), EARLIEST), min(end.astimezone(UTC), LATEST)
    budget = StepBudget()
    found: list[datetime] = []
    if first >= last:
        return Occurrences(found, is_capped=False)
    try:
        for instant in takewhile(lambda one: one < last, timetable.walk(first - timedelta(microseconds=1), budget)):
            if len(found) == limit:
                return Occurrences(found, is_capped=True)
            budget.found()
            found.append(instant)
    except OutOfStepsError:
        return Occurrences(found, is_capped=True)
    return Occurrences(found, is_capped=False)


def newest_occurrences(timetable: Timetable, after: datetime, until: datetime, limit: int) -> list[datetime]:
    """Return the last instants of a range, earliest first: its start not in it, its end in it.

    Timetables are walked forwards only, so this looks at ever longer ends of the range until one holds enough.

    Parameters:
        timetable: of the schedule.
        after: an instant.
        until: an instant.
        limit: how many, at most 5,000.
    """
    limit = min(limit, LIMIT // 2)
    if limit <= 0 or next(occurrences(timetable, after, until, 1), None) is None:
        return []
    too_few, look_back = until, _FIRST_LOOK_BACK
    while (begin := max(after, until - look_back)) > after and _holds_fewer(timetable, begin, until, limit):
        too_few, look_back = begin, 2 * look_back
    # Between `begin` and `too_few` is where enough of them begin; a burst there may hold far more than enough.
    while too_few - begin > timedelta(seconds=1) and not _holds_fewer(timetable, begin, until, 2 * limit):
        middle = begin + (too_few - begin) / 2
        if _holds_fewer(timetable, middle, until, limit):
            too_few = middle
        else:
            begin = middle
    return list(deque(occurrences(timetable, begin, until), maxlen=limit))


def _holds_fewer(timetable: Timetable, after: datetime, until: datetime, than: int) -> bool:
    return sum(1 for _ in occurrences(timetable, after, until, than)) < than
