"""The first tables: of flows, flow runs, task runs, logs and journals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(16).with_variant(sa.String(16, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _make_flows()
    _make_flow_runs()
    _make_task_runs()
    _make_logs()


def downgrade() -> None:
    """Drop the tables."""
    for table in ("journals", "logs", "task_run_tags", "task_runs", "flow_run_tags", "flow_runs", "flows"):
        op.drop_table(table)


def _index(name: str, table: str, *columns: str, where: str | None = None, unique: bool = False) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, list(columns), unique=unique, sqlite_where=condition, postgresql_where=condition)


def _make_flows() -> None:
    op.create_table(
        "flows",
        sa.Column("workspace_id", sa.Integer(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("tags", sa.Text()),
        sa.UniqueConstraint("workspace_id", "name", name="uq_flows_name"),
    )
    op.create_table(
        "flow_run_tags",
        sa.Column("workspace_id", sa.Integer(), primary_key=True),
        sa.Column("tag", TEXT, primary_key=True),
        sa.Column("flow_run_id", sa.Uuid(), primary_key=True),
    )
    _index("ix_flow_run_tags_run", "flow_run_tags", "workspace_id", "flow_run_id")


def _make_flow_runs() -> None:
    op.create_table(
        "flow_runs",
        sa.Column("workspace_id", sa.Integer(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("flow_id", sa.Uuid(), nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("state_type", WORD, nullable=False),
        sa.Column("state_name", TEXT, nullable=False),
        sa.Column("states", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text()),
        sa.Column("tags", sa.Text()),
        sa.Column("run_count", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_owner", TEXT),
        sa.Column("lease_expires", INSTANT),
        sa.Column("parent_flow_run_id", sa.Uuid()),
        sa.Column("parent_task_run_id", sa.Uuid()),
        sa.Column("upstreams", sa.Text()),
        sa.Column("flow_version", TEXT),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("recoveries", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", TEXT),
        sa.Column("expected_start", INSTANT),
        sa.Column("start_time", INSTANT),
        sa.Column("end_time", INSTANT),
        sa.Column("run_seconds", sa.Float(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("result", TEXT),
        sa.Column("verdicts", sa.Text()),
        sa.ForeignKeyConstraint(["workspace_id", "flow_id"], ["flows.workspace_id", "flows.id"]),
    )
    _index(
        "ix_flow_runs_children",
        "flow_runs",
        "workspace_id",
        "parent_flow_run_id",
        "id",
        where="parent_flow_run_id IS NOT NULL",
    )
    _index("ix_flow_runs_flow", "flow_runs", "workspace_id", "flow_id", "id")
    _index("ix_flow_runs_live", "flow_runs", "workspace_id", "lease_expires", where="lease_expires IS NOT NULL")
    _index("ix_flow_runs_name", "flow_runs", "workspace_id", "name", "id")
    _index("ix_flow_runs_roots", "flow_runs", "workspace_id", "id", where="parent_flow_run_id IS NULL")
    _index("ix_flow_runs_start", "flow_runs", "workspace_id", "start_time", "id")
    _index("ix_flow_runs_state_name", "flow_runs", "workspace_id", "state_name", "id")
    _index("ix_flow_runs_state_type", "flow_runs", "workspace_id", "state_type", "id")
    _index(
        "uq_flow_runs_idempotency_key",
        "flow_runs",
        "workspace_id",
        "flow_id",
        "idempotency_key",
        unique=True,
        where="idempotency_key IS NOT NULL",
    )


def _make_task_runs() -> None:
    op.create_table(
        "task_runs",
        sa.Column("workspace_id", sa.Integer(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("flow_run_id", sa.Uuid()),
        sa.Column("flow_run_attempt", sa.Integer(), nullable=False),
        sa.Column("parent_task_run_id", sa.Uuid()),
        sa.Column("task_key", TEXT, nullable=False),
        sa.Column("task_name", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("tags", sa.Text()),
        sa.Column("upstreams", sa.Text()),
        sa.Column("state_type", WORD, nullable=False),
        sa.Column("state_name", TEXT, nullable=False),
        sa.Column("state_count", sa.Integer(), nullable=False),
        sa.Column("states", sa.Text(), nullable=False),
        sa.Column("run_count", sa.Integer(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("start_time", INSTANT),
        sa.Column("end_time", INSTANT),
        sa.Column("run_seconds", sa.Float(), nullable=False),
        sa.Column("cache_key", TEXT),
        sa.Column("result", TEXT),
        sa.Column("error", sa.Text()),
        sa.Column("owner", TEXT),
    )
    _index("ix_task_runs_flow_run", "task_runs", "workspace_id", "flow_run_id", "id", "state_type")
    _index("ix_task_runs_owner", "task_runs", "workspace_id", "owner", where="owner IS NOT NULL")
    _index("ix_task_runs_start", "task_runs", "workspace_id", "start_time", "id")
    _index(
        "ix_task_runs_state_name", "task_runs", "workspace_id", "state_name", "id", where="state_name <> 'Completed'"
    )
    _index(
        "ix_task_runs_state_type", "task_runs", "workspace_id", "state_type", "id", where="state_type <> 'COMPLETED'"
    )
    _index("ix_task_runs_task", "task_runs", "workspace_id", "task_key", "id")
    op.create_table(
        "task_run_tags",
        sa.Column("workspace_id", sa.Integer(), primary_key=True),
        sa.Column("tag", TEXT, primary_key=True),
        sa.Column("task_run_id", sa.Uuid(), primary_key=True),
    )
    _index("ix_task_run_tags_run", "task_run_tags", "workspace_id", "task_run_id")


def _make_logs() -> None:
    op.create_table(
        "logs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("timestamp", INSTANT, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("logger", TEXT, nullable=False),
        sa.Column("message", TEXT, nullable=False),
        sa.Column("flow_run_id", sa.Uuid()),
        sa.Column("task_run_id", sa.Uuid()),
        sqlite_autoincrement=True,
    )
    _index("ix_logs_flow_run", "logs", "workspace_id", "flow_run_id", "id", where="flow_run_id IS NOT NULL")
    _index("ix_logs_task_run", "logs", "workspace_id", "task_run_id", "id", where="task_run_id IS NOT NULL")
    _index("ix_logs_time", "logs", "workspace_id", "timestamp", "id")
    op.create_table(
        "journals",
        sa.Column("workspace_id", sa.Integer(), primary_key=True),
        sa.Column("owner", TEXT, primary_key=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("updated", INSTANT, nullable=False),
    )
