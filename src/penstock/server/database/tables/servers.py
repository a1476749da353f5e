"""What servers keep of themselves."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, Table

from penstock.server.database.tables.columns import TEXT, metadata
from penstock.server.database.types import Instant

leaders = Table(
    # Which server does what only one of them has to do. A row is held until it expires, by the database's clock.
    "leaders",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("name", TEXT, primary_key=True),
    Column("holder", TEXT, nullable=False),
    Column("since", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
)

loops = Table(
    # What the leader last said of its loops, for whoever asks another server.
    "loops",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("name", TEXT, primary_key=True),
    Column("interval_seconds", Float, nullable=False),
    Column("is_running", Boolean, nullable=False),
    Column("last_begun", Instant),
    Column("last_seconds", Float, nullable=False),
    Column("lag_seconds", Float, nullable=False),
    Column("runs", BigInteger, nullable=False),
    Column("failures", BigInteger, nullable=False),
    # Of the last run, where that failed.
    Column("error", TEXT),
)
