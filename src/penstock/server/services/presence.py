"""Processes that run tasks outside of flows: no flow run of theirs has a lease, so they say themselves that they live."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from penstock.server.context import Context
from penstock.server.database.tables import journals

if TYPE_CHECKING:
    from penstock.server.services.leases import HeldRun

SILENCE = timedelta(seconds=45)
"""After how long a process that said nothing counts as gone: as long as a lease."""

_PER_STATEMENT = 400


_PRESENT = "present:"
"""Marks the rows of processes that report to a server: only they say regularly that they live."""


def note(owner: str, context: Context) -> None:
    """Note that the process `owner` lives."""
    values = {"updated": context.now()}
    context.connection.execute(
        context.dialect.insert(journals).on_conflict_do_update(index_elements=["workspace_id", "owner"], set_=values),
        {"workspace_id": context.workspace_id, "owner": _PRESENT + owner, "number": 0, "fingerprint": "", **values},
    )


def with_leases(held: list[HeldRun], context: Context) -> list[HeldRun]:
    """Return `held`; a run outside of flows has a lease by what its process last said of itself, if it did."""
    owners = sorted({_PRESENT + run.owner for run in held if run.expires is None})
    heard: dict[str, datetime] = {}
    for first in range(0, len(owners), _PER_STATEMENT):
        rows = context.connection.execute(
            select(journals.c.owner, journals.c.updated).where(
                journals.c.workspace_id == context.workspace_id,
                journals.c.owner.in_(owners[first : first + _PER_STATEMENT]),
            )
        )
        heard |= {owner.removeprefix(_PRESENT): updated for owner, updated in rows}
    return [
        replace(run, expires=heard[run.owner] + SILENCE) if run.expires is None and run.owner in heard else run
        for run in held
    ]
