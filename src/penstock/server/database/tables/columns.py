"""Kinds of columns: one for each meaning, so that the hot path and the services read a column the same way."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, MetaData, String, Text

from penstock.server.database.types import Json
from penstock.wire.states import ErrorRecord, StateRecord

metadata = MetaData()

# Compared byte by byte on every kind of database: in the same order everywhere, and after every update of a system's
# collations, which would break PostgreSQL's indexes.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
WORD = String(16).with_variant(String(16, collation="C"), "postgresql")

# SQLite numbers rows by itself only in a column that is called INTEGER.
NUMBER = BigInteger().with_variant(Integer, "sqlite")

STATES = Json(list[StateRecord])
ERROR = Json(ErrorRecord)
TAGS = Json(list[str])
LABELS = Json(dict[str, str])
UPSTREAMS = Json(dict[str, list[UUID]])


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of the rows that meet a condition.

    Parameters:
        name: its name.
        columns: what it is ordered by.
        where: the condition, in SQL that means the same everywhere.
        unique: whether no two of these rows may be alike in `columns`.
    """
    # Said to the kind of database at hand when the table is made: to name a kind here would import its dialect.
    return Index(name, *columns, unique=unique, info={"where": where})
