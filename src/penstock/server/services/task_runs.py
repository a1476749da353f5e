"""Task runs: found. The journal writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select

from penstock.core.errors import ObjectNotFound
from penstock.server.context import Context
from penstock.server.database.tables import task_runs
from penstock.server.pages import page_of, split_page
from penstock.server.rules.history import history_or
from penstock.server.services.deletion.hiding import seen
from penstock.server.services.filters import task_run_filter
from penstock.server.services.filters.counting import count_of_parts
from penstock.server.services.filters.order import order_of_task_runs
from penstock.wire.requests import ById, Count, TaskRunCountQuery, TaskRunPage, TaskRunQuery
from penstock.wire.task_runs import TaskRun

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def read(request: ById, context: Context) -> TaskRun:
    """Return a task run.

    Raises:
        ObjectNotFound: there is none.
    """
    statement = select(task_runs).where(task_runs.c.workspace_id == context.workspace_id, task_runs.c.id == request.id)
    row = next(seen(statement.where, task_runs.c.flow_run_id, context), None)
    if row is None:
        raise ObjectNotFound(f"There is no task run {request.id}. It may have been deleted, or is not recorded yet.")
    return task_run_of(row)


def list_(query: TaskRunQuery, context: Context) -> TaskRunPage:
    """Return a page of task runs.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense.
    """
    order = order_of_task_runs(query.sort, query.filter)
    statement = select(task_runs).where(task_run_filter.meant(query.filter, context), order.has_place)
    page = page_of(statement, order.keys, query.after, query.limit, descending=order.descending)
    found = list(seen(page.where, task_runs.c.flow_run_id, context))
    rows, following = split_page(found, order.keys, query.limit)
    return TaskRunPage([task_run_of(row) for row in rows], following)


def count(query: TaskRunCountQuery, context: Context) -> Count:
    """Return how many task runs there are; the count stops at 10,000 and says so.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense.
    """
    return count_of_parts(task_runs.c.flow_run_id, task_run_filter.meant(query.filter, context), context)


def task_run_of(row: Row[Any]) -> TaskRun:
    """Return the task run in `row`."""
    return TaskRun(
        id=row.id,
        task_key=row.task_key,
        task_name=row.task_name,
        name=row.name,
        states=history_or(row.states, row.state_type, row.state_name, row.start_time or row.end_time or _LONG_AGO),
        flow_run_id=row.flow_run_id,
        flow_run_attempt=row.flow_run_attempt,
        parent_task_run_id=row.parent_task_run_id,
        tags=row.tags or [],
        upstreams=row.upstreams or {},
        run_count=row.run_count,
        retries=row.retries,
        cache_key=row.cache_key,
        result=row.result,
        error=row.error,
    )
