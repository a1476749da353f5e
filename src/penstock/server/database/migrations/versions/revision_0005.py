"""A run's task runs are counted by their state without a look at those that completed, which are nearly all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NOT_COMPLETED = sa.text("state_type <> 'COMPLETED'")


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_task_runs_counts",
        "task_runs",
        ["workspace_id", "flow_run_id", "state_type"],
        sqlite_where=NOT_COMPLETED,
        postgresql_where=NOT_COMPLETED,
    )


def downgrade() -> None:
    """Drop the index."""
    op.drop_index("ix_task_runs_counts", "task_runs")
