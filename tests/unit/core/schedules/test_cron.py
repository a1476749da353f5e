"""Cron expressions: what they mean, in which dialects, and what is refused with which words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.cron import cron_timetable
from penstock.core.schedules.occurrences import occurrences

NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


def falls(
    cron: str, after: datetime = NEW_YEAR, timezone: str = "UTC", day_or: bool = True, limit: int = 4
) -> list[str]:
    found = occurrences(cron_timetable(cron, timezone, day_or), after, limit=limit)
    return [f"{instant:%Y-%m-%d %H:%M}" for instant in found]


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("30 9 * * *", ["2025-01-01 09:30", "2025-01-02 09:30"]),
        ("*/20 * * * *", ["2025-01-01 00:20", "2025-01-01 00:40"]),
        ("5/25 * * * *", ["2025-01-01 00:05", "2025-01-01 00:30"]),
        ("0 0 * * MON", ["2025-01-06 00:00", "2025-01-13 00:00"]),
        ("0 0 * * 7", ["2025-01-05 00:00", "2025-01-12 00:00"]),
        ("0 0 * * 6-7", ["2025-01-04 00:00", "2025-01-05 00:00"]),
        ("0 0 1 jan,jul *", ["2025-07-01 00:00", "2026-01-01 00:00"]),
        ("0 0 29 2 *", ["2028-02-29 00:00", "2032-02-29 00:00"]),
        ("0 0 L * *", ["2025-01-31 00:00", "2025-02-28 00:00"]),
        ("0 0 LW * *", ["2025-01-31 00:00", "2025-02-28 00:00"]),
        ("0 0 * * MON#2", ["2025-01-13 00:00", "2025-02-10 00:00"]),
        ("0\t0  1 * *  ", ["2025-02-01 00:00", "2025-03-01 00:00"]),
    ],
)
def test_what_an_expression_means(cron: str, expected: list[str]) -> None:
    """Fields, names, steps, ranges, the last day and the n-th weekday fall as cron has them."""
    assert falls(cron, limit=2) == expected


@pytest.mark.parametrize(
    ("cron", "same"),
    [
        ("0 22-2 * * *", "0 22,23,0,1,2 * * *"),
        ("50-10/5 * * * *", "50,55,0,5,10 * * * *"),
        ("0 0 * nov-feb *", "0 0 * 11,12,1,2 *"),
        ("0 0 * * FRI-MON", "0 0 * * 5,6,0,1"),
        ("0 0 * * 7-2", "0 0 * * 0,1,2"),
        ("0 0 * * mon/2", "0 0 * * 1,3,5"),
        ("0 0 * * L5", "0 0 * * 5L"),
        ("0 0 * * LFRI", "0 0 * * 5L"),
        ("0 0 ? * MON", "0 0 * * MON"),
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
        ("@monthly", "0 0 1 * *"),
        ("@weekly", "0 0 * * 0"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        ("@Hourly", "0 * * * *"),
    ],
)
def test_dialects(cron: str, same: str) -> None:
    """What other crons write, and Debian's does not, is understood."""
    assert falls(cron, limit=30) == falls(same, limit=30) != []


@pytest.mark.parametrize(
    ("cron", "day_or", "expected"),
    [
        ("0 0 13 * FRI", True, ["2025-01-03 00:00", "2025-01-10 00:00", "2025-01-13 00:00", "2025-01-17 00:00"]),
        ("0 0 13 * FRI", False, ["2025-06-13 00:00", "2026-02-13 00:00", "2026-03-13 00:00", "2026-11-13 00:00"]),
        ("0 0 8-14 * FRI", False, ["2025-01-10 00:00", "2025-02-14 00:00", "2025-03-14 00:00", "2025-04-11 00:00"]),
        ("0 0 * * FRI", False, ["2025-01-03 00:00", "2025-01-10 00:00", "2025-01-17 00:00", "2025-01-24 00:00"]),
        ("0 0 */10 * MON", True, ["2025-01-06 00:00", "2025-01-11 00:00", "2025-01-13 00:00", "2025-01-20 00:00"]),
        ("0 0 */10 * MON", False, ["2025-03-31 00:00", "2025-04-21 00:00", "2025-07-21 00:00", "2025-08-11 00:00"]),
        ("0 0 29 2 MON", False, ["2044-02-29 00:00", "2072-02-29 00:00"]),
    ],
)
def test_both_kinds_of_days(cron: str, day_or: bool, expected: list[str]) -> None:
    """Where both kinds of days are restricted, `day_or` says whether either is enough; a step is a restriction too."""
    assert falls(cron, day_or=day_or) == expected


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("0 0 30 2 *", r"'0 0 30 2 \*' never falls"),
        ("0 0 31 2,4,6,9,11 *", "never falls"),
        ("60 * * * *", "'60' is no minute. Give numbers from 0 to 59"),
        ("* 24 * * *", "'24' is no hour"),
        ("* * 0 * *", "'0' is no day of the month"),
        ("* * * 13 *", "'13' is no month"),
        ("* * * * 8", "'8' is no day of the week"),
        ("* * * * MONDAY", "'monday' is no day of the week"),
        ("* * * * MON#6", "'mon#6' is no day of the week"),
        ("*/0 * * * *", r"'\*/0' is no minute"),
        ("50-10/0 * * * *", "'50-10/0' is no minute"),
        ("1,,2 * * * *", "'1,,2' is no minute"),
        ("-5 * * * *", "'-5' is no minute"),
        ("٣ * * * *", "is no minute"),
        ("* * * *", r"has 4 field\(s\). Give five"),
        ("", r"has 0 field\(s\)"),
        ("* * * * * *", "6 fields; seconds and years are not supported. .* use an interval"),
        ("0 0 1 1 * * 2030", "7 fields"),
        ("H * * * *", "leaves a field to chance"),
        ("0 R(0-5) * * *", "leaves a field to chance"),
        ("0 h/2 * * *", "leaves a field to chance"),
        ("@reboot", "'@reboot' is not known. Give five fields, or one of @yearly"),
        ("@every 5m", "is not known"),
        ("1," * 600 + "1 * * * *", "has 1,209 characters, and 1,000 is the most"),
    ],
)
def test_what_is_refused(cron: str, words: str) -> None:
    """One error names the expression, the field and what to write instead."""
    with pytest.raises(InvalidScheduleError, match=words):
        cron_timetable(cron, "UTC")


