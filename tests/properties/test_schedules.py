"""What holds for every schedule, by oracles that know nothing of how instants are found.

The oracle of cron and intervals of days walks through real time, minute by minute, and looks at the clock on the wall. The
oracle of recurrence rules is python-dateutil.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.cron import cron_timetable
from penstock.core.schedules.interval import interval_timetable
from penstock.core.schedules.local_time import first_instant, wall_time
from penstock.core.schedules.occurrences import newest_occurrences, occurrences, occurrences_between
from penstock.core.schedules.recurrence.recurrence import recurrence_timetable
from penstock.core.schedules.timetable import Timetable

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BEGIN, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
NAMES = sorted(available_timezones() - {"localtime"})
# Half an hour, two hours, a day left out, summer time that pauses for Ramadan, winter time that is the exception, a new offset.
SOME_NAMES = [
    "America/New_York",
    "America/Caracas",
    "America/St_Johns",
    "Africa/Casablanca",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Asia/Pyongyang",
    "Australia/Lord_Howe",
    "Europe/Dublin",
    "Pacific/Apia",
]

instants = st.datetimes(BEGIN.replace(tzinfo=None), END.replace(tzinfo=None), timezones=st.just(UTC))
zones = st.sampled_from(NAMES)


@cache
def changes(name: str) -> tuple[datetime, ...]:
    """The instants from 2000 to 2040 at which the clocks of a zone are changed."""
    zone, found = ZoneInfo(name), []
    step = 5 * DAY
    at, offset = BEGIN, BEGIN.astimezone(zone).utcoffset()
    while at < END:
        then = (at + step).astimezone(zone).utcoffset()
        if then != offset:
            early, late = at, at + step
            while late - early > timedelta(seconds=1):
                middle = (early + (late - early) / 2).replace(microsecond=0)
                middle = middle if middle > early else early + timedelta(seconds=1)
                if middle.astimezone(zone).utcoffset() == offset:
                    early = middle
                else:
                    late = middle
            found.append(late)
            # Two changes within five days are both found, as the search goes on from the first.
            at, offset = late, late.astimezone(zone).utcoffset()
        else:
            at += step
    return tuple(found)


Passed = list[tuple[datetime, list[datetime]]]


def passed(zone: ZoneInfo, start: datetime, end: datetime) -> Passed:
    """Return the whole minutes after `start`, up to `end`, each with the times that the clock has come to then, or passed over.

    What it shows again after it was set back, it has shown before.
    """
    found, at = [], start
    furthest = max(wall_time(start - hours * timedelta(hours=1), zone) for hours in range(4))
    while (at := at + MINUTE) <= end:
        shown = wall_time(at, zone)
        if shown > furthest:
            found.append((at, [furthest + n * MINUTE for n in range(1, (shown - furthest) // MINUTE + 1)]))
            furthest = shown
    return found


def fitting(walk: Passed, fits: Callable[[datetime], bool]) -> list[datetime]:
    """Return the instants at which a time came that fits."""
    return [at for at, walls in walk if any(map(fits, walls))]


numbers = {
    "minute": st.frozensets(st.integers(0, 59), min_size=1, max_size=12),
    "hour": st.frozensets(st.integers(0, 23), min_size=1, max_size=6),
    "day": st.frozensets(st.integers(1, 31), min_size=1, max_size=15),
    "month": st.frozensets(st.integers(1, 12), min_size=1, max_size=11),
    "weekday": st.frozensets(st.integers(0, 6), min_size=1, max_size=5),
}


@dataclass(frozen=True)
class Fits:
    """What a cron expression means: the numbers that each field lets pass, None for all."""

    minutes: frozenset[int] | None
    hours: frozenset[int] | None
    days: frozenset[int] | None
    months: frozenset[int] | None
    weekdays: frozenset[int] | None
    day_or: bool

    def __str__(self) -> str:
        fields = (self.minutes, self.hours, self.days, self.months, self.weekdays)
        return " ".join("*" if listed is None else ",".join(map(str, sorted(listed))) for listed in fields)

    def __call__(self, wall: datetime) -> bool:
        times = ((self.minutes, wall.minute), (self.hours, wall.hour))
        return all(listed is None or shown in listed for listed, shown in times) and self.on(wall)

    def on(self, day: date) -> bool:
        if self.months is not None and day.month not in self.months:
            return False
        either = [
            listed is None or shown in listed
            for listed, shown in ((self.days, day.day), (self.weekdays, day.isoweekday() % 7))
        ]
        return any(either) if self.day_or and self.days is not None and self.weekdays is not None else all(either)


@st.composite
def crons(draw: st.DrawFn) -> Fits:
    """Draw what a cron expression means."""
    return Fits(*(draw(st.none() | listed) for listed in numbers.values()), day_or=draw(st.booleans()))


@given(crons(), zones, instants, st.integers(0, 50))
def test_cron_is_what_a_clock_shows(fits: Fits, name: str, start: datetime, place: int) -> None:
    """Walking through nine hours and looking at the clock gives the same instants; if it is ever changed, then within them."""
    if changed := changes(name):
        start = changed[place % len(changed)] - timedelta(hours=4)
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(hours=9)
    try:
        timetable = cron_timetable(str(fits), name, fits.day_or)
    except InvalidScheduleError:
        assert not any(fits.on(date(2000, 1, 1) + day * DAY) for day in range(28 * 366))
        return
    assert list(occurrences(timetable, start, end)) == fitting(passed(ZoneInfo(name), start, end), fits)


def check_the_changes_of(name: str) -> int:
    """Compare all schedules of a kind with the clock around every change of a zone's clocks; return how many there were."""
    zone = ZoneInfo(name)
    around = timedelta(hours=3)
    kinds: list[tuple[Callable[[datetime], bool], list[Timetable]]] = [
        (
            lambda wall: wall.minute % 15 == 0,
            [
                cron_timetable("*/15 * * * *", name),
                recurrence_timetable("DTSTART:20000101 RRULE:FREQ=MINUTELY;INTERVAL=15", name),
            ],
        ),
        (
            lambda wall: (wall.hour, wall.minute) == (2, 30),
            [
                cron_timetable("30 2 * * *", name),
                recurrence_timetable("DTSTART:20000101 RRULE:FREQ=DAILY;BYHOUR=2;BYMINUTE=30", name),
                interval_timetable(86_400, datetime(2001, 2, 3, 2, 30), name),  # noqa: DTZ001
            ],
        ),
        (
            lambda wall: (wall.hour, wall.minute) == (0, 0),
            [
                cron_timetable("@daily", name),
                recurrence_timetable("DTSTART:20000101 RRULE:FREQ=DAILY", name),
                interval_timetable(86_400, None, name),
            ],
        ),
    ]
    for change in changes(name):
        start, end = change - around, change + around
        walk = passed(zone, start, end)
        for fits, timetables in kinds:
            expected = fitting(walk, fits)
            for timetable in timetables:
                found = list(occurrences(timetable, start, end))
                assert found == expected, (name, change, timetable)
    return len(changes(name))


