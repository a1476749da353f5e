"""Group commit: whoever comes to write while others write is taken along by the next of them, in one transaction."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from sqlalchemy import Connection

from penstock.core import clock
from penstock.server.database.database import Database
from penstock.server.database.outbox import outbox_of

T = TypeVar("T")

MOST_AT_ONCE = 256
"""The most works that one transaction takes."""


class _Entry(Generic[T]):
    """A work, and what came of it."""

    __slots__ = ("alone", "done", "error", "locks", "result", "work")

    def __init__(self, work: Callable[[Connection], T], locks: Callable[[], Iterable[UUID]], *, alone: bool) -> None:
        self.work = work
        self.locks = locks
        self.alone = alone
        self.result: T | None = None
        self.error: BaseException | None = None
        self.done = False

    def outcome(self) -> T:
        """Return the result, or raise the error."""
        if self.error is not None:
            raise self.error
        return cast("T", self.result)


class Ledger:
    """Orders the writes of one process, and acknowledges each once it is committed.

    It has no thread of its own: the first writer to get the turn applies everything that has been handed in by then; the
    others find theirs done when their turn comes.

    Parameters:
        database: what is written to.
        lock: keeps others from changing the flow runs with these ids, in their order.

    Attributes:
        committed: called, in the writer's thread, with how many works a transaction took and how many seconds.
    """

    def __init__(self, database: Database, lock: Callable[[Connection, list[UUID]], None] | None = None) -> None:
        self._database = database
        self._lock = lock if database.dialect.locks_rows else None
        self._waiting: deque[_Entry[Any]] = deque()
        self._turn = threading.RLock()
        self._writer: int | None = None
        self.committed: Callable[[int, float], None] = _unwatched

    @property
    def waiting(self) -> int:
        """How many works wait for the next transaction."""
        return len(self._waiting)

    def write(
        self, work: Callable[[Connection], T], locks: Callable[[], Iterable[UUID]] = tuple, *, alone: bool = False
    ) -> T:
        """Do `work` in a transaction, perhaps together with others' works, and return its result once it is committed.

        A work that raises leaves nothing behind and does not harm the others. A work must not write to the ledger. Where the
        database broke the transaction off by no fault of its own, the work is done again.

        Parameters:
            work: what to do.
            locks: returns the flow runs that it changes or relies on.
            alone: whether it locks further rows, so that where rows are locked it must not share a transaction.

        Raises:
            StorageError: the database refused; nothing of this work is kept.
            RuntimeError: a work wrote to the ledger.
        """
        if self._writer == threading.get_ident():
            raise RuntimeError("A work in the ledger wrote to the ledger; let it use the connection it is given.")
        entry = _Entry(work, locks, alone=alone and self._lock is not None)
        self._waiting.append(entry)
        try:
            with self._turn:
                while not entry.done:
                    if entry not in self._waiting:
                        self._waiting.append(entry)  # an interrupt fell between two steps of another leader
                    self._write_group()
        except BaseException:
            self._withdraw(entry)
            raise
        return entry.outcome()

    @contextmanager
    def paused(self, patience_seconds: float) -> Iterator[bool]:
        """Wait until no write is under way, and let none begin within the `with`.

        Parameters:
            patience_seconds: how long to wait for one that does not end.

        Yields:
            Whether there is none.
        """
        paused = self._turn.acquire(timeout=patience_seconds)
        try:
            yield paused
        finally:
            if paused:
                self._turn.release()

    def _write_group(self) -> None:
        self._writer = threading.get_ident()
        group: list[_Entry[Any]] = []
        try:
            while self._waiting and len(group) < MOST_AT_ONCE and not (group and self._waiting[0].alone):
                group.append(self._waiting.popleft())
                if group[0].alone:
                    break
            began = clock.current().monotonic()
            self._database.write(lambda connection: self._apply(group, connection), lambda: _acknowledge(group))
        except Exception as error:
            _fail(group, error)
        except BaseException:
            # This thread was interrupted; the others' works are not to suffer from it.
            self._waiting.extendleft(reversed([entry for entry in group if not entry.done]))
            raise
        else:
            self.committed(len(group), clock.current().monotonic() - began)
        finally:
            self._writer = None

    def _apply(self, group: list[_Entry[Any]], connection: Connection) -> None:
        if len(group) == 1:
            group[0].result = group[0].work(connection)
            return
        if self._lock is not None:
            # All at once and in order: one after another, this group and another process's would wait for each other.
            self._lock(connection, sorted({flow_run_id for entry in group for flow_run_id in entry.locks()}))
        for entry in group:
            entry.error = None
            mark = outbox_of(connection).mark()
            try:
                with connection.begin_nested():
                    entry.result = entry.work(connection)
            except Exception as error:
                if self._database.dialect.storage_error(error) is not None:
                    raise
                outbox_of(connection).cut(mark)
                entry.error = error

    def _withdraw(self, entry: _Entry[Any]) -> None:
        try:
            self._waiting.remove(entry)
        except ValueError:
            return


def _unwatched(works: int, seconds: float) -> None: ...


def _acknowledge(group: list[_Entry[Any]]) -> None:
    for entry in group:
        entry.done = True


def _fail(group: list[_Entry[Any]], error: Exception) -> None:
    for entry in group:
        # One exception must not be raised by several threads: each adds to its traceback.
        entry.error = entry.error or (error if len(group) == 1 else copy(error))
        entry.done = True
