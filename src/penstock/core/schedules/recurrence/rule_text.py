"""From the text of one rule, `FREQ=DAILY;INTERVAL=2`, to its value."""

from __future__ import annotations

import re
from datetime import datetime

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.quoting import quoted
from penstock.core.schedules.recurrence.days import DayFilter
from penstock.core.schedules.recurrence.rule import Frequency, Rule
from penstock.core.schedules.recurrence.times_text import Clock, time_of

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

# The numbers each part may list, and whether they may be negative and so count from the end.
_NUMBERS = {
    "BYSECOND": (0, 59, False),
    "BYMINUTE": (0, 59, False),
    "BYHOUR": (0, 23, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYMONTH": (1, 12, False),
    "BYSETPOS": (1, 366, True),
}
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_NUMBERS}
_SYNONYMS = {"BYWEEKDAY": "BYDAY"}
_DAYS = {"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO"}
_LARGEST = 10**9
_INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
_WEEKDAY = re.compile(rf"(?P<nth>[+-]?[0-9]{{1,2}})?(?P<day>{'|'.join(WEEKDAYS)})(\((?P<inner>[+-]?[0-9]{{1,2}})\))?")


def parsed_rule(text: str, start: datetime, clock: Clock) -> tuple[Rule, int | None]:
    """Return the rule that a text says, and how many times it is to have, where it says that.

    Parameters:
        text: parts with `;` between them, in capitals.
        start: the beginning of the rule, on the schedule's clock.
        clock: the schedule's clock.

    Raises:
        InvalidScheduleError: the text does not parse.
    """
    parts = _parts(text)
    if "FREQ" not in parts:
        raise _error(text, "has no FREQ", f"Begin with one of {', '.join(Frequency.__members__)}, such as 'FREQ=DAILY'")
    if parts["FREQ"] not in Frequency.__members__:
        raise _error(
            text, f"has an unknown FREQ, {quoted(parts['FREQ'])}", f"Give one of {', '.join(Frequency.__members__)}"
        )
    frequency = Frequency[parts["FREQ"]]
    lists = {name: _numbers(text, name, parts[name]) for name in _NUMBERS if name in parts}
    plain, nth = _weekdays(text, parts.get("BYDAY", ""))
    if nth and (frequency > Frequency.MONTHLY or "BYWEEKNO" in parts):
        raise _error(
            text,
            "numbers a weekday",
            "Numbers such as 2FR belong to MONTHLY and YEARLY rules without BYWEEKNO; leave them out",
        )
    week_start = _week_start(text, parts.get("WKST", "MO"))
    months, month_days = lists.get("BYMONTH", ()), lists.get("BYMONTHDAY", ())
    # A rule that names no days takes those of its beginning.
    if not _DAYS & parts.keys():
        if frequency is Frequency.YEARLY:
            months, month_days = months or (start.month,), (start.day,)
        elif frequency is Frequency.MONTHLY:
            month_days = (start.day,)
        elif frequency is Frequency.WEEKLY:
            plain = {start.weekday()}
    days = DayFilter(
        frozenset(months),
        frozenset(month_days),
        frozenset(lists.get("BYYEARDAY", ())),
        frozenset(lists.get("BYWEEKNO", ())),
        frozenset(plain),
        frozenset(nth),
        within_months=frequency is Frequency.MONTHLY or "BYMONTH" in parts,
        week_start=week_start,
    )
    rule = Rule(
        frequency,
        start,
        _positive(text, "INTERVAL", parts.get("INTERVAL", "1")),
        time_of(parts["UNTIL"], clock) if "UNTIL" in parts else None,
        days,
        _times(lists, "BYHOUR", frequency < Frequency.HOURLY, start.hour),
        _times(lists, "BYMINUTE", frequency < Frequency.MINUTELY, start.minute),
        _times(lists, "BYSECOND", frequency < Frequency.SECONDLY, start.second),
        lists.get("BYSETPOS", ()),
        week_start,
    )
    return rule, _positive(text, "COUNT", parts["COUNT"]) if "COUNT" in parts else None


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip(";").split(";"):
        name, equals, value = part.partition("=")
        name = _SYNONYMS.get(name, name)
        if not equals or not value:
            raise _error(
                text, f"has {quoted(part)}, which is no part of a rule", "Write NAME=VALUE, with ; between the parts"
            )
        if name not in _PARTS:
            raise _error(text, f"has an unknown part, {quoted(name)}", f"Those known are {', '.join(sorted(_PARTS))}")
        if name in parts:
            raise _error(text, f"has {name} twice", "Give it once, with commas between its values")
        parts[name] = value
    return parts


def _times(lists: dict[str, tuple[int, ...]], name: str, is_shorter: bool, of_start: int) -> tuple[int, ...]:
    """Return what a rule says of hours, minutes or seconds: by default those of its start, where its period is longer."""
    return lists.get(name) or ((of_start,) if is_shorter else ())


def _numbers(text: str, name: str, value: str) -> tuple[int, ...]:
    least, most, both_ways = _NUMBERS[name]
    found: set[int] = set()
    for item in value.split(","):
        number = int(item) if _INTEGER.fullmatch(item) else None
        if number is None or not least <= (abs(number) if both_ways else number) <= most:
            remedy = f"Give numbers from {least} to {most}{', or negative ones, which count from the end' if both_ways else ''}"
            raise _error(text, f"has {name}={quoted(item)}", remedy)
        found.add(number)
    return tuple(sorted(found))


def _positive(text: str, name: str, value: str) -> int:
    if not _INTEGER.fullmatch(value) or not 0 < int(value) < _LARGEST:
        raise _error(text, f"has {name}={quoted(value)}", "Give a whole number from 1 on")
    return int(value)


def _weekdays(text: str, value: str) -> tuple[set[int], set[tuple[int, int]]]:
    plain: set[int] = set()
    nth: set[tuple[int, int]] = set()
    for item in filter(None, value.split(",")):
        found = _WEEKDAY.fullmatch(item)
        number = int(found["nth"] or found["inner"] or "0") if found else 0
        if not found or (found["nth"] and found["inner"]) or abs(number) > 53:
            raise _error(
                text,
                f"has {quoted(item)} in BYDAY",
                f"Give {', '.join(WEEKDAYS)}, or 2FR for the second Friday, -1FR for the last",
            )
        if number:
            nth.add((WEEKDAYS.index(found["day"]), number))
        else:
            plain.add(WEEKDAYS.index(found["day"]))
    return plain, nth


def _week_start(text: str, value: str) -> int:
    if value not in WEEKDAYS:
        raise _error(text, f"has WKST={quoted(value)}", f"Give one of {', '.join(WEEKDAYS)}")
    return WEEKDAYS.index(value)


def _error(text: str, fact: str, remedy: str) -> InvalidScheduleError:
    return InvalidScheduleError(f"The recurrence rule {quoted(text)} {fact}. {remedy}.")
