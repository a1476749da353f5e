"""Which runs to make after a time in which no server could make any."""

from __future__ import annotations

from datetime import datetime, timedelta

from penstock.core.schedules.occurrences import newest_occurrences
from penstock.core.schedules.policies import MissedPolicy
from penstock.core.schedules.timetable import Timetable

MISSED_LIMIT = 1_000
"""The most instants that are made up for at once."""


def past_instants_to_run(
    timetable: Timetable,
    since: datetime,
    now: datetime,
    policy: MissedPolicy,
    missed_limit: int,
    late_after_seconds: float,
) -> list[datetime]:
    """Return the past instants to make runs for, earliest first.

    An instant that is past by no more than `late_after_seconds` is not missed but due, whatever the policy. Of the others
    `SKIP` takes none, `LATEST` the last one if nothing is due, and `ALL` the last `missed_limit`.

    Parameters:
        timetable: of the schedule.
        since: the last instant that was seen to: a run was made for it, it was passed over, or the schedule was changed or
            switched on then. Nothing up to it is made up for.
        now: the present instant.
        policy: what becomes of missed instants.
        missed_limit: how many of them are made up for at most, where all are; never more than 1,000.
        late_after_seconds: how long an instant is due before it is missed.
    """
    missed_until = max(since, now - timedelta(seconds=max(0.0, late_after_seconds)))
    due = newest_occurrences(timetable, missed_until, now, MISSED_LIMIT)
    wanted = {MissedPolicy.SKIP: 0, MissedPolicy.LATEST: 0 if due else 1}.get(policy, missed_limit)
    return newest_occurrences(timetable, since, missed_until, min(wanted, MISSED_LIMIT)) + due
