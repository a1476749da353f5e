"""Flow runs that are being deleted: out of every list at once, noted until nothing is left of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select

from penstock.server.context import Context
from penstock.server.database.tables import deletions, flow_run_tags, flow_runs
from penstock.server.services.bulk import audit
from penstock.server.services.deletion.budget import delete_tags
from penstock.server.services.events.states import tell_deletion


def begin(ids: list[UUID], action: str, request: Any, context: Context) -> UUID:
    """Begin to delete flow runs; return the id of the audit's line of it, which counts what goes.

    Parameters:
        ids: which, kept from others.
        action: the name of the operation.
        request: what was asked for.
        context: of the write.
    """
    line_id = audit.record(action, 0, request, context)
    mark(ids, line_id, context)
    return line_id


def mark(ids: list[UUID], audit_id: UUID, context: Context) -> None:
    """Take flow runs out, note that they are being deleted, and tell it.

    Parameters:
        ids: which, kept from others; at most some hundreds.
        audit_id: the line of the audit that counts them.
        context: of the write.
    """
    if not ids:
        return
    delete_tags(flow_run_tags.c.flow_run_id, ids, context)
    mine = flow_runs.c.workspace_id == context.workspace_id
    context.connection.execute(delete(flow_runs).where(mine, flow_runs.c.id.in_(ids)))
    common = {"workspace_id": context.workspace_id, "audit_id": audit_id, "is_searched": False}
    context.connection.execute(context.dialect.insert_new(deletions), [common | {"flow_run_id": one} for one in ids])
    audit.count_more(audit_id, len(ids), context)
    for flow_run_id in ids:
        tell_deletion(flow_run_id, context)
    context.outbox.gone += [context.dialect.bind_id(flow_run_id) for flow_run_id in ids]


def is_marked(flow_run_id: UUID, context: Context) -> bool:
    """Whether a flow run is being deleted."""
    its = deletions.c.workspace_id == context.workspace_id, deletions.c.flow_run_id == flow_run_id
    return bool(context.connection.execute(select(exists().where(*its))).scalar())
