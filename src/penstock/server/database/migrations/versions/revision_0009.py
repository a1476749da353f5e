"""Runs over time are counted by indexes alone, and whether a flow run's task runs have changed is one look at an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

OF_OTHERS = (
    ("ix_flow_runs_start_of_others", "flow_runs", "start_time"),
    ("ix_flow_runs_end_of_others", "flow_runs", "end_time"),
    ("ix_task_runs_start_of_others", "task_runs", "start_time"),
)

OF_A_FLOW_RUN = ["workspace_id", "flow_run_id", "id", "state_type"]


def upgrade() -> None:
    """Make the indexes."""
    for name, table, column in OF_OTHERS:
        where = sa.text(f"{column} IS NOT NULL AND state_type <> 'COMPLETED'")
        columns = ["workspace_id", column, "state_type"]
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_task_run_changes_flow_run", "task_run_changes", ["workspace_id", "flow_run_id", "position"])
    op.drop_index("ix_task_runs_flow_run", "task_runs")
    op.create_index("ix_task_runs_flow_run", "task_runs", [*OF_A_FLOW_RUN, "start_time"])


def downgrade() -> None:
    """Drop the indexes, and make the one as it was."""
    op.drop_index("ix_task_runs_flow_run", "task_runs")
    op.create_index("ix_task_runs_flow_run", "task_runs", OF_A_FLOW_RUN)
    op.drop_index("ix_task_run_changes_flow_run", "task_run_changes")
    for name, table, _ in OF_OTHERS:
        op.drop_index(name, table)
