"""The loop that finds runs whose process is gone, and declares them Crashed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from penstock.core import clock
from penstock.core.errors import PenstockException
from penstock.server.dispatcher import Dispatcher
from penstock.server.http.metrics import Metrics
from penstock.server.services.leases import HeldRun

_log = logging.getLogger("penstock.server")

Judge = Callable[[HeldRun], str | None]
"""Returns how the process that holds a run is known to be gone; None where it may live."""

_INTERVALS_MISSED = 3


class Sweeper:
    """Sweeps every few seconds, in a thread of its own.

    A lease that ended while nobody could renew it proves nothing: after the start, and after the clock has jumped or the
    machine has slept, leases are given time to be renewed first.

    Parameters:
        server: what carries the sweep out.
        judges: makes a judge for one sweep, from the present instant by the database's clock.
        interval_seconds: how often it sweeps.
        grace_seconds: how long leases are given to be renewed.
        metrics: where sweeps are counted.
    """

    def __init__(
        self,
        server: Dispatcher,
        judges: Callable[[datetime], Judge],
        interval_seconds: float,
        grace_seconds: float,
        metrics: Metrics,
    ) -> None:
        self._server = server
        self._judges = judges
        self._interval_seconds = interval_seconds
        self._grace_seconds = grace_seconds
        self._metrics = metrics
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="penstock-sweeper", daemon=True)
        self._last_sweep: datetime | None = None
        self._grace_ends = clock.current().monotonic() + grace_seconds

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after a sweep that is under way."""
        self._stop.set()
        self._thread.join(self._grace_seconds)

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
        self._metrics.live_leases.set(leases)
        if count:
            self._metrics.crashes.inc(count)
            _log.warning("%d run(s) declared Crashed: their processes are gone.", count)
        return count

    def _notice_jumps(self, now: datetime) -> None:
        last, self._last_sweep = self._last_sweep, now
        if (
            last is not None
            and abs((now - last).total_seconds()) > _INTERVALS_MISSED * self._interval_seconds + self._interval_seconds
        ):
            self._grace_ends = clock.current().monotonic() + self._grace_seconds
            _log.warning(
                "The clock went from %s to %s: no lease counts as ended for %g s.", last, now, self._grace_seconds
            )

    def _run(self) -> None:
        while not self._stop.wait(self._interval_seconds):
            try:
                self.sweep()
            except PenstockException as error:
                self._metrics.failed_sweeps.inc()
                _log.warning("A sweep failed: %s", error)
            except Exception:
                self._metrics.failed_sweeps.inc()
                _log.exception("A sweep failed.")
