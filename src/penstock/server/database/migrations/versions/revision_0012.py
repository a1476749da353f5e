"""Views of lists of runs are kept for everybody in the workspace."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from penstock.server.database.types import Instant

revision = "0012"
down_revision = "0011"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WORD = sa.String(16).with_variant(sa.String(16, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "views",
        sa.Column("workspace_id", sa.Integer, primary_key=True),
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("filter", sa.Text),
        sa.Column("created", Instant, nullable=False),
        sa.Column("updated", Instant, nullable=False),
        sa.UniqueConstraint("workspace_id", "kind", "name", name="uq_views_name"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("views")