@pytest.mark.parametrize("cron", ["0 0 31 2 MON", "0 0 1-7 * MON#2", "0 0 L 2 MON#2"])
def test_days_that_never_meet_are_refused(cron: str) -> None:
    """With `day_or=False`, kinds of days that exclude each other are found out."""
    cron_timetable(cron, "UTC")
    with pytest.raises(InvalidScheduleError, match="never falls"):
        cron_timetable(cron, "UTC", day_or=False)


@pytest.mark.parametrize(
    "zone", ["Mars/Phobos", "America", "../../etc/passwd", "/etc/passwd", "", "\0", "x" * 5000, "Ö"]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    """Whatever is no time zone is refused in the same words, and reads no other file."""
    with pytest.raises(
        InvalidScheduleError, match="There is no time zone .* Give the name of one as the IANA has it"
    ) as raised:
        cron_timetable("* * * * *", zone)
    assert len(str(raised.value)) < 250


def test_a_skipped_time_falls_where_the_skip_ends() -> None:
    """02:30 in New York falls at 03:00 on the day that has none, once."""
    found = falls("30 2 * * *", datetime(2025, 3, 8, tzinfo=UTC), "America/New_York", limit=3)
    assert found == ["2025-03-08 07:30", "2025-03-09 07:00", "2025-03-10 06:30"]
    # Every quarter of an hour: the four that are skipped fall together with 03:00.
    found = falls("*/15 * * * *", datetime(2025, 3, 9, 6, 30, tzinfo=UTC), "America/New_York", limit=3)
    assert found == ["2025-03-09 06:45", "2025-03-09 07:00", "2025-03-09 07:15"]


def test_a_repeated_time_falls_once() -> None:
    """01:30 in New York falls on the first of the two; an hourly cron waits while the clock repeats itself."""
    found = falls("30 1 * * *", datetime(2025, 11, 1, tzinfo=UTC), "America/New_York", limit=3)
    assert found == ["2025-11-01 05:30", "2025-11-02 05:30", "2025-11-03 06:30"]
    found = falls("0 * * * *", datetime(2025, 11, 2, 4, tzinfo=UTC), "America/New_York", limit=3)
    assert found == ["2025-11-02 05:00", "2025-11-02 07:00", "2025-11-02 08:00"]


def test_asking_within_the_repeated_hour() -> None:
    """Who asks while the clock shows the hour again is not given what has fallen."""
    during = datetime(2025, 11, 2, 6, 10, tzinfo=UTC)  # 01:10, the second
    assert falls("*/30 * * * *", during, "America/New_York", limit=2) == ["2025-11-02 07:00", "2025-11-02 07:30"]


def test_a_day_that_a_zone_leaves_out() -> None:
    """Samoa had no 30 December 2011: its noon falls at the midnight after it, and each midnight once."""
    after = datetime(2011, 12, 29, 12, tzinfo=UTC)
    assert falls("0 12 * * *", after, "Pacific/Apia", limit=3) == [
        "2011-12-29 22:00",
        "2011-12-30 10:00",
        "2011-12-30 22:00",
    ]
    assert falls("0 0 * * *", after, "Pacific/Apia", limit=2) == ["2011-12-30 10:00", "2011-12-31 10:00"]
