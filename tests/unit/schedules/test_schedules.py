"""Schedules as users write them: the same as Prefect's, with more that may be said."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from penstock.client.schemas import schedules as client_schedules
from penstock.exceptions import InvalidScheduleError
from penstock.schedules import Cron, Interval, RRule, Schedule
from penstock.testing.clock import moving_clock
from penstock.wire import schedules as wire
from penstock.wire.deploying.deployment_schedules import ScheduleSpec

# As `inspect.signature` shows them in Prefect 3.6.29, without annotations.
PREFECTS = {
    Cron: "(cron, /, timezone=None, day_or=True, active=True, parameters=None, slug=None",
    Interval: "(interval, /, anchor_date=None, timezone=None, active=True, parameters=None, slug=None",
    RRule: "(rrule, /, timezone=None, active=True, parameters=None, slug=None",
}
PREFECTS_FIELDS = ["interval", "cron", "rrule", "timezone", "anchor_date", "day_or", "active", "parameters", "slug"]


@pytest.mark.parametrize("maker", PREFECTS)
def test_the_makers_take_what_prefects_take(maker: Any) -> None:
    """Names, order, kinds and defaults of their parameters are the same; more may be given by name."""
    signature = inspect.signature(maker)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    shown = str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))
    assert shown == f"{PREFECTS[maker]}, **options)"


def test_the_fields_are_prefects() -> None:
    """In their order, with ours behind them by name only."""
    parameters = inspect.signature(Schedule).parameters.values()
    assert [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD] == PREFECTS_FIELDS


def test_cron() -> None:
    """What is said of a cron schedule is what the server is told."""
    schedule = Cron(
        "0 8 * * 1", timezone="America/New_York", day_or=False, active=False, parameters={"a": 1}, slug="early"
    )
    assert (schedule.cron, schedule.timezone, schedule.interval, schedule.rrule) == (
        "0 8 * * 1",
        "America/New_York",
        None,
        None,
    )
    timing = wire.CronSchedule("0 8 * * 1", "America/New_York", day_or=False)
    assert schedule._spec() == ScheduleSpec(timing, slug="early", active=False, parameters={"a": 1})
    assert schedule == Schedule(
        cron="0 8 * * 1", timezone="America/New_York", day_or=False, active=False, parameters={"a": 1}, slug="early"
    )


@pytest.mark.parametrize("interval", [timedelta(hours=1), 3600, 3600.0])
def test_interval(interval: timedelta | float) -> None:
    """A number is taken for seconds, by the maker and by the class."""
    schedule = Interval(interval, anchor_date=datetime(2024, 1, 1, tzinfo=UTC))
    assert schedule.interval == timedelta(hours=1)
    assert schedule._spec() == ScheduleSpec(wire.IntervalSchedule(3600.0, datetime(2024, 1, 1, tzinfo=UTC)))
    assert Schedule(interval=interval).interval == timedelta(hours=1)  # type: ignore[arg-type]


def test_the_zone_of_an_interval_is_that_of_its_anchor() -> None:
    """Unless another is given."""
    anchor = datetime(2024, 1, 1, 9, tzinfo=ZoneInfo("Europe/Oslo"))
    assert Interval(60, anchor)._timing().timezone == "Europe/Oslo"
    assert Interval(60, anchor, "Asia/Tokyo")._timing().timezone == "Asia/Tokyo"
    assert Interval(60, datetime(2024, 1, 1, tzinfo=UTC))._timing().timezone == "UTC"


def test_rrule() -> None:
    """What is said of a recurrence is what the server is told."""
    assert RRule("FREQ=DAILY", timezone="Asia/Tokyo")._spec() == ScheduleSpec(
        wire.RRuleSchedule("FREQ=DAILY", "Asia/Tokyo")
    )


def test_what_may_be_said_beyond_prefects() -> None:
    """Every option reaches the server."""
    options: dict[str, Any] = {
        "max_scheduled_runs": 5,
        "job_variables": {"memory": "1Gi"},
        "jitter_seconds": 30.0,
        "missed_limit": 3,
        "late_after_seconds": 60.0,
    }
    for schedule in (
        Cron("@daily", missed="all", overlap="cancel_older", **options),
        Interval(5, missed="all", overlap="cancel_older", **options),
    ):
        expected = ScheduleSpec(
            schedule._timing(), missed=wire.MissedPolicy.ALL, overlap=wire.OverlapPolicy.CANCEL_OLDER, **options
        )
        assert schedule._spec() == expected


def test_what_is_not_said_is_as_the_server_has_it() -> None:
    """The defaults are the same on both sides."""
    assert RRule("FREQ=DAILY")._spec() == ScheduleSpec(wire.RRuleSchedule("FREQ=DAILY"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "says neither interval, cron nor rrule. Give one of the three"),
        ({"cron": "@daily", "rrule": "FREQ=DAILY"}, "is several at once: cron, rrule"),
        ({"cron": "0 0 30 2 *"}, "never falls"),
        ({"cron": "@daily", "timezone": "Mars/Phobos"}, "no time zone 'Mars/Phobos'"),
        ({"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "never falls"),
        ({"interval": 0}, "too short"),
        ({"interval": float("nan")}, "is no time"),
        ({"interval": 1e300}, "is no time"),
        ({"cron": "@daily", "missed": "some"}, "missed='some'. Give one of 'skip', 'latest', 'all'"),
        ({"cron": "@daily", "overlap": "ENQUEUE"}, "overlap='ENQUEUE'"),
        ({"cron": "@daily", "jitter_seconds": -1}, "jitter_seconds=-1. Give a number from 0 on"),
        ({"cron": "@daily", "late_after_seconds": float("inf")}, "late_after_seconds=inf"),
        ({"cron": "@daily", "missed_limit": -1}, "missed_limit=-1"),
        ({"cron": "@daily", "max_scheduled_runs": 0}, "max_scheduled_runs=0. Give a number from 1 on"),
    ],
)
def test_what_is_refused(arguments: dict[str, Any], words: str) -> None:
    """A schedule that makes no sense is refused where it is written, by an error that is a ValueError as Prefect's."""
    with pytest.raises(InvalidScheduleError, match=words) as raised:
        Schedule(**arguments)
    assert isinstance(raised.value, ValueError)


