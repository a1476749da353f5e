"""Runs over time: counted by the database along an index, up to a bound."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Select,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)

from penstock.core.errors import InvalidRequest
from penstock.core.state_type import StateType
from penstock.server.bounds import check_instant
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, task_runs
from penstock.server.services.deletion.hiding import being_deleted, seen
from penstock.server.services.filters import flow_run_filter, task_run_filter
from penstock.wire.charts import Bucket, FlowRunHistogramQuery, Histogram, TaskRunHistogramQuery

MOST_BUCKETS = 500

MOST_COUNTED = 200_000
"""How many runs are counted: the newest of the time that is asked for."""

MOST_HIDDEN = 400
"""Where more flow runs are being deleted, their task runs are left out one by one."""

_SHORTEST_BUCKET = timedelta(milliseconds=1)

Query = FlowRunHistogramQuery | TaskRunHistogramQuery
Counted = tuple[list[dict[str, int]], datetime | None]
"""How many runs of each type of state are in each bucket, and from when on they were counted where there are too many."""


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
    query: Query,
    context: Context,
) -> Histogram:
    width = _width(query)
    hidden = being_deleted(MOST_HIDDEN, context) if column.table is task_runs else []
    if query.filter == type(query.filter)() and hidden is not None:
        by_type, counted_from = _of_all(column, hidden, width, query, context)
    else:
        by_type, counted_from = _of_some(column, meant, width, query, context)
    buckets = [Bucket(query.after + number * width, counts) for number, counts in enumerate(by_type)]
    return Histogram(buckets, width.total_seconds(), counted_from)


def _of_some(
    column: Column[datetime], meant: ColumnElement[bool], width: timedelta, query: Query, context: Context
) -> Counted:
    """Count the runs that a filter means, one by one."""
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
        _add(by_type, number, state_type, count)
        total, earliest = total + count, min(earliest, first)
    return by_type, earliest if total > MOST_COUNTED else None


def _of_all(column: Column[datetime], hidden: list[UUID], width: timedelta, query: Query, context: Context) -> Counted:
    """Count all runs: how many started in each stretch is the length of a part of an index, and few did not complete."""
    table = column.table
    since = _first_counted(column, query, context)
    begin = query.after if since is None else since
    # Spelled as the partial index has it, so that the planner sees that it may use it.
    others = _by_type(column, begin, width, query, context, table.c.state_type != literal_column("'COMPLETED'"))
    by_type: list[dict[str, int]] = [{} for _ in range(query.buckets)]
    for number, state_type, count in context.connection.execute(others):
        _add(by_type, number, state_type, count)
    for number, total in context.connection.execute(_totals(column, begin, width, query, context)):
        _add(by_type, number, StateType.COMPLETED.value, total - sum(by_type[number].values()))
    if hidden:
        theirs = _by_type(column, begin, width, query, context, table.c.flow_run_id.in_(hidden))
        for number, state_type, count in context.connection.execute(theirs):
            _add(by_type, number, state_type, -count)
    return [{kind: count for kind, count in counts.items() if count} for counts in by_type], since


def _by_type(
    column: Column[datetime],
    begin: datetime,
    width: timedelta,
    query: Query,
    context: Context,
    condition: ColumnElement[bool],
) -> Select[Any]:
    table = column.table
    stretch = context.dialect.stretch_of(column, query.after, width).label("bucket")
    found = (
        select(stretch, table.c.state_type)
        .where(table.c.workspace_id == context.workspace_id, column >= begin, column < query.before, condition)
        .subquery()
    )
    return select(found.c.bucket, found.c.state_type, func.count()).group_by(found.c.bucket, found.c.state_type)


def _first_counted(column: Column[datetime], query: Query, context: Context) -> datetime | None:
    """Return the instant of the run that is one too many, counted from the newest; None where all are counted."""
    statement = (
        select(column)
        .where(column.table.c.workspace_id == context.workspace_id, column >= query.after, column < query.before)
        .order_by(column.desc())
        .limit(1)
        .offset(MOST_COUNTED)
    )
    return context.connection.execute(statement).scalar()


def _totals(
    column: Column[datetime], begin: datetime, width: timedelta, query: Query, context: Context
) -> CompoundSelect[Any]:
    """Return what counts the runs of each bucket; its text is the same however many buckets there are."""
    last = query.buckets - 1
    first = min((begin - query.after) // width, last)
    edge = partial(context.dialect.edge_of, since=query.after, width=width)

    def total(since: Any, until: Any) -> Select[Any]:
        mine = column.table.c.workspace_id == context.workspace_id
        return select(func.count()).select_from(column.table).where(mine, column >= since, column < until)

    def of_one(number: int, since: datetime, until: datetime) -> Select[Any]:
        return select(literal(number), total(since, until).scalar_subquery())

    number = select(literal(first + 1).label("number")).cte("stretches", recursive=True)
    number = number.union_all(select(number.c.number + 1).where(number.c.number < last - 1))
    between = total(edge(number.c.number), edge(number.c.number + 1)).correlate(number).scalar_subquery()
    parts = [of_one(first, begin, query.before if first == last else query.after + (first + 1) * width)]
    if first < last:
        parts.append(of_one(last, query.after + last * width, query.before))
    if first < last - 1:
        parts.append(select(number.c.number, between))
    return union_all(*parts)


def _add(by_type: list[dict[str, int]], number: int, state_type: str, count: int) -> None:
    # Rounding may put what lies just before the end beyond it.
    place = by_type[min(number, len(by_type) - 1)]
    place[state_type] = place.get(state_type, 0) + count


def _width(query: Query) -> timedelta:
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
