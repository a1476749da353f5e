"""One of several servers leads, and says what its loops do; a run does not stay Pending or Cancelling for ever."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from penstock.core import clock
from penstock.server.database.types import Instant

revision = "0008"
down_revision = "0007"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WAITING = sa.text("waiting_since IS NOT NULL")
FLOW_RUNS = sa.table("flow_runs", sa.column("state_type"), sa.column("waiting_since", Instant))


def upgrade() -> None:
    """Make the tables; what waits now counts from now."""
    op.create_table(
        "leaders",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("expires", Instant, nullable=False),
    )
    op.create_table(
        "loops",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("name", TEXT, primary_key=True),
        sa.Column("interval_seconds", sa.Float, nullable=False),
        sa.Column("is_running", sa.Boolean, nullable=False),
        sa.Column("last_begun", Instant),
        sa.Column("last_seconds", sa.Float, nullable=False),
        sa.Column("lag_seconds", sa.Float, nullable=False),
        sa.Column("runs", sa.BigInteger, nullable=False),
        sa.Column("failures", sa.BigInteger, nullable=False),
        sa.Column("error", TEXT),
    )
    op.add_column("flow_runs", sa.Column("waiting_since", Instant))
    op.get_bind().execute(
        sa.update(FLOW_RUNS)
        .where(FLOW_RUNS.c.state_type.in_(["PENDING", "CANCELLING"]))
        .values(waiting_since=clock.now())
    )
    op.create_index(
        "ix_flow_runs_waiting",
        "flow_runs",
        ["workspace_id", "waiting_since", "id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    """Drop the tables, the index and the column."""
    op.drop_index("ix_flow_runs_waiting", "flow_runs")
    op.drop_column("flow_runs", "waiting_since")
    op.drop_table("loops")
    op.drop_table("leaders")
