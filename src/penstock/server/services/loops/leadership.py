"""Which of the servers on a database leads: a row of the database says so, for a few seconds at a time.

A row, and not a lock of a session: that would not outlive a pooler that gives each transaction another session.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, select, update

from penstock.server.context import Context
from penstock.server.database.tables import SERVERS_WORKSPACE, leaders
from penstock.server.rules.leadership import Held, Term, decide

_NAME = "loops"
_IS_IT = leaders.c.workspace_id == SERVERS_WORKSPACE, leaders.c.name == _NAME


def held(context: Context) -> Held | None:
    """Return who leads, or led last."""
    return _held(context, select(leaders).where(*_IS_IT))


def take(server: str, lease: timedelta, context: Context) -> Term | None:
    """Make `server` the leader, or let it lead for longer; return None where another leads.

    Parameters:
        server: who asks; a new name with every start.
        lease: for how long it leads, unless it asks again.
        context: of the write.
    """
    present = _held(context, select(leaders).where(*_IS_IT).with_for_update())
    term = decide(present, server, context.now(), lease, alone=not context.dialect.is_shared)
    if term is None:
        return None
    values = {"holder": server, "since": term.since, "expires": term.expires}
    if present is not None:
        context.connection.execute(update(leaders).where(*_IS_IT).values(values))
        return term
    key = {"workspace_id": SERVERS_WORKSPACE, "name": _NAME}
    made = context.connection.execute(context.dialect.insert_new(leaders), {**key, **values})
    return term if made.rowcount else None


def release(server: str, context: Context) -> None:
    """Have another server lead at once, where `server` does."""
    context.connection.execute(delete(leaders).where(*_IS_IT, leaders.c.holder == server))


def _held(context: Context, statement: Select[Any]) -> Held | None:
    row = context.connection.execute(statement).first()
    return None if row is None else Held(row.holder, row.since, row.expires)
