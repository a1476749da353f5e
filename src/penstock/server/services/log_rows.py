"""A log line as a row, made by hand: lines come by the thousand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.server.bounds import LOG_LIMIT, NAME_LIMIT, cut
from penstock.server.database.dialect import Dialect
from penstock.wire.logs import LogRecord

LogRow = tuple[Any, ...]

_LEVELS = range(-(2**31), 2**31)


def row_maker(dialect: Dialect, workspace_id: int) -> Callable[[LogRecord], LogRow]:
    """Return the function from a line to its row, in the order of the table's columns.

    Parameters:
        dialect: what the driver takes for ids and instants.
        workspace_id: where the rows go.

    Returns:
        A function; it raises TypeError for a line whose instant has no time zone, ValueError for one of no possible level.
    """
    bind_id, bind_instant = dialect.bind_id, dialect.bind_instant

    def row(line: LogRecord) -> LogRow:
        if line.level not in _LEVELS:
            raise ValueError(f"{line.level} is no level.")
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
