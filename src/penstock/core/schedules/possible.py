"""Whether a schedule ever falls."""

from __future__ import annotations

from penstock.core.errors import InvalidScheduleError
from penstock.core.schedules.occurrences import occurrences
from penstock.core.schedules.quoting import quoted
from penstock.core.schedules.recurrence.recurrence import Recurrence
from penstock.core.schedules.steps import HORIZON_DAYS, STEPS
from penstock.core.schedules.timetable import EARLIEST, Timetable


def check_that_it_falls(timetable: Timetable, text: str) -> None:
    """Raise where a timetable has no instant at all.

    Parameters:
        timetable: of the schedule. (Cron expressions and intervals that never fall have none.)
        text: what the schedule says, for the error.

    Raises:
        InvalidScheduleError: none was found.
    """
    if isinstance(timetable, Recurrence) and next(occurrences(timetable, EARLIEST, limit=1), None) is None:
        raise InvalidScheduleError(
            f"The recurrence {quoted(text)} never falls: no time was found in {STEPS:,} steps and {HORIZON_DAYS // 366} years. "
            f"Change its days, or look whether its interval steps over them."
        )
