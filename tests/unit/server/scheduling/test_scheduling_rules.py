"""What schedules, backfills and late runs come to: pure rules, held for any times and any looks at them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core.schedules.occurrences import occurrences
from penstock.core.state_type import StateType
from penstock.server.rules import flow_run_life
from penstock.server.rules.backfill_plan import Progress, is_over, next_instants
from penstock.server.rules.flow_run_life import Ruling
from penstock.server.rules.lateness import decide_late
from penstock.server.rules.schedule_changes import Standing, place_after_change
from penstock.server.rules.schedule_keys import instant_of, key_of
from penstock.server.rules.schedule_plan import LONGEST_REST, Facts, plan
from penstock.wire.schedules import CronSchedule, IntervalSchedule, MissedPolicy, RRuleSchedule, Schedule
from penstock.wire.states import StateRecord
from penstock.wire.timetables import timetable

NOW = datetime(2026, 10, 24, 12, tzinfo=UTC)
ID = UUID(int=12_345)
HORIZON = timedelta(days=100)

SCHEDULES: list[Schedule] = [
    CronSchedule("0 * * * *"),
    CronSchedule("30 2 * * *", "Europe/Berlin"),
    CronSchedule("*/20 9-17 * * 1-5", "America/New_York"),
    IntervalSchedule(1.0, NOW),
    IntervalSchedule(90.0, NOW - timedelta(seconds=7)),
    IntervalSchedule(86_400.0, NOW, "Europe/Berlin"),
    RRuleSchedule("DTSTART:20260101T000000Z\nRRULE:FREQ=HOURLY;BYHOUR=1,2,3"),
    RRuleSchedule("DTSTART:20261024T120000Z\nRRULE:FREQ=MINUTELY;COUNT=50"),
]


def _facts(now: datetime, until: datetime, **fields: object) -> Facts:
    values: dict[str, object] = {
        "schedule_id": ID,
        "now": now,
        "scheduled_until": until,
        "max_scheduled_runs": 3,
        "horizon": HORIZON,
        "jitter_seconds": 0.0,
        "missed": MissedPolicy.LATEST,
        "missed_limit": 10,
        "late_after_seconds": 15.0,
    }
    return Facts(**values | fields)  # type: ignore[arg-type]


@given(
    st.sampled_from(SCHEDULES),
    st.sampled_from(MissedPolicy),
    st.integers(1, 5),
    st.floats(0, 5_000),
    st.lists(st.floats(-7_200, 90_000), max_size=15),
)
def test_no_instant_twice_however_the_clock_goes(
    schedule: Schedule, policy: MissedPolicy, most: int, jitter: float, passed: list[float]
) -> None:
    """Whatever passes between two looks, and were it backwards: one run an instant, bounded in number, in order."""
    now, until, made = NOW, NOW, []
    for seconds in [0.0, *passed]:
        now += timedelta(seconds=seconds)
        facts = _facts(now, until, missed=policy, max_scheduled_runs=most, jitter_seconds=jitter)
        planned = plan(facts, timetable(schedule))
        assert planned.scheduled_until >= until
        assert now < planned.look_at
        new = [instant for instant, _ in planned.runs]
        assert all(until < instant for instant in new)
        assert all(earlier < later for earlier, later in pairwise(new))
        assert sum(instant > now for instant in new) <= most
        assert all(timedelta() <= start - instant <= timedelta(seconds=jitter) for instant, start in planned.runs)
        made += new
        until = planned.scheduled_until
    assert len(set(made)) == len(made)


@given(st.sampled_from(SCHEDULES), st.integers(1, 5), st.lists(st.floats(0, 14), min_size=1, max_size=30))
def test_who_looks_in_time_misses_nothing(schedule: Schedule, most: int, delays: list[float]) -> None:
    """Looked at when it asks for it, or some seconds later, a schedule makes a run for each of its instants."""
    now, until, made = NOW, NOW, []
    for delay in delays:
        facts = _facts(now, until, missed=MissedPolicy.SKIP, max_scheduled_runs=most)
        planned = plan(facts, timetable(schedule))
        made += [instant for instant, _ in planned.runs]
        until = planned.scheduled_until
        now = planned.look_at + timedelta(seconds=delay)
    assert made == list(occurrences(timetable(schedule), NOW, until))


def test_when_to_look_again() -> None:
    """A schedule is looked at once there is room for another run, or when its next instant comes near."""
    hour = timedelta(hours=1)
    hourly = timetable(CronSchedule("0 * * * *"))
    one = plan(_facts(NOW, NOW, max_scheduled_runs=1), hourly)
    assert (one.scheduled_until, one.look_at) == (NOW + hour, NOW + hour)
    three = plan(_facts(NOW, NOW), hourly)
    assert NOW + hour <= three.look_at <= NOW + hour + timedelta(minutes=5)
    rare = timetable(IntervalSchedule(86_400.0 * 90, NOW))
    far = plan(_facts(NOW, NOW), rare)
    assert (len(far.runs), far.look_at) == (1, NOW + LONGEST_REST)
    nearly = NOW + timedelta(days=79, hours=23)
    assert plan(_facts(nearly, far.scheduled_until), rare).look_at == nearly + timedelta(hours=1)
    never = timetable(RRuleSchedule("DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY;COUNT=3"))
    over = plan(_facts(NOW, NOW), never)
    assert (over.runs, over.look_at) == ([], NOW + LONGEST_REST)


@pytest.mark.parametrize(
    ("standing", "place"),
    [
        (Standing(True, True, True, NOW - timedelta(hours=5)), NOW - timedelta(hours=5)),
        (Standing(True, True, True, NOW + timedelta(hours=5)), NOW),
        (Standing(True, True, False, NOW - timedelta(hours=5)), NOW),
        (Standing(False, True, True, NOW - timedelta(hours=5)), NOW),
        (Standing(True, False, True, NOW - timedelta(hours=5)), NOW),
        (Standing(True, True, True, None), NOW),
        (Standing(True, True, True, NOW + timedelta(hours=5), NOW + timedelta(hours=1)), NOW),
        (
            Standing(True, True, True, NOW + timedelta(hours=5), NOW - timedelta(seconds=9)),
            NOW - timedelta(seconds=9, microseconds=1),
        ),
        (Standing(True, True, False, NOW + timedelta(hours=5), NOW - timedelta(seconds=9)), NOW),
    ],
)
def test_the_place_of_a_schedule_after_a_change(standing: Standing, place: datetime) -> None:
    """A schedule that goes on as it was keeps what is not seen to; any other begins now."""
    assert place_after_change(standing, NOW) == place


def test_keys() -> None:
    """A key is the same in every zone, and its instant can be read from it again; other keys have none."""
    elsewhere = NOW.astimezone(ZoneInfo("Asia/Tokyo"))
    assert key_of("schedule", ID, NOW) == key_of("schedule", ID, elsewhere) != key_of("backfill", ID, NOW)
    assert instant_of(key_of("schedule", ID, elsewhere)) == NOW
    for other in (None, "", "a:b", "schedule:x:yesterday", "schedule:x:2026-01-01"):
        assert instant_of(other) is None


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(1, 10), st.booleans())
def test_what_a_backfill_makes_next(total: int, made: int, unfinished: int, concurrency: int, newest: bool) -> None:
    """It makes the next ones in its order, never more than there is room for, and is over when all have ended."""
    instants = [NOW + timedelta(hours=number) for number in range(total)]
    progress = Progress(min(made, total), min(unfinished, made, total), concurrency, newest)
    new = next_instants(instants, progress)
    assert len(new) == max(0, min(concurrency - progress.unfinished, total - progress.made))
    in_order = list(reversed(instants)) if newest else instants
    assert in_order[: progress.made] + new == in_order[: progress.made + len(new)]
    assert is_over(total, progress) == (progress.made == total and progress.unfinished == 0)


def _waiting(
    name: str = "Scheduled", kind: StateType = StateType.SCHEDULED, leased: bool = False
) -> flow_run_life.Facts:
    state = StateRecord(kind, name, NOW, None, NOW - timedelta(seconds=20))
    return flow_run_life.Facts(state, attempt=0, lease_owner=None, leased=leased, now=NOW)


def test_late() -> None:
    """A run is late when it has waited too long after its time; what does not wait is not."""
    ruling = decide_late(_waiting(), timedelta(seconds=20))
    assert isinstance(ruling, Ruling)
    assert (ruling.state.name, ruling.state.scheduled_time) == ("Late", NOW - timedelta(seconds=20))
    assert decide_late(_waiting(), timedelta(seconds=21)) == NOW + timedelta(seconds=1)
    for facts in (_waiting("Late"), _waiting("Pending", StateType.PENDING), _waiting(leased=True)):
        assert decide_late(facts, timedelta()) is None
