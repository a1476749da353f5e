"""Alembic, driven within a transaction of ours: a step is taken whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from penstock.server.database.tables import schema_version


def steps() -> ScriptDirectory:
    """Return the steps there are."""
    here = Path(__file__).parent
    return ScriptDirectory(str(here), version_locations=[str(here / "versions")])


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring an older schema up to `revision`.

    Parameters:
        connection: in a transaction that may write.
        revision: how far.
    """
    script = steps()
    _run(connection, lambda present, _: script._upgrade_revs(revision, present))


def downgrade(connection: Connection, revision: str) -> None:
    """Bring a schema back to `revision`; what only later ones hold is lost.

    Parameters:
        connection: in a transaction that may write.
        revision: how far; `base` is before the first.
    """
    script = steps()
    _run(connection, lambda present, _: script._downgrade_revs(revision, present))


def _run(connection: Connection, steps_from: Any) -> None:
    options = {"fn": steps_from, "version_table": schema_version.name, "transactional_ddl": True}
    context = MigrationContext.configure(connection, opts=options)
    with Operations.context(context):
        context.run_migrations()
