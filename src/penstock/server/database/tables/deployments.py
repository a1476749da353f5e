"""Deployments, their versions and schedules, and backfills."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, UniqueConstraint, Uuid

from penstock.server.database.tables.columns import TAGS, TEXT, WORD, metadata, partial
from penstock.server.database.types import Instant, Json
from penstock.wire.deploying.backfills import BackfillCreate
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.deployments import DeploymentSpec

deployments = Table(
    "deployments",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("flow_id", Uuid, nullable=False),
    Column("flow_name", TEXT, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("created", Instant, nullable=False),
    Column("updated", Instant, nullable=False),
    Column("version_number", Integer, nullable=False),
    Column("newest_version", Integer, nullable=False),
    # What the present version says, whole; the columns below repeat what is looked for.
    Column("spec", Json(DeploymentSpec), nullable=False),
    Column("tags", TAGS),
    Column("paused", Boolean, nullable=False),
    Column("work_pool_name", TEXT),
    Column("work_queue_name", TEXT),
    Column("concurrency_limit", Integer),
    Column("last_polled", Instant),
    UniqueConstraint("workspace_id", "flow_name", "name", name="uq_deployments_name"),
    Index("ix_deployments_flow", "workspace_id", "flow_id", "id"),
    partial("ix_deployments_pool", "workspace_id", "work_pool_name", "id", where="work_pool_name IS NOT NULL"),
)

deployment_versions = Table(
    "deployment_versions",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("deployment_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("created", Instant, nullable=False),
    Column("author", TEXT, nullable=False),
    Column("note", TEXT),
    Column("spec", Json(DeploymentSpec), nullable=False),
)

deployment_schedules = Table(
    "deployment_schedules",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("deployment_id", Uuid, nullable=False),
    Column("slug", TEXT, nullable=False),
    Column("spec", Json(ScheduleSpec), nullable=False),
    # Neither it nor its deployment rests.
    Column("active", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
    # For which instants runs have been made or passed over: a scheduler goes on from there.
    Column("scheduled_until", Instant),
    # When to look at it next: it would have nothing to make before. NULL for one that rests.
    Column("look_at", Instant),
    Column("problem", TEXT),
    UniqueConstraint("workspace_id", "deployment_id", "slug", name="uq_deployment_schedules_slug"),
    partial("ix_deployment_schedules_look_at", "workspace_id", "look_at", "id", where="look_at IS NOT NULL"),
)

backfills = Table(
    "backfills",
    metadata,
    Column("workspace_id", Integer, primary_key=True),
    Column("id", Uuid, primary_key=True),
    Column("deployment_id", Uuid, nullable=False),
    Column("status", WORD, nullable=False),
    Column("created", Instant, nullable=False),
    Column("author", TEXT, nullable=False),
    Column("request", Json(BackfillCreate), nullable=False),
    # As it was on the day it was asked for, whatever becomes of it.
    Column("schedule", Json(ScheduleSpec), nullable=False),
    Column("total", Integer, nullable=False),
    # For how many of its instants, from the first one wanted on, runs have been made.
    Column("made", Integer, nullable=False),
    Column("ended", Instant),
    Index("ix_backfills_deployment", "workspace_id", "deployment_id", "id"),
    partial("ix_backfills_running", "workspace_id", "id", where="status = 'RUNNING'"),
)
