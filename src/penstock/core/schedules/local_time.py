"""From the time on a wall to the instant, and back: what becomes of times that a clock skips, or shows twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.quoting import quoted

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return a time zone by its name in the IANA's database.

    Raises:
        InvalidScheduleError: there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError, TypeError):  # what zoneinfo says of odd names depends on how odd they are
        raise InvalidScheduleError(
            f"There is no time zone {quoted(name)}. Give the name of one as the IANA has it, such as 'Europe/Oslo' or 'UTC'."
        ) from None


def wall_time(instant: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock in `zone` shows at an instant, without a zone."""
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def first_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant, in UTC, at which a clock in `zone` shows `wall` or has gone past it.

    So a time that the clock shows twice is taken for the first of the two, and a time that it skips for the end of the skip.

    Parameters:
        wall: a time without a zone.
        zone: where the clock hangs.
    """
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if wall_time(instant, zone) == wall:
        return instant
    # Read by the offset after the skip, the time lies before the skip's end; read by the one before, at or after it (PEP 495).
    too_early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    past = instant
    while past - too_early > _SECOND:
        middle = too_early + timedelta(seconds=(past - too_early) // _SECOND // 2)
        if wall_time(middle, zone) < wall:
            too_early = middle
        else:
            past = middle
    return past
