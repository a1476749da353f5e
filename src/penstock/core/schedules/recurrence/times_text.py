"""From times in the text of a recurrence, `20250131T093000Z`, to times of the schedule's clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.local_time import first_instant, wall_time, zone_named
from penstock.core.schedules.quoting import quoted
from penstock.core.schedules.timetable import EARLIEST, LATEST

_TIME = re.compile(
    r"(?P<year>[0-9]{4})-?(?P<month>[0-9]{2})-?(?P<day>[0-9]{2})"
    r"([T ]?(?P<hour>[0-9]{2}):?(?P<minute>[0-9]{2})(:?(?P<second>[0-9]{2}))?(?P<utc>Z)?)?"
)


@dataclass(frozen=True, slots=True)
class Clock:
    """Whose times the text of a recurrence gives.

    Attributes:
        schedule: where the schedule's clock hangs.
        written: where the clock of the line hangs, if not there.
    """

    schedule: ZoneInfo
    written: ZoneInfo | None = None

    def in_zone(self, name: str) -> Clock:
        """Return the clock of a line that names its time zone.

        Raises:
            InvalidScheduleError: there is no such zone.
        """
        return Clock(self.schedule, zone_named(name))


def time_of(text: str, clock: Clock) -> datetime:
    """Return the time of the schedule's clock that a text gives: of its own zone, of UTC where it ends in Z, or of that clock.

    Raises:
        InvalidScheduleError: the text is no time.
    """
    found = _TIME.fullmatch(text)
    wall = _wall(found) if found else None
    if not found or not wall:
        raise InvalidScheduleError(
            f"{quoted(text)} is no time. Write 20250131T093000, with a Z at its end if it is in UTC, or 20250131 for a day."
        )
    if not EARLIEST.year < wall.year < LATEST.year:
        raise InvalidScheduleError(
            f"The year of {quoted(text)} is out of reach. Give one between {EARLIEST.year + 1} and {LATEST.year - 1}."
        )
    if found["utc"]:
        return _on(clock, wall.replace(tzinfo=UTC))
    if clock.written is not None and clock.written is not clock.schedule:
        return _on(clock, first_instant(wall, clock.written))
    return wall


def _wall(found: re.Match[str]) -> datetime | None:
    year, month, day, hour, minute, second = (
        int(found[part] or 0) for part in ("year", "month", "day", "hour", "minute", "second")
    )
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - its zone is the clock's
    except ValueError:
        return None


def _on(clock: Clock, instant: datetime) -> datetime:
    return wall_time(instant, clock.schedule)
