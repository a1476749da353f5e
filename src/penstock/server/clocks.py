"""The clocks of processes: one that is far ahead of the database's is told of, once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

_log = logging.getLogger("penstock.server")

TOLERANCE = timedelta(minutes=5)
"""How far ahead a process's clock may be. One that is behind can't be told from a record that comes late."""

_MOST_TOLD = 1_000
_MOST_SHOWN = 200
_told: dict[str, None] = {}


def notice(owner: str, instant: datetime, now: datetime) -> None:
    """Warn, once a process, where what it says happened at `instant` has not come yet.

    Times of runs are then wrong. What is decided goes by the database's clock, so nothing else is.

    Parameters:
        owner: the process.
        instant: when something happened, by its clock.
        now: the present instant, by the database's clock.
    """
    if instant.tzinfo is None or instant - now <= TOLERANCE or owner in _told:
        return
    if len(_told) >= _MOST_TOLD:
        del _told[next(iter(_told))]
    _told[owner] = None
    host, number = [*owner[:_MOST_SHOWN].split(":"), "?"][:2]
    _log.warning(
        "The clock of process %r on %r is %s ahead of the database's: the times of its runs are wrong. Set that "
        "machine's clock.",
        number,
        host,
        timedelta(seconds=round((instant - now).total_seconds())),
    )
