"""What a server is, what its database holds, and how long it keeps that."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, cast

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from penstock.core.errors import StorageBusy
from penstock.core.version import __version__
from penstock.server.context import Context
from penstock.server.database.tables import schema_version
from penstock.wire.servers.info import DatabaseInfo, ReadInfo, Retention, ServerInfo, TableLine

if TYPE_CHECKING:
    from penstock.wire.servers.info import DatabaseKind

MEASURED_SECONDS = 2.0
"""For how long a database is looked at to find what takes space."""


def read(request: ReadInfo, context: Context) -> ServerInfo:
    """Return what the server is: its version, its database and what takes space there, and how long things are kept.

    A database that is so large that measuring its tables takes seconds is measured as a whole alone.
    """
    connection, dialect = context.connection, context.dialect
    database = DatabaseInfo(
        kind=cast("DatabaseKind", connection.dialect.name),
        place=dialect.place,
        revision=str(connection.execute(select(schema_version.c.version_num)).scalar_one()),
        bytes=dialect.size(connection),
        tables=_tables(context),
    )
    return ServerInfo(__version__, context.now(), database, Retention(**asdict(context.keeping)))


def _tables(context: Context) -> list[TableLine] | None:
    try:
        with context.dialect.within(context.connection, MEASURED_SECONDS):
            sizes = context.dialect.table_sizes(context.connection)
    except DBAPIError as error:
        if isinstance(context.dialect.storage_error(error), StorageBusy):
            return None
        raise
    lines = [TableLine(str(name), size.rows, size.bytes, size.is_exact) for name, size in sizes.items()]
    return sorted(lines, key=lambda line: (-line.bytes, line.name))
