"""The loop that finds runs whose process is gone, and declares them Crashed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from penstock.core import clock
from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Loop, Turn
from penstock.server.services.leases import HeldRun

_log = logging.getLogger("penstock.server")

Judge = Callable[[HeldRun], str | None]
"""Returns how the process that holds a run is known to be gone; None where it may live."""

_INTERVALS_MISSED = 3


class Sweeper(Loop):
    """Looks every few seconds for leases that have ended.

    A lease that ended while nobody could renew it proves nothing: after the start, and after the clock has jumped, the machine
    has slept or no server has led for a while, leases are given time to be renewed first.

    Parameters:
        server: what carries the sweep out.
        judges: makes a judge for one sweep, from the present instant by the database's clock.
        interval_seconds: how often it sweeps.
        grace_seconds: how long leases are given to be renewed.

    Attributes:
        live_leases: how many flow runs' processes lived at the last sweep.
        declared: called with how many runs a sweep declared Crashed.
    """

    name = "sweep"

    def __init__(
        self,
        server: Dispatcher,
        judges: Callable[[datetime], Judge],
        interval_seconds: float,
        grace_seconds: float,
    ) -> None:
        self.interval_seconds = interval_seconds
        self.live_leases = 0
        self.declared: Callable[[int], None] = _untold
        self._server = server
        self._judges = judges
        self._grace_seconds = grace_seconds
        self._last_sweep: datetime | None = None
        self._grace_ends = clock.current().monotonic() + grace_seconds

    def take_over(self, led_until: datetime | None) -> None:
        """Learn until when others swept; after the start that makes no difference, as time is given then anyway."""
        if led_until is not None and clock.current().monotonic() >= self._grace_ends:
            self._last_sweep = led_until

    def run_once(self, turn: Turn) -> None:
        """Sweep once."""
        self.sweep()

    def sweep(self) -> int:
        """Sweep once; return how many runs were declared Crashed.

        Raises:
            StorageError: the database refused.
        """
        now = self._server.database.ask(self._server.database.dialect.now)
        self._notice_jumps(now)
        judge = self._judges(now)
        leases = 0
        in_grace = clock.current().monotonic() < self._grace_ends

        def patient(run: HeldRun) -> str | None:
            nonlocal leases
            leases += run.is_flow_run and run.expires is not None and run.expires >= now
            if in_grace and run.expires is not None and run.expires < now:
                return None
            return judge(run)

        count = self._server.sweep(patient)
        self.live_leases = leases
        if count:
            self.declared(count)
            _log.warning("%d run(s) declared Crashed: their processes are gone.", count)
        return count

    def _notice_jumps(self, now: datetime) -> None:
        last, self._last_sweep = self._last_sweep, now
        if (
            last is not None
            and abs((now - last).total_seconds()) > _INTERVALS_MISSED * self.interval_seconds + self.interval_seconds
        ):
            self._grace_ends = clock.current().monotonic() + self._grace_seconds
            _log.warning(
                "The clock went from %s to %s: no lease counts as ended for %g s.", last, now, self._grace_seconds
            )


def _untold(runs: int) -> None: ...
