"""One database: opened when it is first needed, read by many at once, written by one at a time."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine

from penstock.core import clock
from penstock.core.errors import StorageBusy, StorageCorrupt
from penstock.server.database import outbox, schema
from penstock.server.database.dialect import Dialect

T = TypeVar("T")

_FIRST_PAUSE_SECONDS = 0.0002


def _nothing() -> None: ...


class Database:
    """A database with our tables in it.

    Parameters:
        dialect: which kind it is, and where.
        busy_timeout_seconds: how long a writer waits for other processes.

    Attributes:
        told: called, in the writer's thread, when this process has committed something that readers follow.
    """

    def __init__(self, dialect: Dialect, busy_timeout_seconds: float) -> None:
        self.dialect = dialect
        self._busy_timeout_seconds = busy_timeout_seconds
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._readers = None if dialect.most_readers is None else threading.BoundedSemaphore(dialect.most_readers)
        self.told: list[Callable[[], None]] = []

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the database.

        Raises:
            StorageError: the database refuses.
        """
        with self._storage_errors(), self._room_to_read(), self._opened().connect() as connection:
            yield connection

    def ask(self, work: Callable[[Connection], T]) -> T:
        """Return what `work`, which only reads, makes of a connection that sees one moment of the database.

        Unlike what is done within `read`, it is done again where the connection is lost.

        Raises:
            StorageError: the database refuses.
        """
        with self._storage_errors():
            return self._persistently(lambda: self._ask(work))

    def _ask(self, work: Callable[[Connection], T]) -> T:
        with self._room_to_read(), self._opened().connect() as connection:
            return work(connection)

    @contextmanager
    def _room_to_read(self) -> Iterator[None]:
        """Wait until fewer read than may, so that readers that wait for a lock leave a connection to the writer."""
        if self._readers is None:
            yield
            return
        if not self._readers.acquire(timeout=self._busy_timeout_seconds):
            raise self.dialect.crowded()
        try:
            yield
        finally:
            self._readers.release()

    def write(self, work: Callable[[Connection], T], on_commit: Callable[[], None] = _nothing) -> T:
        """Do `work` in one transaction and return its result once that is committed.

        `work` begins when other processes have made room. When it raises, nothing of it is kept; where the database
        broke it off by no fault of its own, it is done again. Of several threads only one may write at a time: see
        `Ledger`.

        Parameters:
            work: what to do.
            on_commit: called at once when it is committed.

        Raises:
            StorageBusy: they did not, within the bound.
            StorageError: the database refuses.
        """
        with self._storage_errors():
            return self._write(self._opened(), work, on_commit)

    def alter(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one transaction, whatever schema the database has: it is left as it is, however old.

        Parameters:
            work: what to do; other processes that would change the schema wait until it is done.

        Raises:
            StorageError: the database refuses.
        """
        with self._storage_errors():
            engine = self.dialect.open_engine()
            try:
                return self._write(engine, lambda connection: self._alone(connection, work), prepare=True)
            finally:
                engine.dispose()
                self.dialect.close()

    def _alone(self, connection: Connection, work: Callable[[Connection], T]) -> T:
        self.dialect.lock_schema(connection)
        return work(connection)

    def back_up(self, target: Path) -> None:
        """Write all there is at one moment to a new file, while others go on writing.

        Raises:
            StorageError: it can't be written, or the database refuses.
        """
        with self._storage_errors():
            self.dialect.back_up(self._opened(), target)

    def _tell(self) -> None:
        for told in list(self.told):
            told()

    def checked_out(self) -> int:
        """Return how many connections are in use."""
        return 0 if self._engine is None else self._engine.pool.checkedout()  # type: ignore[attr-defined]

    def close(self) -> None:
        """Close what is not in use. The database opens anew when it is asked again."""
        with self._opening:
            engine, self._engine = self._engine, None
            if engine is not None:
                engine.dispose()
            self.dialect.close()

    def close_idle(self) -> None:
        """Close the connections and files that are not in use at this moment, for a process that is about to fork."""
        if self._engine is not None:
            self._engine.dispose()
        self.dialect.close()

    def _opened(self) -> Engine:
        engine = self._engine
        if engine is not None and self.dialect.has_moved():
            self.close()
            engine = None
        if engine is None:
            with self._opening:
                engine = self._engine = self._engine or self._open()
        return engine

    def _open(self) -> Engine:
        engine = self.dialect.open_engine()
        try:
            with engine.connect() as connection:
                found = schema.standing(connection, self.dialect)
            if found is not schema.Standing.CURRENT:
                self._write(engine, lambda connection: schema.bring_up(connection, self.dialect), prepare=True)
        except BaseException as error:
            engine.dispose()
            self.dialect.close()
            meaning = self.dialect.storage_error(error)
            if meaning is None:
                raise
            raise meaning from error  # at once: what was never there is not waited for
        return engine

    def _write(
        self,
        engine: Engine,
        work: Callable[[Connection], T],
        on_commit: Callable[[], None] = _nothing,
        *,
        prepare: bool = False,
    ) -> T:
        patience = _Patience(self._busy_timeout_seconds, self.dialect.longest_pause_seconds)
        while not self.dialect.try_turn():
            patience.wait_or_raise(self.dialect.busy(self._busy_timeout_seconds))
        try:
            return self._persistently(lambda: self._transact(engine, work, on_commit, patience, prepare=prepare))
        finally:
            self.dialect.end_turn()

    def _transact(
        self,
        engine: Engine,
        work: Callable[[Connection], T],
        on_commit: Callable[[], None],
        patience: _Patience,
        *,
        prepare: bool,
    ) -> T:
        results: list[T] = []
        receipt = None
        try:
            with engine.connect() as connection:
                if prepare:
                    self._retried(lambda: self.dialect.prepare(connection), patience)
                connection.execution_options(writes=True, changes_schema=prepare)
                with self._retried(connection.begin, patience):
                    last = outbox.begin(connection)
                    results.append(work(connection))
                    last.write(connection, self.dialect)
                    receipt = self.dialect.receipt(connection)
                on_commit()
                if last:
                    self._tell()
                self.dialect.after_commit(connection)
        except Exception as error:
            # Lost after the commit was asked for, and before the answer: only the database knows.
            if receipt is None or not self.dialect.passes(error) or not self.dialect.was_committed(engine, receipt):
                raise
            on_commit()
        return results[0]

    def _persistently(self, step: Callable[[], T]) -> T:
        patience: _Patience | None = None
        while True:
            try:
                return step()
            except Exception as error:
                if not self.dialect.passes(error):
                    raise
                patience = patience or _Patience(self.dialect.retry_seconds, self.dialect.longest_pause_seconds)
                patience.wait_or_raise(error)

    def _retried(self, step: Callable[[], T], patience: _Patience) -> T:
        while True:
            try:
                return step()
            except Exception as error:
                meaning = self.dialect.storage_error(error)
                if not isinstance(meaning, StorageBusy):
                    raise
                patience.wait_or_raise(meaning)

    @contextmanager
    def _storage_errors(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            meaning = self.dialect.storage_error(error)
            if meaning is None:
                raise
            if isinstance(meaning, StorageCorrupt):
                self.close()  # so that a sound file put in its place is opened
            raise meaning from error


class _Patience:
    """Waits a little longer each time, by chance, up to a bound."""

    def __init__(self, seconds: float, longest_pause_seconds: float) -> None:
        self._longest_pause_seconds = longest_pause_seconds
        self._until = clock.current().monotonic() + seconds
        self._pause = _FIRST_PAUSE_SECONDS

    def wait_or_raise(self, error: Exception) -> None:
        """Wait for a moment.

        Raises:
            Exception: `error`, where the bound is passed.
        """
        if clock.current().monotonic() >= self._until:
            raise error
        clock.current().sleep(self._pause * (0.5 + random.random()))  # noqa: S311  - chance keeps processes apart, it keeps no secret
        self._pause = min(self._pause * 1.5, self._longest_pause_seconds)
