"""Sessions: begun by a key, found by the hash of what the browser shows, ended by whoever holds them, and bounded."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, insert, select

from penstock.server.context import Context
from penstock.server.database.tables import sessions
from penstock.server.services.bulk import audit

LIFE = timedelta(days=7)
"""For how long a session is good."""

MOST = 1_000
"""How many sessions there are at most; the oldest end when there would be more."""


def begin(digest: bytes, context: Context) -> None:
    """Begin a session of the principal of the context, and forget those whose time is over.

    Parameters:
        digest: of what the browser shows.
        context: of the request.
    """
    now = context.now()
    here = sessions.c.workspace_id == context.workspace_id
    context.connection.execute(delete(sessions).where(here, sessions.c.expires <= now))
    newest = select(sessions.c.digest).where(here).order_by(sessions.c.created.desc()).limit(MOST - 1)
    kept = list(context.connection.execute(newest).scalars())
    if len(kept) == MOST - 1:
        context.connection.execute(delete(sessions).where(here, sessions.c.digest.not_in(kept)))
    values = {
        "workspace_id": context.workspace_id,
        "digest": digest,
        "principal": context.principal.name,
        "created": now,
        "expires": now + LIFE,
    }
    context.connection.execute(insert(sessions).values(values))
    audit.record("sessions.begin", 1, None, context)


def is_good(digest: bytes, context: Context) -> bool:
    """Whether there is such a session, and its time is not over."""
    its = sessions.c.workspace_id == context.workspace_id, sessions.c.digest == digest
    expires = context.connection.execute(select(sessions.c.expires).where(*its)).scalar()
    return expires is not None and expires > context.now()


def end(digest: bytes, context: Context) -> None:
    """End a session, wherever it is shown from now on."""
    its = sessions.c.workspace_id == context.workspace_id, sessions.c.digest == digest
    ended = context.connection.execute(delete(sessions).where(*its)).rowcount
    if ended:
        audit.record("sessions.end", ended, None, context)
