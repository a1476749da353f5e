"""When a schedule falls: asked before anything is deployed."""

from __future__ import annotations

from itertools import islice

from penstock.core.errors import InvalidRequest, InvalidScheduleError
from penstock.core.schedules.occurrences import occurrences
from penstock.server import bounds
from penstock.server.context import Context
from penstock.wire.deploying.deployment_schedules import Upcoming, UpcomingQuery
from penstock.wire.schedules import anchored
from penstock.wire.timetables import timetable, validate

MOST_UPCOMING = 1_000


def upcoming(query: UpcomingQuery, context: Context) -> Upcoming:
    """Return at which instants a schedule falls; nothing is made.

    Raises:
        InvalidRequest: the schedule does not parse or never falls, or a bound makes no sense.
    """
    bounds.check_page(query.limit, MOST_UPCOMING)
    for instant in (query.after, query.before):
        bounds.check_instant(instant, "bound of the time")
    now = context.now()
    schedule = anchored(query.schedule, now)
    try:
        validate(schedule)
        found = occurrences(timetable(schedule), query.after or now, limit=query.limit + 1)
        instants = list(islice(found, query.limit + 1))
    except InvalidScheduleError as error:
        raise InvalidRequest(str(error)) from error
    if query.before is not None:
        instants = [instant for instant in instants if instant < query.before]
    return Upcoming(instants[: query.limit], len(instants) > query.limit)
