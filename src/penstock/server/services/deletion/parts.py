"""What belonged to flow runs that are being deleted goes, a bounded number of rows in each transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, true, update

from penstock.server.context import Context
from penstock.server.database.tables import deletions, flow_runs, logs, task_runs
from penstock.server.services.deletion import marks
from penstock.server.services.deletion.budget import Budget
from penstock.server.services.flow_run_rows import lock_rows

_RUNS_AT_ONCE = 100


def go_on(limit: int, context: Context, audit_id: UUID | None = None) -> int:
    """Go on with deletions that have begun: first what the flow runs called is out of every list, then the rows go.

    Parameters:
        limit: the most rows; fewer were touched only where nothing is left.
        context: of the write.
        audit_id: which deletion; None for all there are.

    Returns:
        How many rows were touched.
    """
    budget = Budget(limit, context)
    its = true() if audit_id is None else deletions.c.audit_id == audit_id
    while budget.left > 0 and _mark_called(its, budget):
        pass
    while budget.left > 0 and _delete_parts(its, budget):
        pass
    return budget.spent


def _mark_called(its: ColumnElement[bool], budget: Budget) -> bool:
    context = budget.context
    audits = _noted(its & ~deletions.c.is_searched, budget)
    if not audits:
        return False
    called = (
        select(flow_runs.c.id, flow_runs.c.parent_flow_run_id)
        .where(flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.parent_flow_run_id.in_(audits))
        .limit(budget.left)
    )
    found = context.connection.execute(called).all()
    lock_rows(context.connection, sorted(row.id for row in found))
    by_audit: dict[UUID, list[UUID]] = {}
    for row in found:
        by_audit.setdefault(audits[row.parent_flow_run_id], []).append(row.id)
    for audit_id, ids in by_audit.items():
        marks.mark(ids, audit_id, context)
    if len(found) < budget.left:
        context.connection.execute(
            update(deletions)
            .where(deletions.c.workspace_id == context.workspace_id, deletions.c.flow_run_id.in_(audits))
            .values(is_searched=True)
        )
        budget.take(min(len(audits), budget.left - len(found)))
    budget.take(len(found))
    return True


def _delete_parts(its: ColumnElement[bool], budget: Budget) -> bool:
    ids = list(_noted(its & deletions.c.is_searched, budget))
    if not ids:
        return False
    budget.spend(logs.c.id, logs.c.flow_run_id.in_(ids))
    budget.spend_on_task_runs(task_runs.c.flow_run_id.in_(ids))
    budget.spend_on_pauses(ids)
    done = ids[: max(budget.left, 0)]
    context = budget.context
    context.connection.execute(
        delete(deletions).where(deletions.c.workspace_id == context.workspace_id, deletions.c.flow_run_id.in_(done))
    )
    budget.take(len(done))
    return True


def _noted(condition: ColumnElement[bool], budget: Budget) -> dict[UUID, UUID]:
    """Return some of the flow runs that are being deleted, kept from others, with the line of the audit of each."""
    statement = (
        select(deletions.c.flow_run_id, deletions.c.audit_id)
        .where(deletions.c.workspace_id == budget.context.workspace_id, condition)
        .order_by(deletions.c.flow_run_id)
        .limit(min(_RUNS_AT_ONCE, budget.left))
        .with_for_update()
    )
    return {row.flow_run_id: row.audit_id for row in budget.context.connection.execute(statement)}
