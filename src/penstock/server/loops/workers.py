"""The loop that notices workers which have fallen silent, and claims that nobody follows up."""

from __future__ import annotations

import logging
from datetime import datetime

from penstock.server.context import Context
from penstock.server.dispatcher import Dispatcher
from penstock.server.grace import Grace
from penstock.server.loop import Loop, Turn
from penstock.server.services.work.liveness import look_after

_log = logging.getLogger("penstock.server")


class Workers(Loop):
    """Looks every few seconds for workers that were not heard of, and for runs that living ones have claimed and do not start.

    After the start, and after the clock has jumped, workers are given time to be heard of first.

    Parameters:
        server: what carries it out.
        interval_seconds: how often it looks.
        grace_seconds: how long workers are given.
    """

    name = "workers"

    def __init__(self, server: Dispatcher, interval_seconds: float, grace_seconds: float) -> None:
        self.interval_seconds = interval_seconds
        self._server = server
        self._grace = Grace(interval_seconds, grace_seconds, grace_seconds)

    def take_over(self, led_until: datetime | None) -> None:
        """Learn until when others looked."""
        self._grace.take_over(led_until)

    def run_once(self, turn: Turn) -> None:
        """Look once."""
        database = self._server.database
        self._grace.look(database.ask(database.dialect.now))
        if self._grace.lasts:
            return
        taken = self._server.ledger.write(
            lambda connection: look_after(Context(connection, database.dialect)), alone=True
        )
        if taken:
            _log.warning("%d claimed run(s) were not started, or not cancelled, in time and are taken back.", taken)
