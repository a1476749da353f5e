"""The audit: who did what to how many, written with what was done."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import insert, select

from penstock.core.ids import uuid7
from penstock.server.context import Context
from penstock.server.database.tables import audit
from penstock.server.pages import page_of, split_page
from penstock.wire.bulk import AuditLine, AuditPage, AuditQuery


def record(action: str, affected: int, details: Any, context: Context) -> None:
    """Write down what is done in this transaction.

    Parameters:
        action: the name of the operation.
        affected: how many objects it touched.
        details: what was asked for; a request is bounded, so this is.
        context: of the request.
    """
    values = {
        "workspace_id": context.workspace_id,
        "id": uuid7(),
        "occurred": context.now(),
        "principal": context.principal.name,
        "action": action,
        "affected": affected,
        "details": msgspec.to_builtins(details),
    }
    context.connection.execute(insert(audit), values)


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
