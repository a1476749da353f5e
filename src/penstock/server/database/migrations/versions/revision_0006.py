"""Deployments, their versions, schedules and backfills; work pools, queues and workers; and what runs have of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from penstock.server.database.types import Instant, Json

revision = "0006"
down_revision = "0005"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(16).with_variant(sa.String(16, collation="C"), "postgresql")

NEW_IN_FLOW_RUNS: dict[str, Any] = {
    "deployment_id": sa.Uuid(),
    "deployment_version": sa.Integer(),
    "schedule_id": sa.Uuid(),
    "backfill_id": sa.Uuid(),
    "work_pool_name": TEXT,
    "work_queue_name": TEXT,
    "job_variables": Json(),
    "worker_id": TEXT,
    "due": Instant(),
    "late_after_seconds": sa.Float(),
    "late_at": Instant(),
}

INDEXES_OF_FLOW_RUNS = {
    "ix_flow_runs_deployment": (["deployment_id", "id"], "deployment_id IS NOT NULL"),
    "ix_flow_runs_due": (
        ["work_pool_name", "work_queue_name", "due", "id"],
        "state_type = 'SCHEDULED' AND work_pool_name IS NOT NULL",
    ),
    "ix_flow_runs_deployment_due": (
        ["deployment_id", "due", "id"],
        "state_type = 'SCHEDULED' AND deployment_id IS NOT NULL",
    ),
    "ix_flow_runs_pool_slots": (
        ["work_pool_name", "work_queue_name"],
        "lease_expires IS NOT NULL AND work_pool_name IS NOT NULL",
    ),
    "ix_flow_runs_deployment_slots": (["deployment_id"], "lease_expires IS NOT NULL AND deployment_id IS NOT NULL"),
    "ix_flow_runs_worker_slots": (["worker_id"], "lease_expires IS NOT NULL AND worker_id IS NOT NULL"),
    "ix_flow_runs_late": (["late_at", "id"], "state_name = 'Scheduled' AND late_at IS NOT NULL"),
    "ix_flow_runs_schedule": (["schedule_id", "expected_start"], "schedule_id IS NOT NULL"),
    "ix_flow_runs_schedule_open": (
        ["schedule_id", "expected_start", "id"],
        "end_time IS NULL AND schedule_id IS NOT NULL",
    ),
    "ix_flow_runs_backfill": (["backfill_id", "state_type"], "backfill_id IS NOT NULL"),
}


def upgrade() -> None:
    """Make the tables, the columns and the indexes."""
    _make_deployments()
    _make_schedules()
    _make_work()
    for name, kind in NEW_IN_FLOW_RUNS.items():
        op.add_column("flow_runs", sa.Column(name, kind))
    for name, (columns, where) in INDEXES_OF_FLOW_RUNS.items():
        _index(name, "flow_runs", *columns, where=where)


def _make_deployments() -> None:
    op.create_table(
        "deployments",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("flow_id", sa.Uuid, nullable=False),
        sa.Column("flow_name", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("created", Instant, nullable=False),
        sa.Column("updated", Instant, nullable=False),
        sa.Column("version_number", sa.Integer, nullable=False),
        sa.Column("newest_version", sa.Integer, nullable=False),
        sa.Column("spec", Json(), nullable=False),
        sa.Column("tags", Json()),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("work_pool_name", TEXT),
        sa.Column("work_queue_name", TEXT),
        sa.Column("concurrency_limit", sa.Integer),
        sa.Column("last_polled", Instant),
        sa.UniqueConstraint("workspace_id", "flow_name", "name", name="uq_deployments_name"),
    )
    _index("ix_deployments_flow", "deployments", "flow_id", "id")
    _index("ix_deployments_pool", "deployments", "work_pool_name", "id", where="work_pool_name IS NOT NULL")
    op.create_table(
        "deployment_versions",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("deployment_id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("created", Instant, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("note", TEXT),
        sa.Column("spec", Json(), nullable=False),
    )


def _make_schedules() -> None:
    op.create_table(
        "deployment_schedules",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("deployment_id", sa.Uuid, nullable=False),
        sa.Column("slug", TEXT, nullable=False),
        sa.Column("spec", Json(), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created", Instant, nullable=False),
        sa.Column("scheduled_until", Instant),
        sa.Column("look_at", Instant),
        sa.Column("problem", TEXT),
        sa.UniqueConstraint("workspace_id", "deployment_id", "slug", name="uq_deployment_schedules_slug"),
    )
    _index("ix_deployment_schedules_look_at", "deployment_schedules", "look_at", "id", where="look_at IS NOT NULL")
    op.create_table(
        "backfills",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("deployment_id", sa.Uuid, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("created", Instant, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("request", Json(), nullable=False),
        sa.Column("schedule", Json(), nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("made", sa.Integer, nullable=False),
        sa.Column("ended", Instant),
    )
    _index("ix_backfills_deployment", "backfills", "deployment_id", "id")
    _index("ix_backfills_running", "backfills", "id", where="status = 'RUNNING'")


def _make_work() -> None:
    op.create_table(
        "work_pools",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("description", TEXT),
        sa.Column("base_job_template", Json()),
        sa.Column("concurrency_limit", sa.Integer),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("ready", sa.Boolean, nullable=False),
        sa.Column("created", Instant, nullable=False),
        sa.Column("updated", Instant, nullable=False),
    )
    op.create_table(
        "work_queues",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("pool_name", TEXT, primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("description", TEXT),
        sa.Column("concurrency_limit", sa.Integer),
        sa.Column("paused", sa.Boolean, nullable=False),
        sa.Column("created", Instant, nullable=False),
        sa.Column("last_polled", Instant),
    )
    op.create_table(
        "workers",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("type", TEXT, nullable=False),
        sa.Column("pool_name", TEXT),
        sa.Column("deployment_ids", Json()),
        sa.Column("started", Instant, nullable=False),
        sa.Column("last_heartbeat", Instant, nullable=False),
        sa.Column("heartbeat_seconds", sa.Float, nullable=False),
        sa.Column("alive_until", Instant, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.Column("draining", sa.Boolean, nullable=False),
        sa.Column("hostname", TEXT, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("running", sa.Integer, nullable=False),
    )
    _index("ix_workers_heartbeat", "workers", "last_heartbeat", "id")
    _index("ix_workers_pool", "workers", "pool_name", "alive_until")


def _index(name: str, table: str, *columns: str, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, ["workspace_id", *columns], sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    """Drop the indexes, the columns and the tables."""
    for name in INDEXES_OF_FLOW_RUNS:
        op.drop_index(name, "flow_runs")
    for name in NEW_IN_FLOW_RUNS:
        op.drop_column("flow_runs", name)
    for table in (
        "workers",
        "work_queues",
        "work_pools",
        "backfills",
        "deployment_schedules",
        "deployment_versions",
        "deployments",
    ):
        op.drop_table(table)
