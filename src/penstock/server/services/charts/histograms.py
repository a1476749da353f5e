"""Runs over time: counted by the database along an index, up to a bound."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, func, select, true

from penstock.core.errors import InvalidRequest
from penstock.server.bounds import check_instant
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, task_runs
from penstock.server.services.deletion.hiding import seen
from penstock.server.services.filters import flow_run_filter, task_run_filter
from penstock.wire.charts import Bucket, FlowRunHistogramQuery, Histogram, TaskRunHistogramQuery

MOST_BUCKETS = 500

MOST_COUNTED = 200_000
"""How many runs are counted: the newest of the time that is asked for."""

_SHORTEST_BUCKET = timedelta(milliseconds=1)


def of_flow_runs(query: FlowRunHistogramQuery, context: Context) -> Histogram:
    """Return how many flow runs there were over time, by the type of their state; the newest 200,000 are counted.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: the time can't be divided so.
    """
    column = flow_runs.c[query.by.value.lower()]
    meant = flow_run_filter.meant(query.filter, context)
    return _histogram(column, meant, query, context)


def of_task_runs(query: TaskRunHistogramQuery, context: Context) -> Histogram:
    """Return how many task runs started over time, by the type of their state; the newest 200,000 are counted.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: the time can't be divided so.
    """
    return _histogram(task_runs.c.start_time, task_run_filter.meant(query.filter, context), query, context)


def _histogram(
    column: Column[datetime],
    meant: ColumnElement[bool],
    query: FlowRunHistogramQuery | TaskRunHistogramQuery,
    context: Context,
) -> Histogram:
    width = _width(query)
    stretch = context.dialect.stretch_of(column, query.after, width).label("bucket")

    def counts(condition: ColumnElement[bool]) -> Select[Any]:
        counted = (
            select(stretch, column.label("instant"), column.table.c.state_type)
            .where(meant, column >= query.after, column < query.before, condition)
            .order_by(column.desc())
            .limit(MOST_COUNTED + 1)
            .subquery()
        )
        return select(
            counted.c.bucket, counted.c.state_type, func.count(), func.min(counted.c.instant, type_=column.type)
        ).group_by(counted.c.bucket, counted.c.state_type)

    of_tasks = column.table is task_runs
    rows = seen(counts, task_runs.c.flow_run_id, context) if of_tasks else context.connection.execute(counts(true()))
    by_type: list[dict[str, int]] = [{} for _ in range(query.buckets)]
    total, earliest = 0, query.before
    for number, state_type, count, first, *_ in rows:
        # Rounding may put what lies just before the end beyond it.
        place = by_type[min(number, query.buckets - 1)]
        place[state_type] = place.get(state_type, 0) + count
        total, earliest = total + count, min(earliest, first)
    buckets = [Bucket(query.after + number * width, counts) for number, counts in enumerate(by_type)]
    return Histogram(buckets, width.total_seconds(), earliest if total > MOST_COUNTED else None)


def _width(query: FlowRunHistogramQuery | TaskRunHistogramQuery) -> timedelta:
    check_instant(query.after, "beginning of the time")
    check_instant(query.before, "end of the time")
    if not 1 <= query.buckets <= MOST_BUCKETS:
        raise InvalidRequest(f"A histogram has from 1 to {MOST_BUCKETS} buckets, not {query.buckets}.")
    width = (query.before - query.after) / query.buckets
    if width < _SHORTEST_BUCKET:
        raise InvalidRequest(
            f"From {query.after.isoformat()} to {query.before.isoformat()} there is no time for {query.buckets} buckets. "
            f"Let `before` come after `after`, by at least a millisecond for each."
        )
    return width
