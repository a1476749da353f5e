"""The loop that deletes what has been kept long enough, a little at a time."""

from __future__ import annotations

import logging
import threading

from penstock.core import clock
from penstock.core.errors import PenstockException
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.retention import Keeping

_log = logging.getLogger("penstock.server")

_SHARE_OF_TIME = 4
"""Between two transactions the loop rests so many times as long as the last one took."""


class Purger:
    """Purges every so often, in a thread of its own. Several servers may purge one database at once.

    Parameters:
        server: what carries it out.
        keeping: how long things are kept.
        interval_seconds: how often it looks for more.
        batch_rows: the most rows of one transaction.
    """

    def __init__(self, server: Dispatcher, keeping: Keeping, interval_seconds: float, batch_rows: int) -> None:
        self._server = server
        self._keeping = keeping
        self._interval_seconds = interval_seconds
        self._batch_rows = batch_rows
        self._nothing_left = clock.current().monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="penstock-purger", daemon=True)

    @property
    def lag_seconds(self) -> float:
        """How long ago nothing was left that is past its time; counted from the start until that is known."""
        return clock.current().monotonic() - self._nothing_left

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, after a transaction that is under way."""
        self._stop.set()
        self._thread.join()

    def purge(self) -> int:
        """Delete all that is past its time, resting between transactions; return how many rows there were.

        Raises:
            StorageError: the database refused.
        """
        rows = runs = 0
        while not self._stop.is_set():
            began = clock.current().monotonic()
            purged = self._server.purge(self._keeping, self._batch_rows)
            rows, runs = rows + purged.rows, runs + purged.flow_runs
            if purged.rows < self._batch_rows:
                self._nothing_left = clock.current().monotonic()
                break
            self._stop.wait((clock.current().monotonic() - began) * _SHARE_OF_TIME)
        if rows:
            _log.info("%d flow run(s) and %d row(s) in all were deleted: their time was over.", runs, rows)
        return rows

    def _run(self) -> None:
        while not self._stop.wait(self._interval_seconds):
            try:
                self.purge()
            except PenstockException as error:
                _log.warning("Deleting what has been kept long enough failed: %s", error)
            except Exception:
                _log.exception("Deleting what has been kept long enough failed.")
