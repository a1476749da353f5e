"""The loop that makes runs of schedules ahead."""

from __future__ import annotations

import logging

from penstock.core import clock
from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Loop, Turn

_log = logging.getLogger("penstock.server")

_SHARE_OF_TIME = 1
"""Between two transactions the loop rests so many times as long as the last one took."""


class Scheduler(Loop):
    """Makes runs in bounded steps, with rests between them. Several servers may do so at once: of each instant comes one run.

    Parameters:
        server: what carries it out.
        interval_seconds: how often it looks for schedules whose time has come.
        schedules_at_once: the most schedules of one transaction.
    """

    name = "schedule"

    def __init__(self, server: Dispatcher, interval_seconds: float, schedules_at_once: int = 50) -> None:
        self.interval_seconds = interval_seconds
        self._server = server
        self._schedules_at_once = schedules_at_once

    def run_once(self, turn: Turn) -> None:
        """Make the runs of all schedules whose time has come."""
        from penstock.server.services.scheduling.made_ahead import is_any_due, make_ahead

        made = 0
        while not turn.is_over and self._server.ask(is_any_due):
            began = clock.current().monotonic()
            step = self._server.write(lambda context: make_ahead(self._schedules_at_once, context))
            made += step.runs
            for place, problem in step.problems.items():
                _log.warning("The schedule of %s is set aside for some minutes: %s", place, problem)
            if step.schedules == 0:
                break  # others have them
            turn.rest((clock.current().monotonic() - began) * _SHARE_OF_TIME)
        if made:
            _log.debug("%d run(s) of schedules were made.", made)
