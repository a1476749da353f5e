"""Which runs of a schedule are made when it is looked at, and when it is looked at again. Nothing is made twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from penstock.core.schedules.jitter import jitter
from penstock.core.schedules.missed import past_instants_to_run
from penstock.core.schedules.occurrences import occurrences
from penstock.core.schedules.policies import MissedPolicy
from penstock.core.schedules.timetable import Timetable

LONGEST_REST = timedelta(days=1)
"""A schedule that does not fall within the horizon is looked at after so long at the latest."""

_SHORTEST_REST = timedelta(minutes=1)
_LONGEST_SPREAD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a schedule when it is looked at.

    Attributes:
        schedule_id: the schedule.
        now: the present instant, by the database's clock.
        scheduled_until: up to which instant it has been seen to.
        max_scheduled_runs: how many runs to come there are to be.
        horizon: how far ahead they may be.
        jitter_seconds: no run is put off by so much or more.
        missed: what becomes of instants at which no server could make runs.
        missed_limit: how many of those are made up for at most, where all are.
        late_after_seconds: for how long an instant that is past counts as due, not as missed.
    """

    schedule_id: UUID
    now: datetime
    scheduled_until: datetime
    max_scheduled_runs: int
    horizon: timedelta
    jitter_seconds: float
    missed: MissedPolicy
    missed_limit: int
    late_after_seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for a schedule.

    Attributes:
        runs: the instants to make runs for, earliest first, each with the instant at which its run is to start.
        scheduled_until: up to which instant it has been seen to, after this.
        look_at: when to look at it again.
    """

    runs: list[tuple[datetime, datetime]]
    scheduled_until: datetime
    look_at: datetime


def plan(facts: Facts, timetable: Timetable) -> Plan:
    """Return what is to be done for a schedule now.

    Runs that were made for instants to come are not asked for: they are those up to `scheduled_until`. So a run that somebody
    deleted or cancelled is not made anew.
    """
    now, until = facts.now, facts.scheduled_until
    # What is put off is past only when it is to start.
    due_seconds = max(facts.late_after_seconds, facts.jitter_seconds)
    past = past_instants_to_run(timetable, until, now, facts.missed, facts.missed_limit, due_seconds)
    ahead = _first(timetable, now, until, facts.max_scheduled_runs)
    missing = facts.max_scheduled_runs - len(ahead)
    until = max(until, now)
    new = _first(timetable, until, now + facts.horizon, missing)
    until = new[-1] if new else until
    instants = [*past, *new]
    runs = [(instant, instant + jitter(facts.schedule_id, instant, facts.jitter_seconds)) for instant in instants]
    return Plan(runs, until, _next_look(facts, timetable, [*ahead, *new], until))


def _first(timetable: Timetable, after: datetime, until: datetime, limit: int) -> list[datetime]:
    return list(occurrences(timetable, after, until, limit)) if until > after and limit > 0 else []


def _next_look(facts: Facts, timetable: Timetable, ahead: list[datetime], until: datetime) -> datetime:
    if len(ahead) >= facts.max_scheduled_runs:
        return ahead[0] + _spread(facts.schedule_id, ahead)
    # The next one lies beyond the horizon, or nowhere.
    beyond = next(occurrences(timetable, until, limit=1), None)
    looks = [facts.now + LONGEST_REST, *ahead[:1]]
    if beyond is not None:
        looks.append(max(beyond - facts.horizon, facts.now + _SHORTEST_REST))
    return min(looks)


def _spread(schedule_id: UUID, ahead: list[datetime]) -> timedelta:
    """Return how long to wait after the first of the instants ahead, so that schedules that fall together spread."""
    if len(ahead) == 1:
        return timedelta()
    # There is time until the second one, whose run is there.
    room = min((ahead[1] - ahead[0]) / 2, _LONGEST_SPREAD)
    return room * (schedule_id.int % 1_000 / 1_000)
