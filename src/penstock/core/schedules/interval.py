"""Every so often: exact time, or whole days by the clock."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.local_time import wall_time, zone_named
from penstock.core.schedules.steps import StepBudget
from penstock.core.schedules.timetable import EARLIEST, LATEST, Timetable, WallTimetable, horizon_after

SHORTEST_SECONDS = 1.0
LONGEST_SECONDS = 3_660 * 86_400.0
_DAY = timedelta(days=1)


class ExactIntervals(Timetable):
    """Instants that lie evenly, whatever clocks show.

    Parameters:
        interval: between two of them.
        anchor: one of them; the others lie before and after it.
    """

    def __init__(self, interval: timedelta, anchor: datetime) -> None:
        self.interval = interval
        self.anchor = anchor

    def walk(self, after: datetime, budget: StepBudget) -> Iterator[datetime]:
        """Yield the instants after one, as `Timetable.walk` says."""
        end = horizon_after(after)
        instant = self.anchor + ((after - self.anchor) // self.interval + 1) * self.interval
        while instant <= end:
            budget.spend()
            yield instant
            instant += self.interval


class WholeDays(WallTimetable):
    """The same time of the day, every so many days.

    Parameters:
        days: from one to the next.
        anchor: one of them, as the clock shows it, without a zone; the others lie before and after it.
        zone: where the clock hangs.
    """

    def __init__(self, days: int, anchor: datetime, zone: ZoneInfo) -> None:
        super().__init__(zone)
        self.interval = timedelta(days=days)
        self.anchor = anchor

    def walls(self, start: datetime, budget: StepBudget) -> Iterator[datetime]:
        """Yield the times of the clock, as `WallTimetable.walls` says."""
        end = horizon_after(start)
        wall = self.anchor - ((self.anchor - start) // self.interval) * self.interval
        while wall <= end:
            yield wall
            wall += self.interval


def interval_timetable(interval_seconds: float, anchor: datetime | None, timezone: str) -> Timetable:
    """Return the timetable of an interval.

    An interval of whole days keeps to the time of the day in the zone; any other is exact, whatever clocks show.

    Parameters:
        interval_seconds: between two instants.
        anchor: one of the instants; without a zone it is a time of a clock in `timezone`. By default 1970 begins there.
        timezone: by its name in the IANA's database.

    Raises:
        InvalidScheduleError: the interval, the anchor or the zone is none.
    """
    zone = zone_named(timezone)
    if not math.isfinite(interval_seconds) or not SHORTEST_SECONDS <= interval_seconds <= LONGEST_SECONDS:
        raise InvalidScheduleError(
            f"The interval of {interval_seconds:g} seconds is too {'long' if interval_seconds > 1 else 'short'}. "
            f"Give one between {SHORTEST_SECONDS:g} second and {LONGEST_SECONDS / 86_400:,.0f} days."
        )
    anchor = anchor or datetime(1970, 1, 1)  # noqa: DTZ001 - a time of the schedule's own clock
    if not EARLIEST.year <= anchor.year < LATEST.year:
        raise InvalidScheduleError(
            f"The anchor date {anchor.isoformat()} is out of reach. Give one between {EARLIEST.year} and {LATEST.year}."
        )
    interval = timedelta(seconds=interval_seconds)
    anchor = anchor.replace(tzinfo=zone) if anchor.tzinfo is None else anchor
    days, rest = divmod(interval, _DAY)
    if rest:
        return ExactIntervals(interval, anchor.astimezone(UTC))
    return WholeDays(days, wall_time(anchor, zone).replace(microsecond=0), zone)
