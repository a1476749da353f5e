"""PostgreSQL: one server, many machines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Interval,
    Table,
    Text,
    case,
    cast,
    collate,
    create_engine,
    event,
    extract,
    false,
    func,
    literal,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.pool import QueuePool

from penstock.core import clock
from penstock.core.errors import ConfigurationError, StorageBusy, StorageError, StorageTooNew
from penstock.core.ids import uuid7
from penstock.server.database.dialect import Dialect, TableSize
from penstock.server.database.dialects import postgresql_backup, postgresql_errors
from penstock.server.database.tables import SERVERS_WORKSPACE, metadata
from penstock.server.database.types import Instant, encode_json
from penstock.settings.table import Database as Settings

OLDEST_VERSION = 140_000
"""The oldest PostgreSQL we run on, as it numbers itself."""

# "pens" in ASCII: what transactions that change the schema agree upon.
_SCHEMA_LOCK = 0x70656E73
_SCHEMA_TIMEOUT_SECONDS = 600

_TIMESTAMP = TIMESTAMP(timezone=True)

# "evnt" in ASCII: what transactions agree upon that number rows.
_ORDER_LOCK = 0x65766E74
_ORDER_COMMITS = (
    f"SELECT pg_advisory_xact_lock({_ORDER_LOCK}, hashtext(current_schema())), pg_notify('penstock', current_schema())"
)
_LISTENING_SECONDS = 1.0

# A peer that is gone without a word is noticed, instead of waited for.
_KEEP_ALIVE = {
    "keepalives": "1",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
    "fallback_application_name": "penstock",
}

# All that a transaction leans on is said when it begins, in one message. So neither a role's defaults nor a pooler that
# gives each transaction another connection can change it. READ COMMITTED sees what others committed before each
# statement, which is what a row locked to be changed must show; a reader sees one moment.
_BEGIN_WRITE = (
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    # An acknowledged commit is on the disk, whatever the role's default.
    "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'",
)
_BEGIN_READ = ("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",)


def _instant(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise TypeError(f"{value.isoformat()} has no time zone.")
    return value


_COUNTED_BYTES = 64 * 1024 * 1024
_TABLE_SIZES = text(
    "SELECT relname, reltuples, pg_total_relation_size(oid) FROM pg_class"
    " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)


# What a writer writes first. It has one row, so a transaction of its that is still under way somewhere is waited for.
_SIGN = (
    "INSERT INTO journals (workspace_id, owner, number, fingerprint, updated) "  # noqa: S608  - all that is put in is ours
    f"VALUES ({SERVERS_WORKSPACE}, '{{writer}}', {{number}}, '', clock_timestamp()) "
    "ON CONFLICT (workspace_id, owner) DO UPDATE SET number = excluded.number, updated = excluded.updated"
)
_LAST_SIGNED = (
    "INSERT INTO journals (workspace_id, owner, number, fingerprint, updated) "  # noqa: S608  - the same
    f"VALUES ({SERVERS_WORKSPACE}, :writer, 0, '', clock_timestamp()) "
    "ON CONFLICT (workspace_id, owner) DO UPDATE SET updated = excluded.updated RETURNING number"
)


class Postgresql(Dialect):
    """A database of a PostgreSQL server.

    Parameters:
        settings: where it is, and how long to wait for it.

    Raises:
        ConfigurationError: the address can't be read.
    """

    bind_id = staticmethod(lambda value: value)
    bind_instant = staticmethod(_instant)
    locks_rows = True
    is_shared = True
    longest_pause_seconds = 0.5

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._address = _read_address(settings.url)
        self.place = _place(self._address)
        self.most_readers = settings.pool_size - 1
        self.retry_seconds = settings.reconnect_timeout_seconds
        self._settings = settings
        self._folding_collation = "default"
        limits = (
            f"SET LOCAL statement_timeout = {_milliseconds(settings.statement_timeout_seconds)}",
            f"SET LOCAL lock_timeout = {_milliseconds(settings.lock_timeout_seconds)}",
            f"SET LOCAL idle_in_transaction_session_timeout = {_milliseconds(settings.statement_timeout_seconds)}",
            "SET LOCAL TimeZone = 'UTC'",
        )
        self._begin_read = "; ".join((*_BEGIN_READ, *limits, "SELECT clock_timestamp()"))
        self._begin_write = "; ".join((*_BEGIN_WRITE, *limits))
        self._writer = f"writer:{uuid7()}"
        self._receipts = count(1)

    def open_engine(self) -> Engine:
        """Return an engine on the database."""
        engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=self._settings.pool_size,
            max_overflow=0,
            pool_timeout=self._settings.lock_timeout_seconds,
            paramstyle="format",
            use_native_hstore=False,
        )
        event.listen(engine, "begin", self._begin)
        return engine

    def _connect(self) -> psycopg.Connection[Any]:
        connection = psycopg.connect(
            **_KEEP_ALIVE
            | {"connect_timeout": str(max(2, round(self._settings.connect_timeout_seconds)))}
            | self._address,
            client_encoding="utf-8",
            autocommit=True,  # `_begin` begins transactions
        )
        try:
            self._look_at(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _look_at(self, connection: psycopg.Connection[Any]) -> None:
        if connection.info.server_version < OLDEST_VERSION:
            raise postgresql_errors.too_old(self.place, connection.info.parameter_status("server_version") or "?")
        row = connection.execute(
            "SELECT pg_backend_pid(), getdatabaseencoding(), (SELECT max(collname) FROM pg_collation"
            " WHERE collname = 'und-x-icu' AND collnamespace = 'pg_catalog'::regnamespace)"
        ).fetchone()
        assert row is not None
        backend, encoding, collation = row
        if encoding != "UTF8":
            raise postgresql_errors.not_utf8(self.place, encoding)
        if backend != connection.info.backend_pid:
            # A pooler stands between: what one connection prepares, the next transaction's need not know.
            connection.prepare_threshold = None
        self._folding_collation = collation or "default"

    def _begin(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
        receipt = None
        statements = self._begin_read
        if options.get("writes", False):
            receipt = None if options.get("changes_schema", False) else str(next(self._receipts))
            statements = self._begin_writing(receipt)
        try:
            cursor = driver.execute(statements.encode(), prepare=False)
            while cursor.nextset():
                pass
            row = cursor.fetchone()
        except BaseException as error:
            if not driver.closed:
                with suppress(psycopg.Error):
                    driver.rollback()  # half a beginning is none: the next attempt begins anew
            if driver.closed:
                connection.invalidate(error)
            raise
        assert row is not None
        connection.info["began"] = (receipt, row[0], clock.current().monotonic())

    def _begin_writing(self, receipt: str | None) -> str:
        statements = [self._begin_write]
        if receipt is not None:
            # In a row of its own, not by the transaction's number: PostgreSQL uses a number again that a crash has lost.
            statements.append(_SIGN.format(writer=self._writer, number=receipt))
        return "; ".join([*statements, "SELECT clock_timestamp()"])

    def has_moved(self) -> bool:
        """Whether another database lies at the address: what matters is in the server, which says so itself."""
        return False

    def prepare(self, connection: Connection) -> None:
        """Do nothing: the database needs no more than its tables."""

    def try_turn(self) -> bool:
        """Return True: writers wait for the rows they change, not for each other."""
        return True

    def end_turn(self) -> None:
        """Do nothing."""

    def after_commit(self, connection: Connection) -> None:
        """Do nothing: the server looks after itself."""

    def close(self) -> None:
        """Do nothing: the engine has closed the connections."""

    def passes(self, error: BaseException) -> bool:
        """Whether `error` is a lost connection, or a transaction that was broken off for the sake of another."""
        return postgresql_errors.passes(_cause(error))

    def receipt(self, connection: Connection) -> str | None:
        """Return the number that the transaction has signed with; one that changes the schema has none: it may be repeated."""
        number: str | None = connection.info["began"][0]
        return number

    def was_committed(self, engine: Engine, receipt: str) -> bool:
        """Whether the transaction of `receipt` was committed; waits while it is under way, or the server is away."""
        until = clock.current().monotonic() + max(self.retry_seconds, 1.0)
        while True:
            try:
                with engine.connect() as connection:
                    connection.execution_options(writes=True, changes_schema=True)
                    with connection.begin():
                        return bool(
                            connection.execute(text(_LAST_SIGNED), {"writer": self._writer}).scalar() == int(receipt)
                        )
            except Exception as error:
                if not self.passes(error):
                    raise
                if clock.current().monotonic() >= until:
                    raise postgresql_errors.in_doubt(self.place) from error
            clock.current().sleep(self.longest_pause_seconds / 10)

    def order_commits(self, connection: Connection) -> None:
        """Wait for others that number rows, keep them out until the transaction ends, and have its end told to them."""
        connection.exec_driver_sql(_ORDER_COMMITS)

    def listen(self, heard: Callable[[], None], stop: threading.Event) -> None:
        """Call `heard` whenever another process has committed something numbered, until `stop` is set."""
        connection = self._connect()
        try:
            connection.execute("LISTEN penstock")
            schema = connection.execute("SELECT current_schema()").fetchone()
            heard()  # what came before this may have been missed
            while not stop.is_set():
                for notice in connection.notifies(timeout=_LISTENING_SECONDS, stop_after=1):
                    if (notice.payload,) == schema:
                        heard()
        finally:
            connection.close()

    def lock_schema(self, connection: Connection) -> None:
        """Wait for others that change the schema, and keep them out until the transaction ends."""
        patience = _milliseconds(_SCHEMA_TIMEOUT_SECONDS)
        for statement in (
            f"SET LOCAL lock_timeout = {patience}",
            f"SET LOCAL statement_timeout = {patience}",
            f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK}, hashtext(current_schema()))",
            f"SET LOCAL lock_timeout = {_milliseconds(self._settings.lock_timeout_seconds)}",
        ):
            connection.exec_driver_sql(statement)

    def table_names(self, connection: Connection) -> set[str]:
        """Return the names of the tables in the schema that ours are made in."""
        schema = connection.execute(text("SELECT current_schema()")).scalar()
        if schema is None:
            raise postgresql_errors.no_schema(self.place)
        return set(
            connection.execute(
                text("SELECT tablename FROM pg_tables WHERE schemaname = :schema"), {"schema": schema}
            ).scalars()
        )

    def size(self, connection: Connection) -> int:
        """Return what our tables take, with their indexes."""
        return sum(size for name, _, size in connection.execute(_TABLE_SIZES) if name in metadata.tables)

    @contextmanager
    def within(self, connection: Connection, seconds: float) -> Iterator[None]:
        """Have the server break off each statement that takes longer; a savepoint keeps the transaction."""
        usual = _milliseconds(self._settings.statement_timeout_seconds)
        with connection.begin_nested():
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {min(_milliseconds(seconds), usual)}")
            yield
            connection.exec_driver_sql(f"SET LOCAL statement_timeout = {usual}")

    def table_sizes(self, connection: Connection) -> dict[str, TableSize]:
        """Return what each table takes: counted where it is small, else as the server last saw it."""
        measured = connection.execute(_TABLE_SIZES).all()
        return {
            name: TableSize(int(rows), size, is_exact=False)
            if rows >= 0 and size > _COUNTED_BYTES
            else TableSize(
                connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar() or 0, size
            )
            for name, rows, size in measured
            if name in metadata.tables
        }

    def back_up(self, engine: Engine, target: Path) -> None:
        """Have `pg_dump` write all that is committed at this moment to a new file, which `pg_restore` reads."""
        with engine.connect() as connection:
            schema: str = connection.execute(text("SELECT current_schema()")).scalar_one()
        postgresql_backup.dump(self._address, schema, target, self.place)

    def now(self, connection: Connection) -> datetime:
        """Return the present instant by the server's clock: read when the transaction began, and carried on from there."""
        if not connection.in_transaction():
            connection.begin()  # nothing was asked yet, so it has no clock
        _, began, monotonic = connection.info["began"]
        passed = clock.current().monotonic() - monotonic
        now: datetime = began + timedelta(seconds=passed)
        return now

    def insert(self, table: Table) -> Any:
        """Return an insert that knows what to do on a conflict."""
        return insert(table)

    def contains(self, column: Column[str], text: str) -> ColumnElement[bool]:
        """Return the condition that `column` contains `text`; our columns' own collation folds the case of ASCII only."""
        pattern = f"%{_pattern(text)}%"
        if text.isascii():
            return column.ilike(pattern, escape="\\")
        return collate(column, self._folding_collation).ilike(literal(pattern, Text()), escape="\\")

    def has_value(self, column: Column[Any], name: str, value: str) -> ColumnElement[bool]:
        """Return the condition that an object has a value.

        What does not look like an object with that name is not read as JSON: most that is spoilt would break the statement
        off. Nor is NUL, which `jsonb` does not take.
        """
        json = type_coerce(column, Text())
        looks_so = json.like("{%" + _pattern(encode_json(name) or "") + ":%}", escape="\\")
        read = cast(func.replace(json, "\\u0000", "\\ufffd"), JSONB)
        wanted = cast(literal(value.replace("\\u0000", "\\ufffd"), Text()), JSONB)
        found: ColumnElement[bool] = read.op("->")(literal(name, Text())) == wanted
        return case((looks_so, found), else_=false())

    def stretch_of(self, column: ColumnElement[datetime], since: datetime, width: timedelta) -> ColumnElement[int]:
        """Return the number of a stretch of time; an interval's seconds are exact numbers."""
        passed = extract("epoch", type_coerce(column, _TIMESTAMP) - literal(since, _TIMESTAMP))
        microseconds = passed * 1_000_000 / literal(width // timedelta(microseconds=1), BigInteger)
        return cast(func.floor(microseconds), BigInteger)

    def edge_of(self, number: ColumnElement[int], since: datetime, width: timedelta) -> ColumnElement[datetime]:
        """Return the beginning of a stretch of time; an interval's microseconds are whole numbers."""
        edge = literal(since, _TIMESTAMP) + number * literal(width, Interval())
        return type_coerce(edge, Instant())

    def storage_error(self, error: BaseException) -> StorageError | None:
        """Return what `error` means to a user."""
        return postgresql_errors.of(_cause(error), self.place, self._settings)

    def busy(self, seconds: float) -> StorageBusy:
        """Return the error for a database that others kept locked for `seconds`."""
        return postgresql_errors.locked(self.place, seconds)

    def crowded(self) -> StorageBusy:
        """Return the error for a process that has all its connections in use."""
        return postgresql_errors.in_use(self.place, self._settings)

    def too_new(self, revision: str, known: str) -> StorageError:
        """Return the error for a database of a later schema."""
        return StorageTooNew(
            f"The database {self.place} was written by a newer Penstock: its schema is {revision!r}, and this version "
            f"knows up to {known!r}. Upgrade Penstock, or set PENSTOCK_DATABASE_URL to another database."
        )

    def not_ours(self, tables: set[str]) -> StorageError:
        """Return the error for a schema that another program uses."""
        some = ", ".join(sorted(tables)[:3])
        return StorageError(
            f"The database {self.place} belongs to another program: it holds tables ({some}) but no Penstock schema. Give "
            f"Penstock a database of its own (CREATE DATABASE penstock), and name it in PENSTOCK_DATABASE_URL."
        )


def _read_address(url: str) -> dict[str, Any]:
    scheme, _, rest = url.partition("://")
    # Not with the driver's words, which may hold a piece of the password.
    unreadable = ConfigurationError(
        "PENSTOCK_DATABASE_URL can't be read as an address of PostgreSQL. Write it as "
        "postgresql://user:password@host:5432/database, with %40 for @, %2F for / and %25 for % in the password."
    )
    try:
        address = dict(conninfo_to_dict(f"{scheme.partition('+')[0].lower()}://{rest}"))
    except psycopg.ProgrammingError:
        raise unreadable from None
    if "@" in str(address.get("dbname") or ""):  # a slash in the password: what follows was taken for the database
        raise unreadable
    return address


def _place(address: dict[str, Any]) -> str:
    user = f"{address['user']}@" if address.get("user") else ""
    port = f":{address['port']}" if address.get("port") else ""
    return f"postgresql://{user}{address.get('host') or ''}{port}/{address.get('dbname') or ''}"


def _pattern(text: str) -> str:
    """Return `text` as LIKE takes it."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))


def _cause(error: BaseException) -> BaseException:
    return getattr(error, "orig", None) or error
