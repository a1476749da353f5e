"""A flow run keeps from where it was retried, and which run it repeats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

COLUMNS = (("anew", sa.Text), ("repeats", sa.Uuid))


def upgrade() -> None:
    """Add the columns."""
    for name, kind in COLUMNS:
        op.add_column("flow_runs", sa.Column(name, kind))


def downgrade() -> None:
    """Drop the columns."""
    for name, _ in COLUMNS:
        op.drop_column("flow_runs", name)
