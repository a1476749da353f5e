"""The audit; and the states of runs in the index by their start, so that they are counted over time by it alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from penstock.server.database.types import Instant, Json

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table, and the index anew."""
    op.create_table(
        "audit",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("occurred", Instant, nullable=False),
        sa.Column("principal", TEXT, nullable=False),
        sa.Column("action", TEXT, nullable=False),
        sa.Column("affected", sa.Integer, nullable=False),
        sa.Column("details", Json()),
    )
    op.drop_index("ix_flow_runs_start", "flow_runs")
    op.create_index("ix_flow_runs_start", "flow_runs", ["workspace_id", "start_time", "id", "state_type"])


def downgrade() -> None:
    """Drop the table, and make the index as it was."""
    op.drop_index("ix_flow_runs_start", "flow_runs")
    op.create_index("ix_flow_runs_start", "flow_runs", ["workspace_id", "start_time", "id"])
    op.drop_table("audit")