@pytest.mark.parametrize("name", SOME_NAMES)
def test_the_changes_of_some_clocks(name: str) -> None:
    """Around each change of the clocks from 2000 to 2040 a time falls once, where it is first reached or passed over."""
    assert check_the_changes_of(name)


@cache
def unlike() -> list[str]:
    """One of each lot of zones whose clocks are changed alike from 2000 to 2040."""
    alike = {
        (changes(name), tuple(at.astimezone(ZoneInfo(name)).utcoffset() for at in (BEGIN, *changes(name)))): name
        for name in NAMES
    }
    assert len(NAMES) > 400
    assert sum(len(changes(name)) for name in alike.values()) > 5_000
    return sorted(alike.values())


@pytest.mark.long
@pytest.mark.parametrize("part", range(12))
def test_the_changes_of_all_clocks(part: int) -> None:
    """The same for every zone there is, in twelve parts."""
    assert sum(map(check_the_changes_of, unlike()[part::12])) > 0


@given(zones, st.data())
def test_a_time_on_the_wall_is_one_instant(name: str, data: st.DataObject) -> None:
    """It is the first at which the clock shows the time or a later one, and later times are never earlier instants."""
    zone = ZoneInfo(name)
    near = data.draw(st.sampled_from(changes(name)) if changes(name) else instants)
    off = data.draw(st.integers(-200_000, 200_000))
    wall = wall_time(near, zone) + timedelta(seconds=off)
    instant = first_instant(wall, zone)
    assert wall_time(instant, zone) >= wall
    assert wall_time(instant - timedelta(seconds=1), zone) < wall
    for minutes in range(0, 27 * 60, 13):
        assert wall_time(instant - timedelta(minutes=minutes, seconds=1), zone) < wall
    later = wall + timedelta(seconds=data.draw(st.integers(0, 100_000)))
    assert first_instant(later, zone) >= instant


seconds = st.integers(1, 100 * 86_400) | st.integers(1, 60).map(lambda days: days * 86_400) | st.floats(1, 10_000)


