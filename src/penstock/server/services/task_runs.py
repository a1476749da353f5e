"""Task runs: found. The journal writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Row, Select, literal_column, select

from penstock.core.errors import ObjectNotFound
from penstock.core.state_type import StateType
from penstock.server.bounds import FILTER_LIMIT, check_count, check_instant
from penstock.server.context import Context
from penstock.server.database.tables import task_run_tags, task_runs
from penstock.server.pages import page_of, split_page
from penstock.server.rules.history import history_or
from penstock.server.services.id_prefix import ids_with_prefix
from penstock.wire.requests import ById, TaskRunPage, TaskRunQuery
from penstock.wire.task_runs import TaskRun, TaskRunFilter

_LISTS = ("ids", "flow_run_ids", "task_keys", "state_types", "state_names", "tags_all", "tags_any")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_COMPLETED_NAME = "Completed"


def read(request: ById, context: Context) -> TaskRun:
    """Return a task run.

    Raises:
        ObjectNotFound: there is none.
    """
    statement = select(task_runs).where(task_runs.c.workspace_id == context.workspace_id, task_runs.c.id == request.id)
    row = context.connection.execute(statement).first()
    if row is None:
        raise ObjectNotFound(f"There is no task run {request.id}. It may have been deleted, or is not recorded yet.")
    return _task_run_of(row)


def list_(query: TaskRunQuery, context: Context) -> TaskRunPage:
    """Return a page of task runs, by the time of their making, or by their start where the filter bounds that."""
    keys = _sort_keys(query.filter)
    statement = page_of(_matching(query.filter, context), keys, query.after, query.limit, descending=query.newest_first)
    rows, following = split_page(context.connection.execute(statement).all(), keys, query.limit)
    return TaskRunPage([_task_run_of(row) for row in rows], following)


def _sort_keys(condition: TaskRunFilter) -> list[Column[Any]]:
    if condition.started_after is not None or condition.started_before is not None:
        return [task_runs.c.start_time, task_runs.c.id]
    return [task_runs.c.id]


def _matching(condition: TaskRunFilter, context: Context) -> Select[Any]:
    for name in _LISTS:
        check_count(getattr(condition, name), FILTER_LIMIT, f"values of {name}")
    statement = select(task_runs).where(task_runs.c.workspace_id == context.workspace_id)
    for part in (_by_identity, _by_state, _by_tags, _by_time):
        statement = part(statement, condition, context)
    return statement


def _by_identity(statement: Select[Any], condition: TaskRunFilter, context: Context) -> Select[Any]:
    if condition.ids is not None:
        statement = statement.where(task_runs.c.id.in_(condition.ids))
    if condition.id_prefix is not None:
        statement = statement.where(task_runs.c.id.between(*ids_with_prefix(condition.id_prefix)))
    if condition.name is not None:
        statement = statement.where(task_runs.c.name == condition.name)
    if condition.flow_run_ids is not None:
        statement = statement.where(task_runs.c.flow_run_id.in_(condition.flow_run_ids))
    if condition.name_like:
        statement = statement.where(context.dialect.contains(task_runs.c.name, condition.name_like))
    if condition.task_keys is not None:
        statement = statement.where(task_runs.c.task_key.in_(condition.task_keys))
    return statement


def _by_state(statement: Select[Any], condition: TaskRunFilter, context: Context) -> Select[Any]:
    types, names = condition.state_types, condition.state_names
    if types is not None:
        statement = statement.where(task_runs.c.state_type.in_([kind.value for kind in types]))
        if StateType.COMPLETED not in types:
            # True anyway; spelled as the partial index has it, so that the planner sees that it may use it.
            statement = statement.where(task_runs.c.state_type != literal_column("'COMPLETED'"))
    if names is not None:
        statement = statement.where(task_runs.c.state_name.in_(names))
        if _COMPLETED_NAME not in names:
            statement = statement.where(task_runs.c.state_name != literal_column("'Completed'"))
    return statement


def _by_tags(statement: Select[Any], condition: TaskRunFilter, context: Context) -> Select[Any]:
    for tags in [[tag] for tag in condition.tags_all or ()] + [condition.tags_any or []]:
        if tags:
            tagged = select(task_run_tags.c.task_run_id).where(
                task_run_tags.c.workspace_id == context.workspace_id, task_run_tags.c.tag.in_(tags)
            )
            statement = statement.where(task_runs.c.id.in_(tagged))
    return statement


def _by_time(statement: Select[Any], condition: TaskRunFilter, context: Context) -> Select[Any]:
    if condition.started_after is not None:
        check_instant(condition.started_after, "bound of the start")
        statement = statement.where(task_runs.c.start_time >= condition.started_after)
    if condition.started_before is not None:
        check_instant(condition.started_before, "bound of the start")
        statement = statement.where(task_runs.c.start_time < condition.started_before)
    return statement


def _task_run_of(row: Row[Any]) -> TaskRun:
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
