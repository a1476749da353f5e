"""Runs that never began are deleted at once: they called nothing, no task ran in them, and few lines tell of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete

from penstock.server.context import Context
from penstock.server.database.tables import flow_run_inputs, flow_run_tags, flow_runs, logs, pauses
from penstock.server.services.deletion.budget import delete_tags
from penstock.server.services.events.states import tell_deletion

_IDS_PER_STATEMENT = 400


def delete_never_begun(flow_run_ids: list[UUID], context: Context) -> int:
    """Delete flow runs that never began, with what was logged of them; return how many there were.

    Parameters:
        flow_run_ids: which, kept from others.
        context: of the write.
    """
    for first in range(0, len(flow_run_ids), _IDS_PER_STATEMENT):
        ids = flow_run_ids[first : first + _IDS_PER_STATEMENT]
        delete_tags(flow_run_tags.c.flow_run_id, ids, context)
        for column in (logs.c.flow_run_id, flow_run_inputs.c.flow_run_id, pauses.c.flow_run_id, flow_runs.c.id):
            mine = column.table.c.workspace_id == context.workspace_id
            context.connection.execute(delete(column.table).where(mine, column.in_(ids)))
        for flow_run_id in ids:
            tell_deletion(flow_run_id, context)
        context.outbox.gone += [context.dialect.bind_id(flow_run_id) for flow_run_id in ids]
    return len(flow_run_ids)
