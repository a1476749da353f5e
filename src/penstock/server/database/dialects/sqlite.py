"""SQLite: one file, many processes."""

from __future__ import annotations

import math
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Table,
    Text,
    and_,
    create_engine,
    event,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import QueuePool

from penstock.core import clock
from penstock.core.errors import StorageBusy, StorageError, StorageTooNew
from penstock.server.database.dialect import Dialect, TableSize
from penstock.server.database.dialects import sqlite_errors
from penstock.server.database.dialects.sqlite_turn import HAS_LOCKS, WritersTurn
from penstock.server.database.json_values import has_value
from penstock.server.database.tables import metadata
from penstock.server.database.types import Instant, encode_json, to_microseconds
from penstock.settings.private_folder import make_private_folder

_LOG_BYTES_BEFORE_CHECKPOINT = 4 * 1024 * 1024
# A writer looks at its own clock between such waits, so that its bound holds whatever it waits for.
_LONGEST_LOCK_WAIT_SECONDS = 5.0
# Some milliseconds' worth.
_STEPS_BETWEEN_LOOKS_AT_THE_CLOCK = 200_000
_READERS_KEPT_OPEN = 4
_READERS_AT_MOST = 16

_ON_CONNECT = (
    # A commit is on the disk when it is acknowledged, not merely with the operating system.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -8000",
    # `after_commit` sees to it, within the turn to write.
    f"PRAGMA wal_autocheckpoint = {0 if HAS_LOCKS else 1000}",
)


class _BoundedConnection(sqlite3.Connection):
    """A connection that breaks off what takes too long.

    Attributes:
        until: when that is; None for never. By the machine's clock: one that a test moves does not tell how long SQLite works.
    """

    until: float | None = None

    def is_late(self) -> bool:
        """Whether it is past that time."""
        return self.until is not None and time.monotonic() > self.until


