"""Which of several servers runs the loops: this one, or another."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection

from penstock.core import clock
from penstock.core.errors import PenstockException
from penstock.core.ids import uuid7
from penstock.server.context import Context
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.leadership import Term, is_leading
from penstock.server.services.loops import leadership

_log = logging.getLogger("penstock.server")

LEASE_SECONDS = 10.0
BEAT_SECONDS = 2.0
_PARTS_OF_LEASE = 2 / 3
"""After which part of a lease that was not renewed a server stops by itself, before another one begins."""

_ALONE = 5
"""By how much longer both are where there is no other server: there nobody waits for them, they are only told."""


class Leader:
    """Makes this server the leader when no other is, and keeps it the leader while it lives.

    Where no other server can serve the database, this one always leads. Otherwise it says every two seconds in the database
    that it lives; ten seconds after it last did another one takes over, by the database's clock. One that was stopped and
    wakes knows by its own clock that its time is over.

    Parameters:
        server: what carries operations out.
        said_with_it: writes, in the transaction that renews the lease, what else is to be known of the leader; it is told
            whether it has only begun to lead.

    Attributes:
        name: `<host>:<process number>:<unique id>` of this server; new with every start.
        term: in which this server leads, or led last; another object for each term, None before the first.
    """

    def __init__(self, server: Dispatcher, said_with_it: Callable[[Context, bool], None]) -> None:
        self._server = server
        self._said_with_it = said_with_it
        self._is_shared = server.database.dialect.is_shared
        patience = 1 if self._is_shared else _ALONE
        self.beat_seconds = BEAT_SECONDS * patience
        self._lease = timedelta(seconds=LEASE_SECONDS * patience)
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid7().hex}"
        self.term: Term | None = None
        self._until = clock.current().monotonic()
        self._is_failing = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="penstock-leader", daemon=True)

    @property
    def leads(self) -> bool:
        """Whether this server leads at this moment."""
        return not self._is_shared or clock.current().monotonic() < self._until

    def start(self) -> None:
        """Try to lead now, and again and again."""
        self._thread.start()

    def stop(self, patience_seconds: float) -> None:
        """Lead no more, and let another server begin at once; wait no longer than `patience_seconds` for a write under way."""
        self._stopping.set()
        self._thread.join(patience_seconds)
        led, self._until = self._is_shared and self.leads, clock.current().monotonic()
        if led and not self._thread.is_alive():
            try:
                self._server.ledger.write(lambda connection: leadership.release(self.name, self._context(connection)))
            except PenstockException as error:
                _log.warning("Another server leads only in some seconds: %s", error)

    def beat(self) -> None:
        """Lead for longer, or begin to where no other server leads.

        Raises:
            StorageError: the database refused.
        """
        asked = clock.current().monotonic()
        if self._is_shared and not self.leads and self._server.database.ask(self._another_leads):
            return
        term = self._server.ledger.write(self._take)
        if term is None:
            self._until = asked
            return
        if term.is_new or self.term is None:
            self.term = term
            if self._is_shared and term.led_until is not None:
                _log.warning(
                    "The server that led until %s says nothing more: this one runs the loops now.", term.led_until
                )
        self._until = asked + self._lease.total_seconds() * _PARTS_OF_LEASE

    def _run(self) -> None:
        while True:
            try:
                self.beat()
                self._is_failing = False
            except Exception as error:
                # Said once: loops that fail say it, too.
                if not self._is_failing:
                    _log.warning("Whether this server leads could not be written down: %s", error)
                self._is_failing = True
            if self._stopping.wait(self.beat_seconds):
                return

    def _another_leads(self, connection: Connection) -> bool:
        context = self._context(connection)
        held = leadership.held(context)
        return held is not None and held.holder != self.name and is_leading(held, context.now(), self._lease)

    def _take(self, connection: Connection) -> Term | None:
        context = self._context(connection)
        term = leadership.take(self.name, self._lease, context)
        if term is not None:
            self._said_with_it(context, term.is_new)
        return term

    def _context(self, connection: Connection) -> Context:
        return Context(connection, self._server.database.dialect)
