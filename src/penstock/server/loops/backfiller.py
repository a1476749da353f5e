"""The loop that carries backfills on."""

from __future__ import annotations

import logging
from functools import partial
from uuid import UUID

from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Loop, Turn

_log = logging.getLogger("penstock.server")

_MOST_TOLD = 1_000


class Backfiller(Loop):
    """Makes the runs of backfills as there is room for them, in bounded steps.

    Parameters:
        server: what carries it out.
        interval_seconds: how often it looks at them.
        backfills_at_once: the most backfills of one transaction.
    """

    name = "backfill"

    def __init__(self, server: Dispatcher, interval_seconds: float, backfills_at_once: int = 10) -> None:
        self.interval_seconds = interval_seconds
        self._server = server
        self._backfills_at_once = backfills_at_once
        self._told: dict[UUID, str] = {}

    def run_once(self, turn: Turn) -> None:
        """Look at all backfills that are not over, once."""
        from penstock.server.services.scheduling.backfill_steps import carry_on, is_any_running

        if not self._server.ask(is_any_running):
            return
        after = None
        while not turn.is_over:
            place = self._server.write(partial(carry_on, after, self._backfills_at_once))
            self._tell(place.problems)
            after = place.after
            if after is None:
                break

    def _tell(self, problems: dict[UUID, str]) -> None:
        """Log each problem once, not at each look."""
        for backfill_id, problem in problems.items():
            if self._told.get(backfill_id) != problem and len(self._told) < _MOST_TOLD:
                self._told[backfill_id] = problem
                _log.warning("Backfill %s can't be carried on: %s", backfill_id, problem)
