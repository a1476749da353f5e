"""A set of recurrence rules and dates, with what is taken out of it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import merge
from itertools import islice
from zoneinfo import ZoneInfo

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.local_time import zone_named
from penstock.core.schedules.quoting import quoted
from penstock.core.schedules.recurrence.expansion import times
from penstock.core.schedules.recurrence.rule import Rule
from penstock.core.schedules.recurrence.rule_text import parsed_rule
from penstock.core.schedules.recurrence.times_text import Clock, time_of
from penstock.core.schedules.steps import COUNTING_STEPS, OutOfStepsError, StepBudget
from penstock.core.schedules.timetable import LATEST, WallTimetable, horizon_after

LENGTH_LIMIT = 6_500
"""The most characters of a recurrence: a year of single dates."""

DEFAULT_START = datetime(2020, 1, 1)  # noqa: DTZ001 - a time of the schedule's own clock
"""Where a rule begins that does not say it."""

_LINE = re.compile(r"(?P<name>DTSTART|RRULE|EXRULE|RDATE|EXDATE)(?P<parameters>(;[^:]*)?):(?P<value>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Line:
    name: str
    value: str
    clock: Clock


class Recurrence(WallTimetable):
    """The times of rules and the dates beside them, without those of other rules and dates.

    Parameters:
        zone: where the clock hangs.
        start: the beginning of the rules.
        rules: whose times are in it.
        dates: which are in it too.
        but_rules: whose times are not in it.
        but_dates: which are not in it.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        start: datetime,
        rules: list[Rule],
        dates: list[datetime],
        but_rules: list[Rule],
        but_dates: list[datetime],
    ) -> None:
        super().__init__(zone)
        self.start = start
        self.rules = rules
        self.dates = sorted(dates)
        self.but_rules = but_rules
        self.but_dates = sorted(but_dates)

    def walls(self, start: datetime, budget: StepBudget) -> Iterator[datetime]:
        """Yield the times of the clock, as `WallTimetable.walls` says."""
        end = horizon_after(max(start, self.start))
        excluded = merge(self.but_dates, *(times(rule, start, end, budget) for rule in self.but_rules))
        but = next(excluded, None)
        for wall in merge(self.dates, *(times(rule, start, end, budget) for rule in self.rules)):
            while but is not None and but < wall:
                but = next(excluded, None)
            if wall >= start and wall != but:
                yield wall


def recurrence_timetable(rrule: str, timezone: str) -> Recurrence:
    """Return the timetable of a recurrence.

    Parameters:
        rrule: one rule, or lines that begin with `DTSTART`, `RRULE`, `RDATE`, `EXRULE` or `EXDATE`.
        timezone: by its name in the IANA's database; where `DTSTART` names a zone, that one is taken.

    Raises:
        InvalidScheduleError: the recurrence does not parse or the zone is none.
    """
    zone = zone_named(timezone)
    lines = _lines(rrule, zone)
    starts = [line for line in lines if line.name == "DTSTART"]
    if len(starts) > 1:
        raise InvalidScheduleError(
            f"The recurrence {quoted(rrule)} has {len(starts)} DTSTARTs. Leave one; all rules begin there."
        )
    # The zone of the beginning is the clock's: nine o'clock in New York stays nine o'clock there.
    if starts and starts[0].clock.written is not None:
        zone = starts[0].clock.written
        lines = _lines(rrule, zone)
        starts = [line for line in lines if line.name == "DTSTART"]
    start = time_of(starts[0].value, starts[0].clock) if starts else DEFAULT_START
    budget = StepBudget(COUNTING_STEPS)
    rules = {
        name: [_bounded(line, start, budget) for line in lines if line.name == name] for name in ("RRULE", "EXRULE")
    }
    dates = {
        name: [time_of(value, line.clock) for line in lines if line.name == name for value in line.value.split(",")]
        for name in ("RDATE", "EXDATE")
    }
    if not rules["RRULE"] and not dates["RDATE"]:
        raise InvalidScheduleError(
            f"The recurrence {quoted(rrule)} has neither rule nor date. Add a line such as 'RRULE:FREQ=DAILY'."
        )
    return Recurrence(zone, start, rules["RRULE"], dates["RDATE"], rules["EXRULE"], dates["EXDATE"])


def _lines(rrule: str, zone: ZoneInfo) -> list[_Line]:
    if not isinstance(rrule, str):
        raise InvalidScheduleError(
            f"The recurrence {quoted(rrule)} is no text. Give a rule, such as 'FREQ=DAILY;INTERVAL=2'."
        )
    if len(rrule) > LENGTH_LIMIT:
        raise InvalidScheduleError(
            f"The recurrence {quoted(rrule)} has {len(rrule):,} characters, and {LENGTH_LIMIT:,} is the most. "
            f"Say it with fewer dates, or with several schedules."
        )
    lines = []
    for text in rrule.split():
        found = _LINE.fullmatch(text)
        if found is None and ":" in text.partition("=")[0]:
            raise InvalidScheduleError(
                f"The recurrence has a line {quoted(text)}. Those known begin with DTSTART, RRULE, RDATE, EXRULE or EXDATE."
            )
        name, parameters, value = ("RRULE", "", text) if found is None else found.group("name", "parameters", "value")
        clock = Clock(zone)
        for parameter in filter(None, parameters.split(";")):
            key, _, given = parameter.partition("=")
            if key.upper() == "TZID":
                clock = clock.in_zone(given)
            elif parameter.upper() not in {"VALUE=DATE", "VALUE=DATE-TIME"}:
                raise InvalidScheduleError(
                    f"The line {quoted(text)} has {quoted(parameter)}. Only TZID and VALUE=DATE are known there."
                )
        lines.append(_Line(name.upper(), value.upper(), clock))
    return lines


def _bounded(line: _Line, start: datetime, budget: StepBudget) -> Rule:
    """Return the rule of a line, its COUNT made an UNTIL: counted once, here, and not by every question."""
    rule, count = parsed_rule(line.value, start, line.clock)
    if count is None:
        return rule
    if count > COUNTING_STEPS:
        budget.left = 0  # each takes a step at least: they need not be counted to know that they are too many
    counted = islice(times(rule, start, LATEST.replace(tzinfo=None), budget), count)
    try:
        last = deque(counted, maxlen=1)
    except OutOfStepsError:
        raise InvalidScheduleError(
            f"The recurrence rule {quoted(line.value)} can't be counted: its COUNT takes more than {COUNTING_STEPS:,} steps. "
            f"Say when it ends with UNTIL."
        ) from None
    return replace(rule, until=last[0]) if last else rule
