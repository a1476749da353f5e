"""One sweep: all runs that processes hold are looked at, page by page, and those of the dead are ended or put back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Connection

from penstock.core.errors import StorageError
from penstock.server.context import Context
from penstock.server.database.database import Database
from penstock.server.ledger import Ledger
from penstock.server.services import crashes, leases
from penstock.server.services.leases import HeldRun

_log = logging.getLogger("penstock.server")

Judge = Callable[[HeldRun], str | None]
"""Returns how the process that holds a run is known to be gone; None where it may live."""

PAGE = 1_000
_RUNS_IN_TRANSACTION = 100


class Sweep:
    """Looks at all held runs, however many, in pages; what is found is written in bounded transactions.

    A run that can't be ended, such as one whose row is damaged, is set aside and the others are not. One whose
    row others are changing at this moment is left for the next sweep.

    Parameters:
        database: where the runs are.
        ledger: of the database.
        judge: says of each run how its process is known to be gone.
        expired_before: look only at leases that ended before; for a judge to whom the others are alive anyway.
    """

    def __init__(
        self, database: Database, ledger: Ledger, judge: Judge, expired_before: datetime | None = None
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._judge = judge
        self._expired_before = expired_before

    def carry_out(self) -> int:
        """Sweep; return how many runs were ended or put back.

        Raises:
            StorageError: the database refused.
        """
        count = 0
        for page in self._pages():
            dead = [(run, reason) for run in page if (reason := self._judge(run)) is not None]
            dead.sort(key=lambda judged: judged[0].id)  # taken in the order that all take rows in
            for first in range(0, len(dead), _RUNS_IN_TRANSACTION):
                count += self._declare(dead[first : first + _RUNS_IN_TRANSACTION])
        return count

    def _pages(self) -> Iterator[list[HeldRun]]:
        yield from self._pages_of(
            lambda after, context: leases.held_flow_runs(PAGE, context, after, self._expired_before)
        )
        yield from self._pages_of(lambda after, context: leases.held_task_runs(PAGE, context, after))

    def _pages_of(self, listed: Callable[[HeldRun | None, Context], list[HeldRun]]) -> Iterator[list[HeldRun]]:
        last: HeldRun | None = None
        while True:
            page = self._database.ask(
                lambda connection, after=last: listed(after, self._context(connection))  # type: ignore[misc]
            )
            yield page
            if len(page) < PAGE:
                return
            last = page[-1]

    def _declare(self, dead: list[tuple[HeldRun, str]]) -> int:
        try:
            return self._ledger.write(lambda connection: self._declare_in(dead, connection))
        except StorageError:
            raise
        except Exception as error:
            if len(dead) > 1:
                return sum(self._declare([one]) for one in dead)
            run, reason = dead[0]
            _log.error("Run %s can't be ended or put back and is set aside. %s", run.id, reason, exc_info=error)
            return 0

    def _declare_in(self, dead: list[tuple[HeldRun, str]], connection: Connection) -> int:
        context = self._context(connection)
        return sum(crashes.declare_dead(run, reason, context) for run, reason in dead)

    def _context(self, connection: Connection) -> Context:
        return Context(connection, self._database.dialect)
