"""A log line as a row, made by hand: lines come by the thousand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, insert

from penstock.server.bounds import LOG_LIMIT, NAME_LIMIT, cut
from penstock.server.database.dialect import Dialect
from penstock.server.database.tables import logs
from penstock.wire.logs import LogRecord

LogRow = tuple[Any, ...]

_COLUMNS = tuple(column.name for column in logs.c if column.name != "id")


def row_maker(dialect: Dialect, workspace_id: int) -> Callable[[LogRecord], LogRow]:
    """Return the function from a line to its row, in the order of the table's columns.

    Parameters:
        dialect: what the driver takes for ids and instants.
        workspace_id: where the rows go.

    Returns:
        A function; it raises TypeError for a line whose instant has no time zone.
    """
    bind_id, bind_instant = dialect.bind_id, dialect.bind_instant

    def row(line: LogRecord) -> LogRow:
        return (
            workspace_id,
            bind_instant(line.timestamp),
            line.level,
            cut(line.logger, NAME_LIMIT),
            cut(line.message, LOG_LIMIT),
            None if line.flow_run_id is None else bind_id(line.flow_run_id),
            None if line.task_run_id is None else bind_id(line.task_run_id),
        )

    return row


_statements: dict[str, str] = {}


def write_rows(rows: list[LogRow], connection: Connection) -> None:
    """Add lines to the log."""
    if not rows:
        return
    statement = _statements.get(connection.dialect.name)
    if statement is None:
        compiled = insert(logs).compile(dialect=connection.dialect, column_keys=_COLUMNS)
        if tuple(compiled.positiontup or ()) != _COLUMNS:
            raise AssertionError("The rows of log lines are not in the order of their statement.")
        statement = _statements[connection.dialect.name] = str(compiled)
    connection.exec_driver_sql(statement, rows)
