"""The loop that deletes what has been kept long enough, a little at a time."""

from __future__ import annotations

import logging

from penstock.core import clock
from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Loop, Turn
from penstock.server.rules.retention import Keeping

_log = logging.getLogger("penstock.server")

_SHARE_OF_TIME = 4
"""Between two transactions the loop rests so many times as long as the last one took."""


class Purger(Loop):
    """Deletes in bounded steps, with rests between them. Several servers may purge one database at once.

    Parameters:
        server: what carries it out.
        keeping: how long things are kept.
        interval_seconds: how often it looks for more.
        batch_rows: the most rows of one transaction.
    """

    name = "purge"

    def __init__(self, server: Dispatcher, keeping: Keeping, interval_seconds: float, batch_rows: int) -> None:
        self.interval_seconds = interval_seconds
        self._server = server
        self._keeping = keeping
        self._batch_rows = batch_rows
        self._nothing_left = clock.current().monotonic()

    @property
    def lag_seconds(self) -> float:
        """How long ago nothing was left that is past its time; counted from the start until that is known."""
        return clock.current().monotonic() - self._nothing_left

    def run_once(self, turn: Turn) -> None:
        """Delete all that is past its time, resting between transactions."""
        rows = runs = 0
        while not turn.is_over:
            began = clock.current().monotonic()
            purged = self._server.purge(self._keeping, self._batch_rows)
            rows, runs = rows + purged.rows, runs + purged.flow_runs
            if purged.rows < self._batch_rows:
                self._nothing_left = clock.current().monotonic()
                break
            turn.rest((clock.current().monotonic() - began) * _SHARE_OF_TIME)
        if rows:
            _log.info("%d flow run(s) and %d row(s) in all were deleted: their time was over.", runs, rows)