class Sqlite(Dialect):
    """An SQLite file.

    Parameters:
        path: the file; it and its folder are made when they are missing.
        busy_timeout_seconds: how long to wait for a lock.
        statement_timeout_seconds: how long a reader may take.
    """

    bind_id = staticmethod(lambda value: value.hex)
    bind_instant = staticmethod(to_microseconds)

    def __init__(self, path: Path, busy_timeout_seconds: float, statement_timeout_seconds: float = 30.0) -> None:
        super().__init__()
        self.path = path
        self.place = str(path)
        self._busy_timeout_seconds = busy_timeout_seconds
        self._statement_timeout_seconds = statement_timeout_seconds
        self._lock_wait_seconds = min(busy_timeout_seconds, _LONGEST_LOCK_WAIT_SECONDS)
        self._turn = WritersTurn(path.with_name(f"{path.name}-turn"))
        self._log_path = f"{path}-wal"
        self._checkpoint_at_bytes = _LOG_BYTES_BEFORE_CHECKPOINT
        self._identity: tuple[int, int] | None = None

    def open_engine(self) -> Engine:
        """Return an engine on the file."""
        self._identity = None
        make_private_folder(self.path.parent)
        self._make_private_file()
        engine = create_engine(
            "sqlite://",
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=_READERS_KEPT_OPEN,
            max_overflow=_READERS_AT_MOST - _READERS_KEPT_OPEN,
            pool_timeout=self._busy_timeout_seconds,
        )
        event.listen(engine, "begin", self._begin)
        return engine

    def _make_private_file(self) -> None:
        # SQLite would leave the rights to the umask; its files beside this one get the rights of this one.
        with suppress(OSError):  # it is there, or SQLite will say what hinders it
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=self._lock_wait_seconds,
            isolation_level=None,
            check_same_thread=False,
            factory=_BoundedConnection,
        )
        try:
            for pragma in _ON_CONNECT:
                connection.execute(pragma)
            connection.create_function("penstock_contains", 2, _contains, deterministic=True)
            connection.create_function("penstock_has_value", 3, has_value, deterministic=True)
            connection.set_progress_handler(connection.is_late, _STEPS_BETWEEN_LOOKS_AT_THE_CLOCK)
            self._identity = self._present_identity()
        except BaseException:
            connection.close()
            raise
        return connection

    def _begin(self, connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        driver: Any = connection.connection.driver_connection
        # A write is bounded by what it is given, and must not be broken off half way through a group of them.
        driver.until = None if writes else time.monotonic() + self._statement_timeout_seconds
        # A reader that turns into a writer would be refused at once when another wrote meanwhile: writers say so first.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def has_moved(self) -> bool:
        """Whether the file was moved or deleted: what is written to it now would be seen by nobody."""
        return self._identity is not None and self._present_identity() != self._identity

    def _present_identity(self) -> tuple[int, int] | None:
        try:
            status = os.stat(self.path)
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def prepare(self, connection: Connection) -> None:
        """Put the file in WAL mode, where readers and the writer do not wait for each other."""
        driver: Any = connection.connection.driver_connection
        if driver.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            driver.execute("PRAGMA journal_mode = WAL")

    def try_turn(self) -> bool:
        """Take the turn to write among processes, if it is free."""
        return self._turn.try_take()

    def end_turn(self) -> None:
        """Give the turn to write back."""
        self._turn.give_back()

    def after_commit(self, connection: Connection) -> None:
        """Carry the write-ahead log over into the file once it has grown large."""
        try:
            size = os.stat(self._log_path).st_size
        except OSError:
            return
        if size < self._checkpoint_at_bytes or not HAS_LOCKS:
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA busy_timeout = 0")
        try:
            blocked = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error:
            blocked = True  # What was committed is safe in the log; the next commit tries again.
        finally:
            driver.execute(f"PRAGMA busy_timeout = {int(self._lock_wait_seconds * 1000)}")
        # A reader that is still looking at the log keeps it: do not ask again with every commit.
        self._checkpoint_at_bytes = (size if blocked else 0) + _LOG_BYTES_BEFORE_CHECKPOINT

    def close(self) -> None:
        """Let go of the lock's file."""
        self._turn.close()

    def order_commits(self, connection: Connection) -> None:
        """Do nothing: who writes is alone."""

    def listen(self, heard: Callable[[], None], stop: threading.Event) -> None:
        """Do nothing: a file tells nobody that it has changed."""

    def lock_schema(self, connection: Connection) -> None:
        """Do nothing: who writes is alone."""

    def table_names(self, connection: Connection) -> set[str]:
        """Return the names of the tables there are."""
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()
        return {name for name in names if not name.startswith("sqlite_")}

    def size(self, connection: Connection) -> int:
        """Return what the file takes, without its log."""
        pages = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        return int(connection.execute(text(pages)).scalar_one())

    @contextmanager
    def within(self, connection: Connection, seconds: float) -> Iterator[None]:
        """Break off what takes longer: SQLite looks at the clock as it works."""
        driver: Any = connection.connection.driver_connection
        until = driver.until
        driver.until = min(until or math.inf, time.monotonic() + seconds)
        try:
            yield
        finally:
            driver.until = until

    def table_sizes(self, connection: Connection) -> dict[str, TableSize]:
        """Return what each table takes: its rows counted, its pages and those of its indexes summed up."""
        by_table = "SELECT tbl_name, sum(pgsize) AS size FROM dbstat JOIN sqlite_master USING (name) GROUP BY tbl_name"
        try:
            sizes = {row.tbl_name: row.size for row in connection.execute(text(by_table))}
        except OperationalError:  # an SQLite that was built without it
            sizes = {}
        return {
            table.name: TableSize(
                connection.execute(select(func.count()).select_from(table)).scalar() or 0, sizes.get(table.name, 0)
            )
            for table in metadata.sorted_tables
        }

    def back_up(self, engine: Engine, target: Path) -> None:
        """Write all that is committed at this moment to a new SQLite file."""
        try:
            os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise StorageError(f"{target} can't be made: {error.strerror or error}. Name another file.") from error
        try:
            with engine.connect() as connection:
                driver: Any = connection.connection.driver_connection
                driver.execute("VACUUM INTO ?", (str(target),))
        except BaseException:
            os.unlink(target)
            raise

    def now(self, connection: Connection) -> datetime:
        """Return the present instant: the file's clock is the one of this machine."""
        return clock.now()

    def insert(self, table: Table) -> Any:
        """Return an insert that knows what to do on a conflict."""
        return insert(table)

    def contains(self, column: Column[str], text: str) -> ColumnElement[bool]:
        """Return the condition that `column` contains `text`; SQLite's LIKE folds the case of ASCII only."""
        if text.isascii():
            return column.ilike(f"%{_escaped(text)}%", escape="\\")
        found: ColumnElement[bool] = func.penstock_contains(column, text.casefold())
        return found

    def has_value(self, column: Column[Any], name: str, value: str) -> ColumnElement[bool]:
        """Return the condition that an object has a value; most that don't name it are told by their text."""
        json = type_coerce(column, Text())
        found: ColumnElement[bool] = func.penstock_has_value(json, name, value)
        return and_(func.instr(json, encode_json(name)) > 0, found)

    def stretch_of(self, column: ColumnElement[datetime], since: datetime, width: timedelta) -> ColumnElement[int]:
        """Return the number of a stretch of time: instants are integers."""
        passed = type_coerce(column, BigInteger) - to_microseconds(since)
        return passed // (width // timedelta(microseconds=1))

    def edge_of(self, number: ColumnElement[int], since: datetime, width: timedelta) -> ColumnElement[datetime]:
        """Return the beginning of a stretch of time, an integer too."""
        edge = to_microseconds(since) + type_coerce(number, BigInteger) * (width // timedelta(microseconds=1))
        return type_coerce(edge, Instant())

    def unindexed(self, column: Column[Any]) -> ColumnElement[Any]:
        """Return `column` as an expression: for the sake of an equality SQLite gives an order up, and sorts all there is."""
        return column + 0

    def storage_error(self, error: BaseException) -> StorageError | None:
        """Return what `error` means to a user."""
        cause = getattr(error, "orig", None) or error
        if isinstance(cause, sqlite3.Error):
            if getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                return sqlite_errors.too_slow(self.path, self._statement_timeout_seconds)
            return sqlite_errors.of_driver(cause, self.path, self._busy_timeout_seconds)
        if isinstance(cause, OSError):
            return sqlite_errors.of_system(cause, self.path)
        if isinstance(cause, PoolTimeoutError):
            return sqlite_errors.crowded(self.path, _READERS_AT_MOST)
        return None

    def busy(self, seconds: float) -> StorageBusy:
        """Return the error for a file that others kept locked for `seconds`."""
        return sqlite_errors.busy(self.path, seconds)

    def too_new(self, revision: str, known: str) -> StorageError:
        """Return the error for a file of a later schema."""
        return StorageTooNew(
            f"The database {self.path} was written by a newer Penstock: its schema is {revision!r}, and this version "
            f"knows up to {known!r}. Upgrade Penstock, or set PENSTOCK_DATABASE_URL to another file."
        )

    def not_ours(self, tables: set[str]) -> StorageError:
        """Return the error for a file of some other program."""
        some = ", ".join(sorted(tables)[:3])
        return StorageError(
            f"The database {self.path} belongs to another program: it holds tables ({some}) but no Penstock schema. "
            f"Set PENSTOCK_DATABASE_URL to a file of its own."
        )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _contains(text: str | None, folded: str) -> bool:
    return text is not None and folded in text.casefold()
