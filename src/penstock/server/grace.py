"""Time that is given to processes after nobody could hear them, or after the clock was set."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from penstock.core import clock

_log = logging.getLogger("penstock.server")

_INTERVALS_MISSED = 4


class Grace:
    """Notices moments after which what is past its time need not be: nobody looked for a while, or the clock jumped.

    Parameters:
        interval_seconds: how often the clock is looked at.
        start_seconds: how long the grace after the start is.
        jump_seconds: how long the grace after a jump is.
    """

    def __init__(self, interval_seconds: float, start_seconds: float, jump_seconds: float) -> None:
        self._most = timedelta(seconds=_INTERVALS_MISSED * interval_seconds)
        self._jump_seconds = jump_seconds
        self._last: tuple[datetime, float] | None = None
        self._ends = clock.current().monotonic() + start_seconds

    def take_over(self, led_until: datetime | None) -> None:
        """Learn until when another server looked; after the start that makes no difference, as time is given then anyway."""
        if led_until is not None and clock.current().monotonic() >= self._ends:
            self._last = led_until, clock.current().monotonic()

    def look(self, now: datetime) -> timedelta:
        """Look at the clock of the database, which shows `now`; return by how much it was set back since the last time."""
        monotonic = clock.current().monotonic()
        last, self._last = self._last, (now, monotonic)
        if last is None or abs(now - last[0]) <= self._most:
            return timedelta(0)
        self._ends = monotonic + self._jump_seconds
        _log.warning(
            "The clock went from %s to %s: nothing counts as past its time for %g s.", last[0], now, self._jump_seconds
        )
        return max(timedelta(0), last[0] + timedelta(seconds=monotonic - last[1]) - now)

    @property
    def lasts(self) -> bool:
        """Whether processes are still given time."""
        return clock.current().monotonic() < self._ends
