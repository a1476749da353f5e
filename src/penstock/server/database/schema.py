"""Which tables a database has: made when it is new, refused when it is of a later version."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, text

from penstock.server.database.dialect import Dialect
from penstock.server.database.tables import metadata, schema_version

REVISION = "0001"
"""The schema this version writes."""


def is_current(connection: Connection, dialect: Dialect) -> bool:
    """Whether the database has our tables; False where it is new.

    Raises:
        StorageTooNew: it has those of a later version.
        StorageError: it has those of another program.
    """
    tables = dialect.table_names(connection)
    if schema_version.name not in tables:
        if tables:
            raise dialect.not_ours(tables)
        return False
    revision = connection.execute(select(schema_version.c.version_num)).scalar()
    if revision != REVISION:
        raise dialect.too_new(str(revision), REVISION)
    return True


def make(connection: Connection, dialect: Dialect) -> None:
    """Make the tables, unless another process has done it since we looked. Call it in a write transaction."""
    if is_current(connection, dialect):
        return
    for table in metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_options[connection.dialect.name]["where"] = text(index.info["where"])
    metadata.create_all(connection, checkfirst=False)
    connection.execute(insert(schema_version).values(version_num=REVISION))
