"""Sessions of people who sign in from a browser."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from penstock.server.database.types import Instant

revision = "0013"
down_revision = "0012"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "sessions",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("principal", TEXT, nullable=False),
        sa.Column("created", Instant, nullable=False),
        sa.Column("expires", Instant, nullable=False),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("sessions")
