"""Recurrence rules: sets of them, their zones, and what is refused with which words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.occurrences import occurrences
from penstock.core.schedules.possible import check_that_it_falls
from penstock.core.schedules.recurrence.recurrence import recurrence_timetable

NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


def falls(rrule: str, after: datetime = NEW_YEAR, timezone: str = "UTC", limit: int = 3) -> list[str]:
    return [f"{at:%Y-%m-%d %H:%M}" for at in occurrences(recurrence_timetable(rrule, timezone), after, limit=limit)]


@pytest.mark.parametrize(
    ("rrule", "expected"),
    [
        ("FREQ=DAILY", ["2025-01-02 00:00", "2025-01-03 00:00", "2025-01-04 00:00"]),
        ("rrule:freq=daily;byhour=9,17", ["2025-01-01 09:00", "2025-01-01 17:00", "2025-01-02 09:00"]),
        ("FREQ=MONTHLY;BYDAY=2FR", ["2025-01-10 00:00", "2025-02-14 00:00", "2025-03-14 00:00"]),
        ("FREQ=MONTHLY;BYDAY=-1FR,1MO", ["2025-01-06 00:00", "2025-01-31 00:00", "2025-02-03 00:00"]),
        ("FREQ=MONTHLY;BYDAY=FR,1MO", ["2025-01-03 00:00", "2025-01-06 00:00", "2025-01-10 00:00"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2025-01-31 00:00", "2025-02-28 00:00", "2025-03-31 00:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2025-01-31 00:00", "2025-02-28 00:00", "2025-03-31 00:00"]),
        ("DTSTART:20240131T083000 RRULE:FREQ=MONTHLY", ["2025-01-31 08:30", "2025-03-31 08:30", "2025-05-31 08:30"]),
        ("DTSTART:20240229 RRULE:FREQ=YEARLY", ["2028-02-29 00:00", "2032-02-29 00:00", "2036-02-29 00:00"]),
        ("FREQ=YEARLY;BYDAY=20MO", ["2025-05-19 00:00", "2026-05-18 00:00", "2027-05-17 00:00"]),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", ["2025-05-12 00:00", "2026-05-11 00:00", "2027-05-17 00:00"]),
        ("FREQ=YEARLY;BYYEARDAY=-1,100", ["2025-04-10 00:00", "2025-12-31 00:00", "2026-04-10 00:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO", ["2025-01-06 00:00", "2025-01-12 00:00", "2025-01-20 00:00"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", ["2025-01-05 00:00", "2025-01-06 00:00", "2025-01-19 00:00"]),
        ("FREQ=HOURLY;INTERVAL=7;BYDAY=SA", ["2025-01-04 05:00", "2025-01-04 12:00", "2025-01-04 19:00"]),
        ("FREQ=DAILY;UNTIL=20250103", ["2025-01-02 00:00", "2025-01-03 00:00"]),
        ("FREQ=DAILY;COUNT=1830", ["2025-01-02 00:00", "2025-01-03 00:00"]),
        ("FREQ=DAILY;COUNT=5", []),
        ("RDATE:20250201T120000,20250101T120000", ["2025-01-01 12:00", "2025-02-01 12:00"]),
    ],
)
def test_what_a_rule_means(rrule: str, expected: list[str]) -> None:
    """A rule falls as RFC 5545 has it; one without a beginning begins with 2020."""
    assert falls(rrule) == expected


def test_a_set() -> None:
    """Rules and dates are united, and what other rules and dates have is taken out."""
    rrule = """
        DTSTART:20250101T090000
        RRULE:FREQ=DAILY
        RRULE:FREQ=DAILY;BYHOUR=9,21
        EXRULE:FREQ=WEEKLY;BYDAY=SA,SU
        RDATE:20250104T120000
        EXDATE:20250102T090000,20250106T210000
    """
    expected = ["2025-01-01 09:00", "2025-01-01 21:00", "2025-01-02 21:00", "2025-01-03 09:00", "2025-01-03 21:00"]
    expected += ["2025-01-04 12:00", "2025-01-04 21:00"]
    assert falls(rrule, limit=7) == expected


def test_the_zone_of_the_beginning_is_the_clocks() -> None:
    """`TZID` says whose clock is meant, over the schedule's zone; times in UTC are instants on it."""
    rrule = (
        "DTSTART;TZID=America/New_York:20250101T090000 RRULE:FREQ=DAILY;UNTIL=20250311T130000Z EXDATE:20250309T130000Z"
    )
    assert falls(rrule, datetime(2025, 3, 8, tzinfo=UTC), "Asia/Tokyo", limit=9) == [
        "2025-03-08 14:00",
        "2025-03-10 13:00",
        "2025-03-11 13:00",
    ]


def test_the_zone_of_another_line() -> None:
    """A date in another zone is the instant it was there."""
    rrule = "DTSTART:20250101T090000 RRULE:FREQ=DAILY EXDATE;TZID=Asia/Tokyo:20250102T230000 RDATE;VALUE=DATE:20250102"
    assert falls(rrule, timezone="Europe/Paris") == ["2025-01-01 08:00", "2025-01-01 23:00", "2025-01-02 08:00"]
    rrule = "DTSTART:20250101T090000 RRULE:FREQ=DAILY EXDATE;TZID=Asia/Tokyo:20250102T170000"
    assert falls(rrule, timezone="Europe/Paris", limit=2) == ["2025-01-01 08:00", "2025-01-03 08:00"]