def test_upcoming() -> None:
    """The next times are had without a server, on the schedule's own clock."""
    schedule = Cron("30 2 * * *", timezone="America/New_York")
    zone = ZoneInfo("America/New_York")
    with moving_clock(datetime(2025, 3, 8, tzinfo=UTC)) as clock:
        assert schedule.upcoming(2) == [
            datetime(2025, 3, 8, 2, 30, tzinfo=zone),
            datetime(2025, 3, 9, 3, 0, tzinfo=zone),
        ]
        clock.move(24 * 3600)
        assert schedule.upcoming(1) == [datetime(2025, 3, 9, 3, 0, tzinfo=zone)]
    naive = datetime(2025, 1, 1, 2, 0)  # noqa: DTZ001 - of the schedule's clock
    assert schedule.upcoming(1, naive) == [datetime(2025, 1, 1, 2, 30, tzinfo=zone)]
    assert [at.tzinfo for at in schedule.upcoming(3)] == [zone] * 3
    assert Interval(60).upcoming(2, datetime(2025, 1, 1, 0, 0, 7, tzinfo=UTC)) == [
        datetime(2025, 1, 1, 0, minute, 7, tzinfo=UTC) for minute in (1, 2)
    ]


def test_an_interval_keeps_its_anchor() -> None:
    """One that is given without an anchor begins when it is first given, and is not moved when it is given again."""
    first, later = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 2, tzinfo=UTC)
    given = Interval(3600)._timing()
    kept = wire.anchored(given, first)
    assert kept == wire.IntervalSchedule(3600.0, first)
    assert wire.anchored(given, later, kept) == kept
    # Another interval, zone or kind begins anew; an anchor that was given is taken.
    assert wire.anchored(Interval(60)._timing(), later, kept) == wire.IntervalSchedule(60.0, later)
    assert wire.anchored(Interval(3600, timezone="Asia/Tokyo")._timing(), later, kept) == wire.IntervalSchedule(
        3600.0, later, "Asia/Tokyo"
    )
    assert wire.anchored(given, later, wire.CronSchedule("@hourly")) == wire.IntervalSchedule(3600.0, later)
    assert wire.anchored(given, later, given) == wire.IntervalSchedule(3600.0, later)
    assert wire.anchored(wire.IntervalSchedule(3600.0, later), first, kept) == wire.IntervalSchedule(3600.0, later)
    assert wire.anchored(wire.CronSchedule("@hourly"), later) == wire.CronSchedule("@hourly")


def test_the_names_of_prefects_client() -> None:
    """`client.schemas.schedules` makes what the deployments of Prefect programs are given."""
    assert client_schedules.CronSchedule(cron="@daily", timezone=None) == wire.CronSchedule("@daily")
    assert client_schedules.RRuleSchedule(rrule="FREQ=DAILY") == wire.RRuleSchedule("FREQ=DAILY")
    anchor = datetime(2024, 1, 1, 9, tzinfo=ZoneInfo("Europe/Oslo"))
    expected = wire.IntervalSchedule(60.0, anchor, "Europe/Oslo")
    assert client_schedules.IntervalSchedule(interval=timedelta(minutes=1), anchor_date=anchor) == expected
    text = client_schedules.IntervalSchedule(interval=60, anchor_date="2024-01-01T00:00:00Z")
    assert text == wire.IntervalSchedule(60.0, datetime(2024, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"cron": "@daily"}, wire.CronSchedule("@daily")),
        ({"interval": 60, "timezone": "Asia/Tokyo"}, wire.IntervalSchedule(60.0, None, "Asia/Tokyo")),
        ({"rrule": "FREQ=DAILY"}, wire.RRuleSchedule("FREQ=DAILY")),
        ({}, "Give one of interval, cron and rrule, not none"),
        ({"cron": "@daily", "interval": 60}, "not interval and cron"),
        ({"cron": "@daily", "anchor_date": "2024-01-01"}, "belongs to an interval"),
        ({"cron": "nonsense"}, "has 1 field"),
        ({"rrule": "nonsense"}, "no part of a rule"),
        ({"interval": 0}, "too short"),
    ],
)
def test_construct_schedule(arguments: dict[str, Any], expected: object) -> None:
    """One kind is made, and nothing else."""
    if isinstance(expected, str):
        with pytest.raises(ValueError, match=expected):
            client_schedules.construct_schedule(**arguments)
    else:
        assert client_schedules.construct_schedule(**arguments) == expected
