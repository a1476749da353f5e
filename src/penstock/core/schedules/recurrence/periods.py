"""The periods of a rule that hold times of it: years, months, weeks and days, or single hours, minutes and seconds."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import overload

from penstock.core.schedules.recurrence.rule import Frequency, Rule
from penstock.core.schedules.steps import StepBudget

_SECONDS_A_DAY = 86_400
_UNITS_A_DAY = {Frequency.HOURLY: 24, Frequency.MINUTELY: 24 * 60, Frequency.SECONDLY: _SECONDS_A_DAY}


class Period(Sequence[datetime]):
    """The times of one period, in order: on some days, at some hours, minutes and seconds. Each is made when it is asked for.

    Parameters:
        days: in order.
        hours: in order, as are the others.
        minutes: of each hour.
        seconds: of each minute.
    """

    __slots__ = ("days", "hours", "minutes", "seconds")

    def __init__(
        self, days: Sequence[date], hours: Sequence[int], minutes: Sequence[int], seconds: Sequence[int]
    ) -> None:
        self.days = days
        self.hours = hours
        self.minutes = minutes
        self.seconds = seconds

    def __len__(self) -> int:
        return len(self.days) * len(self.hours) * len(self.minutes) * len(self.seconds)

    @overload
    def __getitem__(self, place: int) -> datetime: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[datetime]: ...

    def __getitem__(self, place: int | slice) -> datetime | Sequence[datetime]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        place, second = divmod(place, len(self.seconds))
        place, minute = divmod(place, len(self.minutes))
        day, hour = divmod(place, len(self.hours))
        on = self.days[day]
        return datetime(  # noqa: DTZ001 - a time of a clock on a wall
            on.year, on.month, on.day, self.hours[hour], self.minutes[minute], self.seconds[second]
        )


def periods(rule: Rule, start: datetime, end: datetime, budget: StepBudget) -> Iterator[Period]:
    """Yield the periods that have times, in order, from the one that holds `start` to the one that holds `end`.

    Parameters:
        rule: the rule.
        start: no earlier than the rule's own.
        end: where the search ends.
        budget: what it takes its steps from.

    Raises:
        OutOfStepsError: the budget is spent.
    """
    if rule.frequency > Frequency.DAILY:
        yield from _short_periods(rule, start, end, budget)
        return
    hours, minutes, seconds = rule.hours, rule.minutes, rule.seconds
    for candidates in _long_periods(rule, start.date(), end.date()):
        days = []
        for day in candidates:
            budget.spend()
            if rule.days.passes(day):
                days.append(day)
        if days:
            yield Period(days, hours, minutes, seconds)
        elif not candidates:
            budget.spend()


def _long_periods(rule: Rule, start: date, end: date) -> Iterator[Sequence[date]]:
    """Yield the days of each year, month, week or day that is a period of the rule and may have times."""
    first = rule.start.date()
    if rule.frequency <= Frequency.MONTHLY:
        length = 12 if rule.frequency is Frequency.YEARLY else 1
        begin, until = ((day.year * 12 + day.month - 1) // length for day in (first, end))
        at = _aligned(begin, rule.interval, (start.year * 12 + start.month - 1) // length)
        while at <= until:
            yield [
                date(month // 12, month % 12 + 1, day)
                for month in range(at * length, (at + 1) * length)
                if not rule.days.months or month % 12 + 1 in rule.days.months
                for day in range(1, monthrange(month // 12, month % 12 + 1)[1] + 1)
            ]
            at += rule.interval
        return
    length = 7 if rule.frequency is Frequency.WEEKLY else 1
    back = (first.weekday() - rule.week_start) % 7 if length == 7 else 0
    begin = first.toordinal() - back
    step = rule.interval * length
    at = begin + max(0, start.toordinal() - begin) // step * step
    while at <= end.toordinal():
        yield [date.fromordinal(at + day) for day in range(length)]
        at += step


def _short_periods(rule: Rule, start: datetime, end: datetime, budget: StepBudget) -> Iterator[Period]:
    """Yield the hours, minutes or seconds that are periods of the rule and have times."""
    units = _UNITS_A_DAY[rule.frequency]
    units_an_hour, units_a_minute = units // 24, units // (24 * 60)
    begin, at, until = (_unit(time, units) for time in (rule.start, start, end))
    at = _aligned(begin, rule.interval, at)
    known, day, day_passes = -1, date.min, False
    while at <= until:
        budget.spend()
        ordinal, within = divmod(at, units)
        if ordinal != known:
            known, day = ordinal, date.fromordinal(ordinal)
            day_passes = rule.days.passes(day)
        hour, rest = divmod(within, units_an_hour)
        # What does not pass is passed over whole: a day, an hour, a minute.
        if not day_passes:
            at = _aligned(begin, rule.interval, (ordinal + 1) * units)
            continue
        if rule.hours and hour not in rule.hours:
            at = _aligned(begin, rule.interval, at - rest + units_an_hour)
            continue
        if rule.frequency is Frequency.HOURLY:
            yield Period((day,), (hour,), rule.minutes, rule.seconds)
        else:
            minute, second = divmod(rest, units_a_minute)
            if rule.minutes and minute not in rule.minutes:
                at = _aligned(begin, rule.interval, at - second + units_a_minute)
                continue
            if rule.frequency is Frequency.MINUTELY:
                yield Period((day,), (hour,), (minute,), rule.seconds)
            elif not rule.seconds or second in rule.seconds:
                yield Period((day,), (hour,), (minute,), (second,))
        at += rule.interval


def _unit(time: datetime, units_a_day: int) -> int:
    second = time.hour * 3600 + time.minute * 60 + time.second
    return time.toordinal() * units_a_day + second // (_SECONDS_A_DAY // units_a_day)


def _aligned(begin: int, interval: int, at_least: int) -> int:
    """Return the first of `begin`, `begin + interval`, … that is no less than `at_least`."""
    return begin + max(0, -((begin - at_least) // interval)) * interval
