"""Work pools, their queues, and who works for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table

from penstock.server.database.tables.columns import TEXT, metadata
from penstock.server.database.types import Instant, Json

work_pools = Table(
    "work_pools",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("name", TEXT, primary_key=True),
    Column("type", TEXT, nullable=False),
    Column("description", TEXT),
    Column("base_job_template", Json(dict[str, Any])),
    Column("concurrency_limit", Integer),
    Column("paused", Boolean, nullable=False),
    # What was told last: whether a worker of it lives.
    Column("ready", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
)

work_queues = Table(
    "work_queues",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("pool_name", TEXT, primary_key=True),
    Column("name", TEXT, primary_key=True),
    Column("priority", Integer, nullable=False),
    Column("description", TEXT),
    Column("concurrency_limit", Integer),
    Column("paused", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
    Column("last_polled", Instant),
)

workers = Table(
    "workers",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", TEXT, primary_key=True),
    Column("name", TEXT, nullable=False),
    Column("type", TEXT, nullable=False),
    Column("pool_name", TEXT),
    Column("deployment_ids", Json(list[UUID])),
    Column("started", Instant, nullable=False),
    Column("last_heartbeat", Instant, nullable=False),
    Column("heartbeat_seconds", Float, nullable=False),
    # Without a word by then it counts as gone; `gone` says whether that was told.
    Column("alive_until", Instant, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("draining", Boolean, nullable=False),
    Column("hostname", TEXT, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("version", TEXT, nullable=False),
    Column("running", Integer, nullable=False),
    Index("ix_workers_heartbeat", "workspace_id", "last_heartbeat", "id"),
    Index("ix_workers_pool", "workspace_id", "pool_name", "alive_until"),
)
