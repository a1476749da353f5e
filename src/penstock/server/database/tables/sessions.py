"""Sessions of people who signed in from a browser."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, Table

from penstock.server.database.tables.columns import TEXT, metadata
from penstock.server.database.types import Instant

sessions = Table(
    "sessions",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    # A keyed hash of what the browser shows, which is kept nowhere: who reads the table can't sign in with it.
    Column("digest", LargeBinary, primary_key=True),
    Column("principal", TEXT, nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
)
