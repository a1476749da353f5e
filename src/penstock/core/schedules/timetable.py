"""What every kind of schedule comes down to: a timetable, which says at which instants it falls."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from penstock.core.schedules.local_time import first_instant, wall_time
from penstock.core.schedules.steps import HORIZON_DAYS, StepBudget

EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LATEST = datetime(9900, 1, 1, tzinfo=UTC)
"""Instants outside of these are never asked for: near the ends of the calendar, arithmetic overflows."""


class Timetable(ABC):
    """The instants at which a schedule falls."""

    @abstractmethod
    def walk(self, after: datetime, budget: StepBudget) -> Iterator[datetime]:
        """Yield the instants after one, in UTC, earliest first and none twice, as far as the horizon.

        Parameters:
            after: an instant between `EARLIEST` and `LATEST`.
            budget: what the walk takes its steps from.

        Raises:
            OutOfStepsError: the budget is spent.
        """


class WallTimetable(Timetable):
    """A timetable in the times of a clock on a wall.

    A time that the clock skips falls where the skip ends; a time that it shows twice falls on the first of the two.

    Parameters:
        zone: where the clock hangs.
    """

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone

    @abstractmethod
    def walls(self, start: datetime, budget: StepBudget) -> Iterator[datetime]:
        """Yield the clock's times from `start` on, as far as the horizon: in whole seconds, without a zone, earliest first."""

    def walk(self, after: datetime, budget: StepBudget) -> Iterator[datetime]:
        """Yield the instants after one, as `Timetable.walk` says."""
        start = wall_time(after, self.zone).replace(microsecond=0) + timedelta(seconds=1)
        last = after
        for wall in self.walls(start, budget):
            budget.spend()
            instant = first_instant(wall, self.zone)
            # Times that were skipped fall together; after a clock was set back, it shows times that are past.
            if instant > last:
                last = instant
                yield instant


def horizon_after(start: datetime) -> datetime:
    """Return up to where a question that begins at `start` looks, with or without a zone as `start` is."""
    latest = LATEST.replace(tzinfo=start.tzinfo)
    return min(start + timedelta(days=HORIZON_DAYS), latest) if start < latest else latest
