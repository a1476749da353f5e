"""Which days a recurrence rule lets pass."""

from __future__ import annotations

from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class DayFilter:
    """The parts of a rule that speak of days. A part that is empty lets every day pass.

    Attributes:
        months: numbers of months.
        month_days: days of the month; negative ones count from its end.
        year_days: days of the year; negative ones count from its end.
        week_numbers: weeks of the year; negative ones count from its end.
        weekdays: from 0, Monday.
        nth_weekdays: weekdays with which of the month, or of the year, it is; negative ones count from the end.
        within_months: whether that is of the month.
        week_start: the weekday that weeks begin with.
    """

    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    week_numbers: frozenset[int] = frozenset()
    weekdays: frozenset[int] = frozenset()
    nth_weekdays: frozenset[tuple[int, int]] = frozenset()
    within_months: bool = True
    week_start: int = 0

    def passes(self, day: date) -> bool:
        """Tell whether a day passes every part."""
        if self.months and day.month not in self.months:
            return False
        if (self.weekdays or self.nth_weekdays) and day.weekday() not in self.weekdays and not self._is_nth(day):
            return False
        if self.month_days and day.day not in self.month_days:
            _, length = monthrange(day.year, day.month)
            if day.day - length - 1 not in self.month_days:
                return False
        if self.year_days:
            ordinal = day.timetuple().tm_yday
            if ordinal not in self.year_days and ordinal - (365 + isleap(day.year)) - 1 not in self.year_days:
                return False
        if self.week_numbers:
            number, weeks = week_of_year(day, self.week_start)
            return number in self.week_numbers or number - weeks - 1 in self.week_numbers
        return True

    def _is_nth(self, day: date) -> bool:
        if not self.nth_weekdays:
            return False
        if self.within_months:
            place, length = day.day, monthrange(day.year, day.month)[1]
        else:
            place, length = day.timetuple().tm_yday, 365 + isleap(day.year)
        weekday = day.weekday()
        from_start, from_end = (place - 1) // 7 + 1, -((length - place) // 7 + 1)
        return (weekday, from_start) in self.nth_weekdays or (weekday, from_end) in self.nth_weekdays


EVERY_DAY = DayFilter()


def week_of_year(day: date, week_start: int) -> tuple[int, int]:
    """Return the number of a day's week, and how many weeks its year has.

    The first week of a year is the first that has at least four days in it, as in ISO 8601; the first and last days of a
    year may be in a week of another.

    Parameters:
        day: the day.
        week_start: the weekday that weeks begin with, from 0, Monday.
    """
    decides = _fourth_day(day, week_start)
    last = _fourth_day(date(decides.year, 12, 28), week_start)
    return (decides.timetuple().tm_yday - 1) // 7 + 1, (last.timetuple().tm_yday - 1) // 7 + 1


def _fourth_day(day: date, week_start: int) -> date:
    """Return the fourth day of a day's week: the year it is in is the week's."""
    return day + timedelta(days=3 - (day.weekday() - week_start) % 7)
