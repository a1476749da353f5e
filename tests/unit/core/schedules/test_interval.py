"""Intervals: exact below a day and between days, by the clock where they are of whole days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.interval import interval_timetable
from penstock.core.schedules.occurrences import occurrences

HOUR, DAY = 3_600.0, 86_400.0


def falls(
    seconds: float, anchor: datetime | None, after: datetime, zone: str = "UTC", limit: int = 3
) -> list[datetime]:
    return list(occurrences(interval_timetable(seconds, anchor, zone), after, limit=limit))


def test_instants_are_counted_from_the_anchor_both_ways() -> None:
    """The anchor is one of the instants, and its own is not given to who asks after it."""
    anchor = datetime(2025, 1, 1, 10, 7, tzinfo=UTC)
    assert falls(HOUR, anchor, anchor)[0] == anchor + timedelta(hours=1)
    assert falls(HOUR, anchor, anchor - timedelta(microseconds=1))[0] == anchor
    assert falls(HOUR, anchor, datetime(2024, 12, 31, 0, 7, 30, tzinfo=UTC))[0] == datetime(
        2024, 12, 31, 1, 7, tzinfo=UTC
    )


def test_fractions_of_seconds_are_kept() -> None:
    """An interval of 1.5 seconds drifts not at all."""
    anchor = datetime(2025, 1, 1, tzinfo=UTC)
    far = anchor + timedelta(days=10_000)
    assert falls(1.5, anchor, far) == [far + timedelta(seconds=1.5 * n) for n in (1, 2, 3)]


@pytest.mark.parametrize("seconds", [HOUR, 12 * HOUR, 36 * HOUR])
def test_what_is_not_of_whole_days_is_exact(seconds: float) -> None:
    """Hours go on evenly while clocks are changed."""
    after = datetime(2025, 3, 8, tzinfo=UTC)
    found = falls(seconds, datetime(2025, 1, 1, tzinfo=UTC), after, "America/New_York", limit=50)
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(seconds=seconds)}


def test_whole_days_keep_the_time_of_the_day() -> None:
    """Nine in New York stays nine there when its clock is changed."""
    anchor = datetime(2025, 1, 1, 9, tzinfo=ZoneInfo("America/New_York"))
    found = falls(DAY, anchor, datetime(2025, 3, 8, tzinfo=UTC), "America/New_York")
    assert found == [datetime(2025, 3, day, hour, tzinfo=UTC) for day, hour in ((8, 14), (9, 13), (10, 13))]
    fortnight = falls(14 * DAY, anchor, datetime(2025, 3, 1, tzinfo=UTC), "America/New_York")
    assert fortnight[:2] == [datetime(2025, 3, 12, 13, tzinfo=UTC), datetime(2025, 3, 26, 13, tzinfo=UTC)]


def test_whole_days_on_times_that_are_skipped_or_repeated() -> None:
    """The rules are those of every other schedule."""
    anchor = datetime(2025, 1, 1, 2, 30)  # noqa: DTZ001 - of the schedule's own clock
    assert datetime(2025, 3, 9, 7, tzinfo=UTC) in falls(
        DAY, anchor, datetime(2025, 3, 8, tzinfo=UTC), "America/New_York"
    )
    anchor = anchor.replace(hour=1)
    found = falls(DAY, anchor, datetime(2025, 11, 1, 12, tzinfo=UTC), "America/New_York", limit=2)
    assert found == [datetime(2025, 11, 2, 5, 30, tzinfo=UTC), datetime(2025, 11, 3, 6, 30, tzinfo=UTC)]


def test_an_anchor_without_a_zone_is_of_the_schedules_clock() -> None:
    """It is read where the schedule's clock hangs; an offset is an instant, wherever it was written."""
    naive = datetime(2025, 1, 1, 9)  # noqa: DTZ001
    after = datetime(2025, 1, 1, tzinfo=UTC)
    assert falls(DAY, naive, after, "Asia/Tokyo", limit=1) == [datetime(2025, 1, 2, tzinfo=UTC)]
    offset = naive.replace(tzinfo=timezone(timedelta(hours=-5)))
    assert falls(DAY, offset, after, "UTC", limit=1) == [datetime(2025, 1, 1, 14, tzinfo=UTC)]


def test_without_an_anchor() -> None:
    """Instants are counted from the beginning of 1970 in the zone."""
    after = datetime(2025, 1, 1, 0, 30, tzinfo=UTC)
    assert falls(HOUR, None, after, limit=1) == [datetime(2025, 1, 1, 1, tzinfo=UTC)]
    assert falls(DAY, None, after, "Asia/Tokyo", limit=1) == [datetime(2025, 1, 1, 15, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "interval of 0 seconds is too short. Give one between 1 second and 3,660 days"),
        (-60.0, "too short"),
        (0.999, "too short"),
        (float("inf"), "too long"),
        (float("nan"), "too short"),
        (4e8, "too long"),
    ],
)
def test_what_is_refused(seconds: float, words: str) -> None:
    """Intervals have a least and a most."""
    with pytest.raises(InvalidScheduleError, match=words):
        interval_timetable(seconds, None, "UTC")


@pytest.mark.parametrize("year", [1, 1899, 9999])
def test_an_anchor_out_of_reach_is_refused(year: int) -> None:
    """Near the ends of the calendar nothing can be counted."""
    with pytest.raises(InvalidScheduleError, match="anchor date .* is out of reach"):
        interval_timetable(60.0, datetime(year, 6, 1, tzinfo=UTC), "UTC")
