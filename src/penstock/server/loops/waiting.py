"""The loop that ends runs which are Pending or Cancelling for too long."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import Connection

from penstock.core.errors import StorageError
from penstock.server.context import Context
from penstock.server.dispatcher import Dispatcher
from penstock.server.grace import Grace
from penstock.server.loop import Loop, Turn
from penstock.server.rules.passing_states import Limits
from penstock.server.services import passing_states
from penstock.server.services.passing_states import OverdueRun

_log = logging.getLogger("penstock.server")

_PAGE = 500
_RUNS_IN_TRANSACTION = 50


class WaitingRuns(Loop):
    """Looks every few seconds for runs that nobody started in time, or that nobody ended when they were to be cancelled.

    After the start, time is given as to leases. After the clock has jumped, as much time is given as a run may wait: how
    long it has waited already is not known then. A run that can't be ended is set aside, and the others are not.

    Parameters:
        server: what carries it out.
        limits: how long runs may wait.
        interval_seconds: how often it looks.
        grace_seconds: how long after the start nothing is ended.
    """

    name = "waiting"

    def __init__(self, server: Dispatcher, limits: Limits, interval_seconds: float, grace_seconds: float) -> None:
        self.interval_seconds = interval_seconds
        self._server = server
        self._limits = limits
        self._grace = Grace(interval_seconds, grace_seconds, max(grace_seconds, limits.longest))

    def take_over(self, led_until: datetime | None) -> None:
        """Learn until when others looked."""
        self._grace.take_over(led_until)

    def run_once(self, turn: Turn) -> None:
        """End the runs that have waited for too long, page by page."""
        database = self._server.database
        now = database.ask(database.dialect.now)
        self._grace.look(now)
        if self._grace.lasts:
            return
        ended, last = 0, None
        while not turn.is_over:
            page = database.ask(lambda connection, after=last: self._overdue(now, after, connection))  # type: ignore[misc]
            for first in range(0, len(page), _RUNS_IN_TRANSACTION):
                part = page[first : first + _RUNS_IN_TRANSACTION]
                ended += self._end(sorted(part, key=lambda run: run.id))
            if len(page) < _PAGE:
                break
            last = page[-1]
        if ended:
            _log.warning("%d run(s) were Pending or Cancelling for too long and are ended.", ended)

    def _overdue(self, now: datetime, after: OverdueRun | None, connection: Connection) -> list[OverdueRun]:
        return passing_states.overdue(self._limits, now, _PAGE, self._context(connection), after)

    def _end(self, runs: list[OverdueRun]) -> int:
        try:
            return self._server.ledger.write(lambda connection: self._end_in(runs, connection))
        except StorageError:
            raise
        except Exception as error:
            if len(runs) > 1:
                return sum(self._end([run]) for run in runs)
            _log.error("Run %s has waited for too long, can't be ended and is set aside.", runs[0].id, exc_info=error)
            return 0

    def _end_in(self, runs: list[OverdueRun], connection: Connection) -> int:
        context = self._context(connection)
        return sum(passing_states.end(run, self._limits, context) for run in runs)

    def _context(self, connection: Connection) -> Context:
        return Context(connection, self._server.database.dialect)
