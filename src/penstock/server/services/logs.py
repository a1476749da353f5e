"""Log lines: found. The journal writes them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Select, select

from penstock.server.bounds import FILTER_LIMIT, check_count, check_instant
from penstock.server.context import Context
from penstock.server.database.tables import logs
from penstock.server.pages import page_of, split_page
from penstock.wire.logs import LogFilter, LogRecord
from penstock.wire.requests import LogPage, LogQuery


def list_(query: LogQuery, context: Context) -> LogPage:
    """Return a page of log lines: those of certain runs in the order they arrived, others by their time.

    A reader that follows a run from page to page thus misses no line that came late.
    """
    keys = _sort_keys(query.filter)
    statement = page_of(_matching(query.filter, context), keys, query.after, query.limit, descending=query.newest_first)
    rows, following = split_page(context.connection.execute(statement).all(), keys, query.limit)
    lines = [
        LogRecord(row.timestamp, row.level, row.logger, row.message, row.flow_run_id, row.task_run_id) for row in rows
    ]
    return LogPage(lines, following)


def _sort_keys(condition: LogFilter) -> list[Column[Any]]:
    of_certain_runs = condition.flow_run_ids is not None or condition.task_run_ids is not None
    if of_certain_runs and condition.after is None and condition.before is None:
        return [logs.c.id]
    return [logs.c.timestamp, logs.c.id]


def _matching(condition: LogFilter, context: Context) -> Select[Any]:
    statement = select(logs).where(logs.c.workspace_id == context.workspace_id)
    for ids, column in (
        (condition.flow_run_ids, logs.c.flow_run_id),
        (condition.task_run_ids, logs.c.task_run_id),
    ):
        check_count(ids, FILTER_LIMIT, "ids")
        if ids is not None:
            statement = statement.where(column.in_(ids))
    if condition.level_at_least is not None:
        statement = statement.where(logs.c.level >= condition.level_at_least)
    if condition.text:
        statement = statement.where(context.dialect.contains(logs.c.message, condition.text))
    if condition.after is not None:
        check_instant(condition.after, "bound of the time")
        statement = statement.where(logs.c.timestamp >= condition.after)
    if condition.before is not None:
        check_instant(condition.before, "bound of the time")
        statement = statement.where(logs.c.timestamp < condition.before)
    return statement
