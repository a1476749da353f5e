"""Events, and which task runs were written when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from penstock.server.database.types import Instant, Json

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "events",
        sa.Column("position", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("workspace_id", sa.Integer, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("occurred", Instant, nullable=False),
        sa.Column("event", TEXT, nullable=False),
        sa.Column("resource_id", TEXT, nullable=False),
        sa.Column("resource", Json(), nullable=False),
        sa.Column("related", Json()),
        sa.Column("payload", Json()),
        sa.Column("follows", sa.Uuid),
        sa.UniqueConstraint("workspace_id", "id", name="uq_events_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_occurred", "events", ["workspace_id", "occurred", "position"])
    op.create_index("ix_events_event", "events", ["workspace_id", "event", "position"])
    op.create_index("ix_events_resource", "events", ["workspace_id", "resource_id", "position"])
    op.create_table(
        "task_run_changes",
        sa.Column("position", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("workspace_id", sa.Integer, nullable=False),
        sa.Column("flow_run_id", sa.Uuid),
        sa.Column("task_run_ids", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("task_run_changes")
    op.drop_table("events")
