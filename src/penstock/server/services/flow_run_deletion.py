"""The deletion of a flow run, with all that belongs to it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Column, ColumnElement, delete, select

from penstock.server.context import Context
from penstock.server.database.tables import flow_run_tags, flow_runs, logs, task_run_tags, task_runs
from penstock.server.services.bulk import audit
from penstock.server.services.events.states import tell_deletion
from penstock.server.services.flow_run_rows import row_to_change
from penstock.wire.requests import ById, Done

_IDS_PER_STATEMENT = 400


def delete_flow_run(request: ById, context: Context) -> Done:
    """Delete a flow run, the flow runs it called, their task runs and their log lines.

    Raises:
        ObjectNotFound: there is no such flow run.
    """
    row_to_change(request.id, context)
    affected = delete_all([request.id], context)
    audit.record("flow_runs.delete", affected, request, context)
    return Done(affected)


def delete_all(flow_run_ids: list[UUID], context: Context) -> int:
    """Delete flow runs with the flow runs they called, their task runs and their log lines; return how many went."""
    ids = sorted(_with_descendants(flow_run_ids, context))  # locked in the order that all lock in
    for first in range(0, len(ids), _IDS_PER_STATEMENT):
        _delete_all_of(ids[first : first + _IDS_PER_STATEMENT], context)
    return len(ids)


def _with_descendants(flow_run_ids: list[UUID], context: Context) -> list[UUID]:
    found = dict.fromkeys(flow_run_ids)
    parents = list(found)
    while parents:
        statement = select(flow_runs.c.id).where(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.parent_flow_run_id.in_(parents[:_IDS_PER_STATEMENT]),
        )
        children = [child for child in context.connection.execute(statement).scalars() if child not in found]
        found |= dict.fromkeys(children)
        parents = parents[_IDS_PER_STATEMENT:] + children
    return list(found)


def _delete_all_of(ids: list[UUID], context: Context) -> None:
    context.connection.execute(
        select(flow_runs.c.id)
        .where(flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id.in_(ids))
        .order_by(flow_runs.c.id)
        .with_for_update()
    )
    of_these = select(task_runs.c.id).where(
        task_runs.c.workspace_id == context.workspace_id, task_runs.c.flow_run_id.in_(ids)
    )
    _delete_where(task_run_tags.c.task_run_id.in_(of_these), task_run_tags.c.workspace_id, context)
    for column in (task_runs.c.flow_run_id, logs.c.flow_run_id, flow_run_tags.c.flow_run_id, flow_runs.c.id):
        _delete_where(column.in_(ids), column.table.c.workspace_id, context)
    _tell_deletion(ids, context)


def _tell_deletion(ids: list[UUID], context: Context) -> None:
    for flow_run_id in ids:
        tell_deletion(flow_run_id, context)
    context.outbox.gone += [context.dialect.bind_id(flow_run_id) for flow_run_id in ids]


def _delete_where(condition: ColumnElement[bool], workspace: Column[int], context: Context) -> None:
    context.connection.execute(delete(workspace.table).where(workspace == context.workspace_id, condition))