def test_a_beginning_in_utc_is_an_instant_on_the_schedules_clock() -> None:
    """From there the rule goes on by that clock."""
    found = falls("DTSTART:20250101T140000Z RRULE:FREQ=DAILY", datetime(2025, 3, 8, tzinfo=UTC), "America/New_York")
    assert found == ["2025-03-08 14:00", "2025-03-09 13:00", "2025-03-10 13:00"]


def test_skipped_and_repeated_times() -> None:
    """The rules are those of every other schedule, also for hours."""
    after = datetime(2025, 3, 9, 5, 30, tzinfo=UTC)
    assert falls("FREQ=HOURLY", after, "America/New_York") == [
        "2025-03-09 06:00",
        "2025-03-09 07:00",
        "2025-03-09 08:00",
    ]
    after = datetime(2025, 11, 2, 4, 30, tzinfo=UTC)
    assert falls("FREQ=HOURLY", after, "America/New_York") == [
        "2025-11-02 05:00",
        "2025-11-02 07:00",
        "2025-11-02 08:00",
    ]


@pytest.mark.parametrize(
    ("rrule", "words"),
    [
        ("", "has neither rule nor date"),
        ("EXDATE:20250101", "has neither rule nor date. Add a line such as 'RRULE:FREQ=DAILY'"),
        ("DAILY", "'DAILY', which is no part of a rule"),
        ("FREQ=", "'FREQ=', which is no part"),
        ("INTERVAL=2", "has no FREQ"),
        ("FREQ=FORTNIGHTLY", "unknown FREQ, 'FORTNIGHTLY'. Give one of YEARLY"),
        ("FREQ=DAILY;BYEASTER=0", "unknown part, 'BYEASTER'"),
        ("FREQ=DAILY;FREQ=DAILY", "has FREQ twice"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL='0'. Give a whole number from 1 on"),
        ("FREQ=DAILY;INTERVAL=99999999999", "INTERVAL='99999999999'"),
        ("FREQ=DAILY;COUNT=-1", "COUNT='-1'"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR='24'. Give numbers from 0 to 23"),
        ("FREQ=DAILY;BYMONTHDAY=0", "BYMONTHDAY='0'. Give numbers from 1 to 31, or negative ones"),
        ("FREQ=DAILY;BYHOUR=-1", "BYHOUR='-1'"),
        ("FREQ=DAILY;BYDAY=XX", "'XX' in BYDAY"),
        ("FREQ=WEEKLY;BYDAY=2FR", "numbers a weekday"),
        ("FREQ=DAILY;WKST=1", "WKST='1'"),
        ("FREQ=DAILY;UNTIL=yesterday", "'YESTERDAY' is no time. Write 20250131T093000"),
        ("FREQ=DAILY;UNTIL=20250231", "'20250231' is no time"),
        ("DTSTART:00010101 RRULE:FREQ=DAILY", "out of reach"),
        ("DTSTART:20250101 DTSTART:20250102 RRULE:FREQ=DAILY", "has 2 DTSTARTs"),
        ("DTSTART;TZID=Mars/Phobos:20250101 RRULE:FREQ=DAILY", "no time zone 'Mars/Phobos'"),
        ("DTSTART;X=1:20250101 RRULE:FREQ=DAILY", "has 'X=1'"),
        ("SUMMARY:Lunch RRULE:FREQ=DAILY", "line 'SUMMARY:Lunch'"),
        (
            "FREQ=DAILY;COUNT=1000000",
            "can't be counted: its COUNT takes more than 20,000 steps. Say when it ends with UNTIL",
        ),
        ("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "can't be counted|never falls"),
        ("RDATE:" + ",".join(["20250101T000000"] * 500), "characters, and 6,500 is the most"),
    ],
)
def test_what_is_refused(rrule: str, words: str) -> None:
    """One error names the rule, what is wrong with it and what to write instead."""
    with pytest.raises(InvalidScheduleError, match=words) as raised:
        check_that_it_falls(recurrence_timetable(rrule, "UTC"), rrule)
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1",
        "DTSTART:20250101 RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=MONTHLY;BYSETPOS=40",
        "RRULE:FREQ=SECONDLY EXRULE:FREQ=SECONDLY",
        "RRULE:FREQ=DAILY;COUNT=3 EXDATE:20200101,20200102,20200103",
        "FREQ=DAILY;UNTIL=20191231",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30 " * 180,
    ],
)
def test_what_never_falls_is_found_out(rrule: str) -> None:
    """A rule without a time is refused after a bounded number of steps, and gives none where it is asked."""
    timetable = recurrence_timetable(rrule, "UTC")
    assert list(occurrences(timetable, NEW_YEAR)) == []
    with pytest.raises(InvalidScheduleError, match="never falls: no time was found in 20,000 steps"):
        check_that_it_falls(timetable, rrule)


def test_a_rule_that_ended_is_no_mistake() -> None:
    """It falls no more, but it did."""
    check_that_it_falls(recurrence_timetable("FREQ=DAILY;COUNT=3", "UTC"), "FREQ=DAILY;COUNT=3")


def test_what_began_long_ago_is_not_walked_through() -> None:
    """Every second since 1901: the next three are had in a few steps, not in four thousand million."""
    found = list(
        occurrences(recurrence_timetable("DTSTART:19010101 RRULE:FREQ=SECONDLY;INTERVAL=7", "UTC"), NEW_YEAR, limit=3)
    )
    assert [(at - datetime(1901, 1, 1, tzinfo=UTC)).total_seconds() % 7 for at in found] == [0, 0, 0]
    assert (found[0] - NEW_YEAR).total_seconds() <= 7
