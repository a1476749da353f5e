"""The audit: who did what to how many, written with what was done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from penstock.core.ids import uuid7
from penstock.server.context import Context
from penstock.server.database.tables import audit
from penstock.server.pages import page_of, split_page
from penstock.wire.bulk import AuditLine, AuditPage, AuditQuery


def record(action: str, affected: int, details: Any, context: Context) -> UUID:
    """Write down what is done in this transaction; return the id of the line.

    Parameters:
        action: the name of the operation.
        affected: how many objects it touched.
        details: what was asked for; a request is bounded, so this is.
        context: of the request.
    """
    line_id = uuid7()
    values = {
        "workspace_id": context.workspace_id,
        "id": line_id,
        "occurred": context.now(),
        "principal": context.principal.name,
        "action": action,
        "affected": affected,
        "details": msgspec.to_builtins(details),
    }
    context.connection.execute(insert(audit), values)
    return line_id


def count_more(line_id: UUID, affected: int, context: Context) -> None:
    """Count further objects that what a line tells of has touched."""
    its = audit.c.workspace_id == context.workspace_id, audit.c.id == line_id
    context.connection.execute(update(audit).where(*its).values(affected=audit.c.affected + affected))


def affected_by(line_id: UUID, context: Context) -> int:
    """Return how many objects a line tells of; 0 where it is kept no longer."""
    its = audit.c.workspace_id == context.workspace_id, audit.c.id == line_id
    return context.connection.execute(select(audit.c.affected).where(*its)).scalar() or 0


def list_(query: AuditQuery, context: Context) -> AuditPage:
    """Return a page of the audit, newest first."""
    keys = [audit.c.id]
    statement = select(audit).where(audit.c.workspace_id == context.workspace_id)
    page = page_of(statement, keys, query.after, query.limit, descending=True)
    rows, following = split_page(context.connection.execute(page).all(), keys, query.limit)
    lines = [
        AuditLine(row.id, row.occurred, row.principal, row.action, row.affected, row.details or {}) for row in rows
    ]
    return AuditPage(lines, following)
