"""What a transaction writes last: rows that are numbered in the order of the commits.

A reader follows them by their number, so no number may become visible after a greater one was read. SQLite has one writer;
PostgreSQL gives numbers out as they are asked for, whoever commits first. There a lock is taken, as the very last thing
before the commit, and held until it is done: docs/design/decisions/0012 says why.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select

from penstock.server.database.dialect import Dialect
from penstock.server.database.tables import events, logs, task_run_changes

Row = tuple[Any, ...]

CHANGES_KEPT = 20_000
"""How many rows of changes a reader may be behind before it has to look at everything anew."""

RUNS_IN_CHANGE = 200
"""The most task runs that one row of changes names."""

_IN_OUTBOX = "penstock_outbox"


class Outbox:
    """The rows that one transaction writes last.

    Attributes:
        events: rows of events.
        lines: rows of log lines.
        changes: rows that say which task runs were written.
        gone: flow runs that the transaction deleted, as the driver takes ids: their lines are not written.
    """

    def __init__(self) -> None:
        self.events: list[Row] = []
        self.lines: list[Row] = []
        self.changes: list[Row] = []
        self.gone: list[Any] = []

    def mark(self) -> tuple[int, ...]:
        """Return where it ends now."""
        return len(self.events), len(self.lines), len(self.changes), len(self.gone)

    def cut(self, mark: tuple[int, ...]) -> None:
        """Take out what came after `mark`."""
        for kept, length in zip((self.events, self.lines, self.changes, self.gone), mark, strict=True):
            del kept[length:]

    def __bool__(self) -> bool:
        return bool(self.events or self.lines or self.changes)

    def note_task_runs(self, workspace_id: int, flow_run_id: UUID | None, ids: list[UUID], dialect: Dialect) -> None:
        """Note that task runs were written.

        Parameters:
            workspace_id: where they are.
            flow_run_id: whose they are.
            ids: their ids.
            dialect: of the database.
        """
        flow_run = None if flow_run_id is None else dialect.bind_id(flow_run_id)
        for first in range(0, len(ids), RUNS_IN_CHANGE):
            packed = b"".join([one.bytes for one in ids[first : first + RUNS_IN_CHANGE]])
            self.changes.append((workspace_id, flow_run, packed))

    def write(self, connection: Connection, dialect: Dialect) -> None:
        """Write the rows. Nothing may be written after them in the transaction."""
        if not self:
            return
        dialect.order_commits(connection)
        _insert(events, self.events, connection, dialect)
        _insert(logs, self._lines_of_the_living(), connection, dialect)
        if self.changes:
            _insert(task_run_changes, self.changes, connection, dialect)
            newest = connection.execute(_NEWEST_CHANGE).scalar() or 0
            connection.execute(_OLD_CHANGES, {"last": newest - CHANGES_KEPT})

    def _lines_of_the_living(self) -> list[Row]:
        if not self.gone:
            return self.lines
        gone = set(self.gone)
        return [row for row in self.lines if row[_FLOW_RUN_OF_LINE] not in gone]


_NEWEST_CHANGE = select(func.max(task_run_changes.c.position))

_OLD_CHANGES = delete(task_run_changes).where(task_run_changes.c.position <= bindparam("last"))

_statements: dict[tuple[str, str], str] = {}


def _insert(table: Table, rows: list[Row], connection: Connection, dialect: Dialect) -> None:
    if not rows:
        return
    key = connection.dialect.name, table.name
    statement = _statements.get(key)
    if statement is None:
        columns = columns_of(table)
        made = dialect.insert(table).on_conflict_do_nothing() if table is events else insert(table)
        compiled = made.compile(dialect=connection.dialect, column_keys=columns)
        if tuple(compiled.positiontup or ()) != columns:
            raise AssertionError(f"The rows of {table.name} are not in the order of their statement.")
        statement = _statements[key] = str(compiled)
    connection.exec_driver_sql(statement, rows)


def columns_of(table: Table) -> tuple[str, ...]:
    """Return the columns of a row of `table`: all but its number."""
    return tuple(column.name for column in table.c if not column.primary_key)


_FLOW_RUN_OF_LINE = columns_of(logs).index("flow_run_id")


def begin(connection: Connection) -> Outbox:
    """Return a new outbox, the one of the transaction that begins on `connection`."""
    outbox = connection.info[_IN_OUTBOX] = Outbox()
    return outbox


def outbox_of(connection: Connection) -> Outbox:
    """Return the outbox of the transaction on `connection`, which may write."""
    outbox: Outbox = connection.info[_IN_OUTBOX]
    return outbox
