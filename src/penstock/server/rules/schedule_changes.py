"""From which instant on a schedule makes runs once its deployment was changed: never from one that it has seen to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a schedule when its deployment is changed.

    Attributes:
        was_active: whether it made runs until now.
        is_active: whether it is to make some from now on.
        same_instants: whether it falls at the same instants as before.
        scheduled_until: up to which instant it has seen to them.
        earliest_taken_back: the first instant whose run was taken back by the change; None where there was none.
    """

    was_active: bool
    is_active: bool
    same_instants: bool
    scheduled_until: datetime | None
    earliest_taken_back: datetime | None = None


def place_after_change(standing: Standing, now: datetime) -> datetime:
    """Return the instant up to which nothing is to be made any more.

    That is now: what is past is not made up for under rules that did not hold then, nor what fell while the schedule rested.
    Where it went on as it was, what no server has seen to yet stays to be seen to, and so does what was put off beyond now.
    """
    goes_on = standing.was_active and standing.is_active and standing.same_instants
    if not goes_on or standing.scheduled_until is None:
        return now
    place = min(standing.scheduled_until, now)
    if standing.earliest_taken_back is not None:
        place = min(place, standing.earliest_taken_back - _LEAST)
    return place
