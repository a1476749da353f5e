"""The loop that names runs Late that nobody has started in time."""

from __future__ import annotations

from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Loop, Turn


class Lateness(Loop):
    """Looks for late runs in bounded steps.

    Parameters:
        server: what carries it out.
        interval_seconds: how often it looks for them.
        runs_at_once: the most runs of one transaction.
    """

    name = "lateness"

    def __init__(self, server: Dispatcher, interval_seconds: float, runs_at_once: int = 200) -> None:
        self.interval_seconds = interval_seconds
        self._server = server
        self._runs_at_once = runs_at_once

    def run_once(self, turn: Turn) -> None:
        """Name all runs that are late."""
        from penstock.server.services.scheduling.late import is_any_late, name_late

        while not turn.is_over and self._server.ask(is_any_late):
            if self._server.write(lambda context: name_late(self._runs_at_once, context)) == 0:
                break  # others have them
