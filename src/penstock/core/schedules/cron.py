"""Cron expressions: whenever a clock on a wall fits."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.cron_text import FIELDS, five_fields
from penstock.core.schedules.local_time import zone_named
from penstock.core.schedules.quoting import quoted
from penstock.core.schedules.steps import StepBudget
from penstock.core.schedules.timetable import WallTimetable, horizon_after

if TYPE_CHECKING:
    from cronsim import CronSim

_ANY = datetime(2000, 1, 1)  # noqa: DTZ001 - a time of a clock on a wall


class Cron(WallTimetable):
    """The times that fit a cron expression.

    Parameters:
        fits: the expression, parsed.
        zone: where the clock hangs.
    """

    def __init__(self, fits: CronSim, zone: ZoneInfo) -> None:
        super().__init__(zone)
        self._fits = fits

    def walls(self, start: datetime, budget: StepBudget) -> Iterator[datetime]:
        """Yield the times of the clock, as `WallTimetable.walls` says."""
        end = horizon_after(start)
        # Parsing is most of the work of finding a time, so what is parsed is kept. cronsim begins with the second after the
        # one it stands at, and ends by itself where fifty years have no such day.
        times = copy(self._fits)
        times.dt = start - timedelta(seconds=1)
        for wall in times:
            if wall > end:
                return
            yield wall


def cron_timetable(cron: str, timezone: str, day_or: bool = True) -> Cron:
    """Return the timetable of a cron expression.

    Parameters:
        cron: five fields, or one of `@hourly`, `@daily` and their like.
        timezone: by its name in the IANA's database.
        day_or: where both the day of the month and the day of the week say something, whether either is enough.

    Raises:
        InvalidScheduleError: the expression does not parse or fits no day, or the zone is none.
    """
    zone = zone_named(timezone)
    fields = five_fields(cron)
    return Cron(_parsed(cron, fields, day_or), zone)


def _parsed(cron: str, fields: list[str], day_or: bool) -> CronSim:
    fits = _parsed_fields(fields)
    _, _, day, _, weekday = fields
    if fits is not None:
        fits.day_and = not day_or or day == "*" or weekday == "*"
        # Both may have to fit, which cronsim could not know. In 28 years each date falls on each weekday.
        days = (_ANY + timedelta(days=day) for day in range(28 * 366))
        if any(day.month in fits.months and fits.match_day(day) for day in days):
            return fits
    for place, field in enumerate(fields):
        alone = ["*"] * len(FIELDS)
        alone[place] = field
        if _parsed_fields(alone) is None:
            name, meaning = FIELDS[place]
            raise InvalidScheduleError(
                f"The cron {quoted(cron)} does not parse: {quoted(field.lower())} is no {name}. Give {meaning}."
            )
    raise InvalidScheduleError(f"The cron {quoted(cron)} never falls: no day fits it. Change its days or months.")


def _parsed_fields(fields: list[str]) -> CronSim | None:
    """Return what cronsim makes of five fields: None if they do not parse, or name a day that none of their months has."""
    from cronsim import CronSim, CronSimError

    try:
        return CronSim(" ".join(fields), _ANY)
    except (CronSimError, AssertionError, ValueError):  # its parser asserts and converts, too
        return None
