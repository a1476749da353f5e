"""The dialects of cron that are understood: Debian's, as cronsim reads it, and what croniter takes beyond that."""

from __future__ import annotations

import re

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.quoting import quoted

LENGTH_LIMIT = 1_000
"""The most characters of a cron expression; one that lists every minute, hour, day and month has about 400."""

FIELDS = (
    ("minute", "numbers from 0 to 59, ranges (10-20), steps (*/15) or lists of these (1,31)"),
    ("hour", "numbers from 0 to 23, ranges (9-17), steps (*/2) or lists of these (6,18)"),
    (
        "day of the month",
        "numbers from 1 to 31, ranges, steps, L for the last day, LW for the last from Monday to Friday",
    ),
    ("month", "numbers from 1 to 12 or names (JAN), ranges, steps or lists of these"),
    (
        "day of the week",
        "numbers from 0 (Sunday) to 7 (Sunday again) or names (MON), ranges, MON#2 for the second, L5 for the last",
    ),
)

WEEKDAY = 4

ALIASES = {
    "@YEARLY": "0 0 1 1 *",
    "@ANNUALLY": "0 0 1 1 *",
    "@MONTHLY": "0 0 1 * *",
    "@WEEKLY": "0 0 * * 0",
    "@DAILY": "0 0 * * *",
    "@MIDNIGHT": "0 0 * * *",
    "@HOURLY": "0 * * * *",
}

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_NAMES: list[dict[str, int]] = [
    {},
    {},
    {},
    {name: number for number, name in enumerate(_MONTHS, start=1)},
    {name: number for number, name in enumerate(_WEEKDAYS)},
]
_CYCLES = [range(60), range(24), range(1, 32), range(1, 13), range(7)]
_RANGE = re.compile(r"(?P<first>[A-Z]+|[0-9]{1,4})-(?P<last>[A-Z]+|[0-9]{1,4})(/(?P<step>[0-9]{1,4}))?")
_LAST_WEEKDAY = re.compile(r"L(?P<day>[0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)|(?P<name>SUN|MON|TUE|WED|THU|FRI|SAT)L")
_STEPPED_WEEKDAY = re.compile(r"(?P<day>[0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)/(?P<step>[0-9]{1,4})")
_CHANCE = re.compile(r"[HR]([(/].*)?")


def five_fields(cron: str) -> list[str]:
    """Return the five fields of a cron expression, as cronsim takes them.

    Raises:
        InvalidScheduleError: the expression is of another kind.
    """
    if not isinstance(cron, str):
        raise InvalidScheduleError(f"The cron {quoted(cron)} is no text. Give five fields, such as '0 9 * * MON-FRI'.")
    if len(cron) > LENGTH_LIMIT:
        raise InvalidScheduleError(
            f"The cron {quoted(cron)} has {len(cron):,} characters, and {LENGTH_LIMIT:,} is the most. "
            f"Use ranges and steps, or several schedules."
        )
    text = cron.strip().upper()
    if text.startswith("@"):
        if text not in ALIASES:
            raise InvalidScheduleError(
                f"The cron {quoted(cron)} is not known. Give five fields, or one of {', '.join(ALIASES).lower()}."
            )
        text = ALIASES[text]
    fields = text.split()
    if len(fields) in {6, 7}:
        raise InvalidScheduleError(
            f"The cron {quoted(cron)} has {len(fields)} fields; seconds and years are not supported. "
            f"Give five, from the minute to the day of the week; for what falls within the minute use an interval."
        )
    if len(fields) != len(FIELDS):
        raise InvalidScheduleError(
            f"The cron {quoted(cron)} has {len(fields)} field(s). "
            f"Give five: minute, hour, day of the month, month, day of the week."
        )
    if any(_CHANCE.fullmatch(item) for field in fields for item in field.split(",")):
        raise InvalidScheduleError(
            f"The cron {quoted(cron)} leaves a field to chance (H or R), which is not supported. "
            f"Name a time, and spread runs with jitter."
        )
    return [_field(place, field) for place, field in enumerate(fields)]


def _field(place: int, field: str) -> str:
    if field == "?":
        return "*"
    return ",".join(_item(place, item) for item in field.split(","))


def _item(place: int, item: str) -> str:
    if place == WEEKDAY:
        if last := _LAST_WEEKDAY.fullmatch(item):
            return f"{_number(place, last['day'] or last['name'])}L"
        if stepped := _STEPPED_WEEKDAY.fullmatch(item):
            return f"{_number(place, stepped['day']) % 7}-6/{stepped['step']}"  # to Saturday: 7 would be Sunday again
    found = _RANGE.fullmatch(item)
    if not found or (found["step"] and not int(found["step"])):
        return item
    cycle = _CYCLES[place]
    first, last_one = _number(place, found["first"]), _number(place, found["last"])
    if place == WEEKDAY and first == 7:
        first = 0
    if first not in cycle or last_one not in cycle:
        return item
    if first <= last_one:
        return f"{first}-{last_one}/{found['step'] or 1}"
    # A range over the turn of the day, week or year: from its first to the end of the cycle, and on to its last.
    around = [*range(first, cycle[-1] + 1), *range(cycle[0], last_one + 1)]
    return ",".join(map(str, around[:: int(found["step"] or 1)]))


def _number(place: int, text: str) -> int:
    """Return what a name or number stands for, or -1."""
    return int(text) if text.isdecimal() else _NAMES[place].get(text, -1)
