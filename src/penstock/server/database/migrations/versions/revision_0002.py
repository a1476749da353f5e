"""Ended runs are found by their age, so that retention need not look at the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

FLOW_RUN_ENDED = sa.text("end_time IS NOT NULL")
TASK_RUN_ALONE = sa.text("flow_run_id IS NULL AND end_time IS NOT NULL")


def upgrade() -> None:
    """Make the indexes."""
    op.create_index(
        "ix_flow_runs_end",
        "flow_runs",
        ["workspace_id", "end_time", "id"],
        sqlite_where=FLOW_RUN_ENDED,
        postgresql_where=FLOW_RUN_ENDED,
    )
    op.create_index(
        "ix_task_runs_alone",
        "task_runs",
        ["workspace_id", "end_time", "id"],
        sqlite_where=TASK_RUN_ALONE,
        postgresql_where=TASK_RUN_ALONE,
    )


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index("ix_task_runs_alone", "task_runs")
    op.drop_index("ix_flow_runs_end", "flow_runs")
