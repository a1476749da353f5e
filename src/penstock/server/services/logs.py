"""Log lines: found, and shown with those around them. The journal writes them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, select

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.server.context import Context
from penstock.server.database.tables import logs
from penstock.server.pages import cursor_of, page_of, split_page, up_to
from penstock.server.services.deletion.hiding import seen
from penstock.server.services.filters import log_filter
from penstock.wire.logs import LogFilter, LogRecord
from penstock.wire.requests import LOG_PAGE_LIMIT, LogContext, LogContextQuery, LogPage, LogQuery

LOOKED_AT = 20_000
"""How many lines a search looks at for one page, so that it takes the same time however many there are."""

MOST_CHARACTERS = 8_000_000
"""How long the lines of one page may be together; a line that is longer by itself comes alone."""

_READ_AT_ONCE = 200

MOST_AROUND = 200
"""How many lines before one, and after it, are shown."""


def list_(query: LogQuery, context: Context) -> LogPage:
    """Return a page of log lines: those of certain runs in the order they arrived, others by their time.

    A reader that follows a run from page to page thus misses no line that came late. A search looks at a bounded number
    of lines for one page, which may be short of lines, or empty, and still have a `next`.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense.
    """
    meant = log_filter.meant(query.filter, context)
    candidates = select(logs).where(log_filter.looked_at(query.filter, context))
    keys = _sort_keys(query.filter)
    if not log_filter.is_search(query.filter):
        page = page_of(candidates, keys, query.after, query.limit, descending=query.newest_first, most=LOG_PAGE_LIMIT)
        rows, following = _read(page, keys, query.limit, context)
        return LogPage(_lines_of(rows), following)
    return _search(query, meant, candidates, keys, context)


def around(query: LogContextQuery, context: Context) -> LogContext:
    """Return a line with those that the same run logged before it and after it.

    Raises:
        ObjectNotFound: there is no such line.
        InvalidRequest: so many lines are not shown.
    """
    for wanted in (query.before, query.after):
        if not 0 <= wanted <= MOST_AROUND:
            raise InvalidRequest(f"From 0 to {MOST_AROUND} lines are shown before one and after it, not {wanted}.")
    in_workspace = logs.c.workspace_id == context.workspace_id
    the_line = select(logs).where(in_workspace, logs.c.id == query.id)
    row = next(seen(the_line.where, logs.c.flow_run_id, context), None)
    if row is None:
        raise ObjectNotFound(f"There is no log line {query.id}. It may have been deleted.")
    same_run: ColumnElement[bool] = logs.c.flow_run_id == row.flow_run_id
    if row.flow_run_id is None:
        same_run = logs.c.flow_run_id.is_(None) & (logs.c.task_run_id == row.task_run_id)
    if row.flow_run_id is None and row.task_run_id is None:
        same_run = logs.c.flow_run_id.is_(None) & logs.c.task_run_id.is_(None)
    neighbours = select(logs).where(in_workspace, same_run)
    before = neighbours.where(logs.c.id < row.id).order_by(logs.c.id.desc()).limit(query.before)
    after = neighbours.where(logs.c.id > row.id).order_by(logs.c.id).limit(query.after)
    return LogContext(
        before=_lines_of(context.connection.execute(before).all())[::-1],
        line=_lines_of([row])[0],
        after=_lines_of(context.connection.execute(after).all()),
    )


def _search(
    query: LogQuery, meant: ColumnElement[bool], candidates: Any, keys: Sequence[Column[Any]], context: Context
) -> LogPage:
    looked_at = page_of(candidates, keys, query.after, LOOKED_AT, descending=query.newest_first, most=LOOKED_AT)
    # The last line looked at is found by the index alone, without reading the lines.
    end = looked_at.with_only_columns(*keys).limit(1).offset(LOOKED_AT - 1)
    last = context.connection.execute(end).first()
    window = candidates.where(meant)
    if last is not None:
        window = window.where(up_to(tuple(last), keys, descending=query.newest_first))
    page = page_of(window, keys, query.after, query.limit, descending=query.newest_first, most=LOG_PAGE_LIMIT)
    rows, following = _read(page, keys, query.limit, context)
    if following is None and last is not None:
        following = cursor_of(last, keys)
    return LogPage(_lines_of(rows), following)


def _read(
    page: Select[Any], keys: Sequence[Column[Any]], limit: int, context: Context
) -> tuple[Sequence[Row[Any]], str | None]:
    """Return the lines of a page, fewer than `limit` where they are long, and the cursor of the next one."""
    rows: list[Row[Any]] = []
    characters = 0
    with closing(seen(page.where, logs.c.flow_run_id, context, yield_per=_READ_AT_ONCE)) as found:
        for row in found:
            if rows and characters + len(row.message) > MOST_CHARACTERS:
                return rows, cursor_of(rows[-1], keys)
            rows.append(row)
            characters += len(row.message)
    return split_page(rows, keys, limit)


def _sort_keys(wanted: LogFilter) -> list[Column[Any]]:
    of_certain_runs = wanted.flow_run_ids is not None or wanted.task_run_ids is not None
    if of_certain_runs and wanted.after is None and wanted.before is None:
        return [logs.c.id]
    return [logs.c.timestamp, logs.c.id]


def _lines_of(rows: Sequence[Row[Any]]) -> list[LogRecord]:
    return [
        LogRecord(row.timestamp, row.level, row.logger, row.message, row.flow_run_id, row.task_run_id, row.id)
        for row in rows
    ]