@given(seconds, instants, zones, instants)
def test_intervals_are_even(interval: float, anchor: datetime, name: str, after: datetime) -> None:
    """Exactly, or on the wall where they are of whole days; the anchor is one of them, and none is left out."""
    timetable, zone = interval_timetable(interval, anchor, name), ZoneInfo(name)
    found = list(occurrences(timetable, after, limit=20))
    step = timedelta(seconds=interval)
    assert len(found) == 20
    assert all(after < one < other for one, other in zip([found[0], *found][1:], found[1:], strict=False))
    if step % DAY:
        assert all(other - one == step for one, other in pairwise(found))
        assert not (found[0] - anchor) % step
        assert found[0] - after <= step
    else:
        walls = {
            wall_time(anchor, zone).replace(microsecond=0) + (round((one - anchor) / step) + n) * step
            for one in found
            for n in (-1, 0, 1)
        }
        assert {first_instant(wall, zone) for wall in walls} >= set(found)


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Draw a recurrence rule on which RFC 5545 and python-dateutil agree."""
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 40))}"]

    def some(name: str, values: st.SearchStrategy[object], most: int = 4) -> None:
        if draw(st.integers(0, 3)) == 0:
            parts.append(f"{name}={','.join(map(str, draw(st.lists(values, min_size=1, max_size=most, unique=True))))}")

    both_ways = lambda most: st.integers(1, most) | st.integers(-most, -1)  # noqa: E731
    days = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
    some("BYMONTH", st.integers(1, 12))
    some("BYMONTHDAY", both_ways(31), 10)
    if frequency == "YEARLY":
        some("BYYEARDAY", both_ways(366), 20)
        some("BYWEEKNO", both_ways(53), 10)
    if frequency in {"YEARLY", "MONTHLY"} and "BYWEEKNO" not in str(parts) and draw(st.booleans()):
        some("BYDAY", st.builds("{}{}".format, both_ways(5), days))
    else:
        some("BYDAY", days)
    some("BYHOUR", st.integers(0, 23))
    some("BYMINUTE", st.integers(0, 59))
    some("BYSECOND", st.integers(0, 59))
    # In its first week, dateutil counts positions from the rule's beginning and not from the week's.
    if frequency != "WEEKLY" and any(part.startswith("BY") for part in parts):
        some("BYSETPOS", both_ways(5))
    some("WKST", days, 1)
    return ";".join(parts)


starts = st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)).map(lambda one: one.replace(microsecond=0))  # noqa: DTZ001


@given(rules(), starts, st.none() | st.integers(1, 30))
def test_rules_are_those_of_dateutil(rule: str, start: datetime, count: int | None) -> None:
    """Another implementation gives the same instants from the rule's beginning on."""
    text = f"DTSTART:{start:%Y%m%dT%H%M%S}\nRRULE:{rule}" + (f";COUNT={count}" if count else "")
    try:
        timetable = recurrence_timetable(text, "UTC")
    except InvalidScheduleError as error:
        assert "can't be counted" in str(error)  # noqa: PT017 - any other would be a mistake
        return
    found = list(occurrences(timetable, start.replace(tzinfo=UTC) - timedelta(seconds=1), limit=12))
    assume(found)  # where there is nothing to find, dateutil looks for it until the year 9999
    theirs = islice(rrulestr(text), len(found))
    assert [one.replace(tzinfo=None) for one in found] == list(theirs)


@given(rules(), starts, zones, st.integers(0, 29), st.integers(0, 86_400))
def test_asking_from_anywhere_gives_the_same(rule: str, start: datetime, name: str, place: int, off: int) -> None:
    """What comes after an instant does not depend on whether one walked there; ranges and the newest agree with it."""
    timetable = recurrence_timetable(f"DTSTART:{start:%Y%m%dT%H%M%S}\nRRULE:{rule}", name)
    found = list(occurrences(timetable, start.replace(tzinfo=UTC) - 2 * DAY, limit=40))
    assume(len(found) == 40)
    assert all(one < other for one, other in pairwise(found))
    asked = max(found[place] - timedelta(seconds=off), start.replace(tzinfo=UTC) - 2 * DAY)
    rest = [one for one in found if one > asked]
    assert list(occurrences(timetable, asked, limit=len(rest))) == rest
    assert occurrences_between(timetable, found[0], found[-1]).instants == found[:-1]
    assert newest_occurrences(timetable, asked, found[-1], 3) == rest[-3:]


@given(st.text(max_size=40) | st.text("0123456789*/-,?LWHR#@ MONFRIJAN", max_size=40))
def test_any_text_is_a_cron_or_refused(text: str) -> None:
    """Nothing but the one error comes of what is no cron."""
    for day_or in (True, False):
        try:
            timetable = cron_timetable(text, "Europe/Oslo", day_or)
        except InvalidScheduleError:
            continue
        assert next(occurrences(timetable, BEGIN), None) is not None


@given(st.text(max_size=60) | st.text("FREQ=DAILYMNTHWKBY;:,0123456789-+ RULEXDATSTZCOUNVG/\n", max_size=80))
def test_any_text_is_a_recurrence_or_refused(text: str) -> None:
    """Nothing but the one error comes of what is no recurrence."""
    try:
        timetable = recurrence_timetable(text, "Europe/Oslo")
    except InvalidScheduleError:
        return
    next(occurrences(timetable, BEGIN), None)
