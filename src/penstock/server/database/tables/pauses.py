"""Pauses of flow runs, and what runs are told while they go on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, Table, Uuid

from penstock.server.database.tables.columns import NUMBER, TEXT, metadata, partial
from penstock.server.database.types import Instant, Json

pauses = Table(
    "pauses",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("flow_run_id", Uuid, primary_key=True),
    Column("key", TEXT, primary_key=True),
    Column("opened", Instant, nullable=False),
    # When the run fails unless it was resumed; NULL where it waits for as long as it takes.
    Column("expires", Instant),
    Column("input_schema", Json(dict[str, Any])),
    Column("description", TEXT),
    # When it was over, however; NULL while the run waits.
    Column("ended", Instant),
    Column("resumed_by", TEXT),
    Column("input", Json(dict[str, Any])),
    partial(
        "ix_pauses_expires", "workspace_id", "expires", "flow_run_id", where="ended IS NULL AND expires IS NOT NULL"
    ),
)

flow_run_inputs = Table(
    "flow_run_inputs",
    metadata,
    # Given out while the flow run is locked, so that those of one run are in the order of their commits.
    Column("position", NUMBER, primary_key=True, autoincrement=True),
    Column("workspace_id", Integer, nullable=False),
    Column("flow_run_id", Uuid, nullable=False),
    Column("key", TEXT, nullable=False),
    # In a list: alone, what is empty would be NULL.
    Column("value", Json(list[Any])),
    Column("created", Instant, nullable=False),
    Column("sent_by", TEXT, nullable=False),
    Column("sender", TEXT),
    Index("uq_flow_run_inputs_key", "workspace_id", "flow_run_id", "key", unique=True),
    Index("ix_flow_run_inputs_flow_run", "workspace_id", "flow_run_id", "position"),
    # A position is never used again, so a reader that follows a run's inputs misses nothing after a deletion.
    sqlite_autoincrement=True,
)
