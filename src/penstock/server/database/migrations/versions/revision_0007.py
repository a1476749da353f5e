"""Flow runs that are being deleted, a little at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "deletions",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("flow_run_id", sa.Uuid, primary_key=True),
        sa.Column("audit_id", sa.Uuid, nullable=False),
        sa.Column("is_searched", sa.Boolean, nullable=False),
    )
    op.create_index("ix_deletions_next", "deletions", ["workspace_id", "is_searched", "flow_run_id"])


def downgrade() -> None:
    """Delete at once what is left of those flow runs, which an earlier version would show; then drop the table."""
    op.execute(
        "DELETE FROM task_run_tags WHERE task_run_id IN (SELECT task_runs.id FROM task_runs JOIN deletions "
        "ON deletions.workspace_id = task_runs.workspace_id AND deletions.flow_run_id = task_runs.flow_run_id)"
    )
    op.execute("DELETE FROM task_runs WHERE flow_run_id IN (SELECT flow_run_id FROM deletions)")
    op.execute("DELETE FROM logs WHERE flow_run_id IN (SELECT flow_run_id FROM deletions)")
    op.drop_table("deletions")
