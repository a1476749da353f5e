"""Questions to timetables: ranges, bounds, the newest, what was missed, and jitter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from penstock.core.schedules.cron import cron_timetable
from penstock.core.schedules.interval import interval_timetable
from penstock.core.schedules.jitter import jitter
from penstock.core.schedules.missed import past_instants_to_run
from penstock.core.schedules.occurrences import LIMIT, newest_occurrences, occurrences, occurrences_between
from penstock.core.schedules.policies import MissedPolicy
from penstock.core.schedules.recurrence.recurrence import recurrence_timetable
from penstock.core.schedules.steps import STEPS, STEPS_PER_INSTANT, OutOfStepsError, StepBudget
from penstock.core.schedules.timetable import Timetable

HOURLY = cron_timetable("0 * * * *", "UTC")
NOON = datetime(2025, 1, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Barren(Timetable):
    """A timetable that looks and looks, and finds nothing but one instant."""

    def __init__(self) -> None:
        self.steps = 0

    def walk(self, after: datetime, budget: StepBudget) -> Iterator[datetime]:
        yield after + HOUR
        while True:
            budget.spend()
            self.steps += 1


def test_after_is_not_in_it_and_until_is() -> None:
    """An instant that was given is not given again, and the end of a range is within it."""
    assert list(occurrences(HOURLY, NOON, NOON + 2 * HOUR)) == [NOON + HOUR, NOON + 2 * HOUR]
    assert list(occurrences(HOURLY, NOON - timedelta(microseconds=1), NOON)) == [NOON]
    assert list(occurrences(HOURLY, NOON, NOON)) == []
    assert list(occurrences(HOURLY, NOON, NOON - HOUR)) == []


def test_instants_are_in_utc() -> None:
    """Whatever zone a question is asked in."""
    asked = NOON.astimezone(cron_timetable("0 * * * *", "Asia/Kolkata").zone)
    assert next(occurrences(HOURLY, asked)).tzinfo is UTC


def test_a_range_has_its_start_and_not_its_end() -> None:
    """Two ranges that meet share no instant and miss none."""
    whole = occurrences_between(HOURLY, NOON, NOON + 5 * HOUR)
    assert whole == ([NOON + n * HOUR for n in range(5)], False)
    halves = [occurrences_between(HOURLY, NOON + n * HOUR, NOON + (n + 1) * HOUR).instants for n in range(5)]
    assert [instant for half in halves for instant in half] == whole.instants


def test_a_range_that_holds_more_than_is_wanted() -> None:
    """It is capped, and says so; one that holds just as many is not."""
    assert occurrences_between(HOURLY, NOON, NOON + 5 * HOUR, limit=4) == ([NOON + n * HOUR for n in range(4)], True)
    assert not occurrences_between(HOURLY, NOON, NOON + 5 * HOUR, limit=5).is_capped
    assert occurrences_between(HOURLY, NOON, NOON + 5 * HOUR, limit=0) == ([], True)
    assert occurrences_between(HOURLY, NOON + HOUR, NOON) == ([], False)
    assert len(occurrences_between(HOURLY, NOON, NOON + 20_000 * HOUR, limit=10**9).instants) == LIMIT


@pytest.mark.parametrize("limit", [-1, 0])
def test_nothing_is_wanted(limit: int) -> None:
    """A question for none is answered with none."""
    assert list(occurrences(HOURLY, NOON, limit=limit)) == []
    assert newest_occurrences(HOURLY, NOON - HOUR, NOON, limit) == []


def test_a_search_is_given_up_after_so_many_steps() -> None:
    """What was found until then is given; a range says that it may not be all."""
    barren = Barren()
    assert list(occurrences(barren, NOON, limit=5)) == [NOON + HOUR]
    assert barren.steps == STEPS + STEPS_PER_INSTANT
    assert occurrences_between(Barren(), NOON, NOON + 3 * HOUR, limit=5).is_capped
    with pytest.raises(OutOfStepsError):
        StepBudget(0).spend()


@pytest.mark.parametrize("after", [datetime.min, datetime.max, datetime(9899, 12, 31)])  # noqa: DTZ001, DTZ901
@pytest.mark.parametrize(
    "timetable",
    [
        cron_timetable("30 2 29 2 *", "America/New_York"),
        interval_timetable(86_400, None, "Pacific/Apia"),
        interval_timetable(60, None, "UTC"),
        recurrence_timetable("FREQ=YEARLY", "Asia/Tokyo"),
    ],
    ids=["cron", "days", "minutes", "rrule"],
)
def test_the_ends_of_the_calendar(timetable: Timetable, after: datetime) -> None:
    """A question from there is answered like any other."""
    after = after.replace(tzinfo=UTC)
    found = list(occurrences(timetable, after, limit=3))
    assert found == sorted(set(found))
    assert all(instant > after for instant in found)
    assert len(newest_occurrences(timetable, after, NOON, 2)) == (0 if after > NOON else 2)


@pytest.mark.parametrize(
    "timetable",
    [
        HOURLY,
        cron_timetable("* 0 1 1 *", "UTC"),
        cron_timetable("0 0 29 2 *", "UTC"),
        interval_timetable(1.0, None, "UTC"),
        recurrence_timetable("FREQ=MONTHLY;BYMONTHDAY=13;BYHOUR=1,2,3;BYMINUTE=0,1,2", "Europe/Paris"),
    ],
)
@pytest.mark.parametrize("limit", [1, 2, 7, 50])
def test_the_newest_are_the_last(timetable: Timetable, limit: int) -> None:
    """They are those that a walk through the whole range ends with."""
    start = (
        datetime(2024, 12, 31, 23, tzinfo=UTC)
        if timetable.__class__.__name__ == "ExactIntervals"
        else datetime(2023, 1, 1, tzinfo=UTC)
    )
    until = datetime(2025, 1, 1, 0, 30, tzinfo=UTC)
    whole = []
    while found := list(occurrences(timetable, whole[-1] if whole else start, until)):
        whole += found
    assert newest_occurrences(timetable, start, until, limit) == whole[-limit:]


def test_the_newest_of_a_long_time() -> None:
    """Five years of seconds are not walked through to find their last three."""
    seconds = interval_timetable(1.0, None, "UTC")
    found = newest_occurrences(seconds, NOON - timedelta(days=5 * 365), NOON, 3)
    assert found == [NOON - timedelta(seconds=n) for n in (2, 1, 0)]


@pytest.mark.parametrize(
    ("policy", "limit", "expected_hours_ago"),
    [
        (MissedPolicy.SKIP, 100, []),
        (MissedPolicy.LATEST, 100, [1]),
        (MissedPolicy.ALL, 100, list(range(36, 0, -1))),
        (MissedPolicy.ALL, 5, [5, 4, 3, 2, 1]),
        (MissedPolicy.ALL, 0, []),
    ],
)
def test_a_server_that_was_down_for_36_hours(policy: MissedPolicy, limit: int, expected_hours_ago: list[int]) -> None:
    """Of an hourly schedule, runs are made up for as the policy says, within its bound."""
    now = NOON + timedelta(minutes=30)
    found = past_instants_to_run(HOURLY, NOON - 36 * HOUR + HOUR / 2, now, policy, limit, late_after_seconds=15)
    assert found == [NOON + HOUR - n * HOUR for n in expected_hours_ago]


@pytest.mark.parametrize("policy", MissedPolicy)
def test_what_is_due_is_not_missed(policy: MissedPolicy) -> None:
    """A scheduler that comes some seconds late makes the run, whatever the policy; `LATEST` then makes up for none before."""
    now = NOON + timedelta(seconds=10)
    found = past_instants_to_run(HOURLY, NOON - 3 * HOUR, now, policy, 10, late_after_seconds=15)
    assert found == ([NOON - 2 * HOUR, NOON - HOUR, NOON] if policy is MissedPolicy.ALL else [NOON])


@pytest.mark.parametrize("policy", MissedPolicy)
def test_nothing_before_it_was_seen_to(policy: MissedPolicy) -> None:
    """What was seen to, and what lies in the future, is not given."""
    assert past_instants_to_run(HOURLY, NOON, NOON + HOUR / 2, policy, 10, 15) == []
    assert past_instants_to_run(HOURLY, NOON + 5 * HOUR, NOON, policy, 10, 15) == []


def test_what_is_made_up_for_is_bounded() -> None:
    """However long a server was away and whatever limit was set."""
    seconds = interval_timetable(1.0, None, "UTC")
    found = past_instants_to_run(
        seconds, NOON - timedelta(days=365), NOON, MissedPolicy.ALL, 10**9, late_after_seconds=10**7
    )
    assert len(found) == 2_000
    assert found[-1] == NOON


def test_jitter_is_the_same_for_whoever_computes_it() -> None:
    """It depends on the schedule and the instant alone; the numbers are those of every version of Penstock."""
    schedule = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
    assert jitter(schedule, NOON, 60) == jitter(
        schedule, NOON.astimezone(cron_timetable("@daily", "Asia/Tokyo").zone), 60
    )
    assert jitter(schedule, NOON, 60).total_seconds() == 7.923908
    assert len({jitter(schedule, NOON + n * HOUR, 60) for n in range(100)}) == 100
    assert jitter(UUID(int=1), NOON, 60) != jitter(schedule, NOON, 60)


@pytest.mark.parametrize("seconds", [0.0, -5.0])
def test_no_jitter(seconds: float) -> None:
    """Without jitter a run is not put off."""
    assert jitter(UUID(int=1), NOON, seconds) == timedelta()


def test_jitter_is_spread_evenly() -> None:
    """A tenth of the runs is put off by less than a tenth, and so on; none by as much as the whole."""
    drawn = [jitter(UUID(int=n), NOON, 10).total_seconds() for n in range(20_000)]
    tenths = [sum(1 for one in drawn if int(one) == n) for n in range(10)]
    assert sum(tenths) == len(drawn)
    assert all(1_800 < count < 2_200 for count in tenths)
