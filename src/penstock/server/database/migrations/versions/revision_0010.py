"""Pauses of flow runs are kept, with what whoever resumes a run is to give, and so is what runs are told while they go on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from penstock.server.database.types import Instant

revision = "0010"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = sa.text("ended IS NULL AND expires IS NOT NULL")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "pauses",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("flow_run_id", sa.Uuid, primary_key=True),
        sa.Column("key", TEXT, primary_key=True),
        sa.Column("opened", Instant, nullable=False),
        sa.Column("expires", Instant),
        sa.Column("input_schema", sa.Text),
        sa.Column("description", TEXT),
        sa.Column("ended", Instant),
        sa.Column("resumed_by", TEXT),
        sa.Column("input", sa.Text),
    )
    columns = ["workspace_id", "expires", "flow_run_id"]
    op.create_index("ix_pauses_expires", "pauses", columns, sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "flow_run_inputs",
        sa.Column("position", NUMBER, primary_key=True, autoincrement=True),
        sa.Column("workspace_id", sa.Integer, nullable=False),
        sa.Column("flow_run_id", sa.Uuid, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("created", Instant, nullable=False),
        sa.Column("sent_by", TEXT, nullable=False),
        sa.Column("sender", TEXT),
        sqlite_autoincrement=True,
    )
    of_a_run = ["workspace_id", "flow_run_id"]
    op.create_index("uq_flow_run_inputs_key", "flow_run_inputs", [*of_a_run, "key"], unique=True)
    op.create_index("ix_flow_run_inputs_flow_run", "flow_run_inputs", [*of_a_run, "position"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("flow_run_inputs")
    op.drop_table("pauses")
