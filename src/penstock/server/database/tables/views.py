"""Views of lists that people saved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Integer, Table, UniqueConstraint, Uuid

from penstock.server.database.tables.columns import TEXT, WORD, metadata
from penstock.server.database.types import Instant, Json

views = Table(
    "views",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("kind", WORD, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("filter", Json(dict[str, Any])),
    Column("created", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    UniqueConstraint("workspace_id", "kind", "name", name="uq_views_name"),
)
