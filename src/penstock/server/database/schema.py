"""Which tables a database has: made when it is new, brought up when it is old, refused when it is of a later version."""

from __future__ import annotations

from enum import Enum, auto

from sqlalchemy import Connection, insert, select, text

from penstock.core.errors import InvalidRequest
from penstock.server.database.dialect import Dialect
from penstock.server.database.tables import flow_runs, metadata, schema_version

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013")
"""The schemas there have been, oldest first: the steps in `migrations`, known here without loading them."""

REVISION = REVISIONS[-1]
"""The schema this version writes."""


class Standing(Enum):
    """How a database's schema stands to ours."""

    NEW = auto()
    OLD = auto()
    CURRENT = auto()


def standing(connection: Connection, dialect: Dialect) -> Standing:
    """Return how the schema stands to ours.

    Raises:
        StorageTooNew: it is of a later version.
        StorageError: it is of another program.
    """
    revision = revision_of(connection, dialect)
    if revision is None:
        return Standing.NEW
    if revision not in REVISIONS:
        raise dialect.too_new(revision, REVISION)
    return Standing.CURRENT if revision == REVISION else Standing.OLD


def revision_of(connection: Connection, dialect: Dialect) -> str | None:
    """Return the revision that the database says it has; None where it is new.

    Raises:
        StorageError: its tables are those of another program.
    """
    tables = dialect.table_names(connection)
    if not tables:
        return None
    if not {schema_version.name, flow_runs.name} <= tables:
        raise dialect.not_ours(tables)
    return str(connection.execute(select(schema_version.c.version_num)).scalar())


def bring_up(connection: Connection, dialect: Dialect) -> None:
    """Make the tables or bring them up, unless another process has done it since we looked.

    Parameters:
        connection: in a transaction that may write.
        dialect: of the database.
    """
    dialect.lock_schema(connection)
    found = standing(connection, dialect)
    if found is Standing.NEW:
        make(connection)
    elif found is Standing.OLD:
        # Only here, as nearly every start finds a schema that is current or new.
        from penstock.server.database.migrations import running

        running.upgrade(connection)


def make(connection: Connection) -> None:
    """Make the tables where there are none."""
    _say_conditions(connection.dialect.name)
    metadata.create_all(connection, tables=[*metadata.tables.values()], checkfirst=False)
    connection.execute(insert(schema_version).values(version_num=REVISION))


def remake(connection: Connection, dialect: Dialect) -> None:
    """Drop our tables with all that is in them, and make them anew.

    Parameters:
        connection: in a transaction that may write.
        dialect: of the database.

    Raises:
        StorageError: they are those of another program.
    """
    if revision_of(connection, dialect) is not None:
        metadata.drop_all(connection)
    make(connection)


def take_back(connection: Connection, dialect: Dialect, revision: str) -> None:
    """Bring the schema back to an earlier one; what only later ones hold is lost.

    Parameters:
        connection: in a transaction that may write.
        dialect: of the database.
        revision: which.

    Raises:
        StorageError: the database is of another program, or of a later version.
        InvalidRequest: its schema is not later than that.
    """
    from penstock.server.database.migrations import running

    present = revision_of(connection, dialect)
    if present is not None and present not in REVISIONS:
        raise dialect.too_new(present, REVISION)
    if present is None or revision not in REVISIONS or present <= revision:
        raise InvalidRequest(
            f"The database {dialect.place} has schema {present or 'none'}, which can't be taken back to {revision}. There have "
            f"been {', '.join(REVISIONS)}."
        )
    running.downgrade(connection, revision)


def _say_conditions(kind: str) -> None:
    for table in metadata.tables.values():
        for index in table.indexes:
            if "where" in index.info:
                index.dialect_options[kind]["where"] = text(index.info["where"])
