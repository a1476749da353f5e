"""Counts that stop: beyond the bound they would cost more than they tell."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Table, func, literal_column, select

from penstock.server.context import Context
from penstock.server.database.tables import flow_runs
from penstock.server.services.deletion.hiding import seen
from penstock.wire.requests import Count

COUNT_LIMIT = 10_000
"""The greatest number that a count comes to."""


def count_of(table: Table, condition: ColumnElement[bool], context: Context) -> Count:
    """Return how many rows of `table` meet `condition`."""
    return capped(context.connection.execute(_counted(table, condition)).scalar_one())


def count_of_parts(flow_run: Column[UUID], condition: ColumnElement[bool], context: Context) -> Count:
    """Return how many rows meet `condition`, without those of flow runs that are being deleted.

    Parameters:
        flow_run: what says whose the rows are.
        condition: which rows are meant.
        context: of the request.
    """
    (row,) = seen(lambda more: _counted(flow_run.table, condition & more), flow_run, context)
    return capped(row[0])


def count_with_called(condition: ColumnElement[bool], context: Context) -> Count:
    """Return how many flow runs meet `condition`, with those that they called, to any depth."""
    meant = select(flow_runs.c.id).where(condition).limit(COUNT_LIMIT + 1).subquery()
    found = select(meant.c.id).cte("found", recursive=True)
    called = select(flow_runs.c.id).where(
        flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.parent_flow_run_id == found.c.id
    )
    found = found.union(called)
    some = select(literal_column("1")).select_from(found).limit(COUNT_LIMIT + 1).subquery()
    return capped(context.connection.execute(select(func.count()).select_from(some)).scalar_one())


def _counted(table: Any, condition: ColumnElement[bool]) -> Select[Any]:
    some = select(literal_column("1")).select_from(table).where(condition).limit(COUNT_LIMIT + 1).subquery()
    return select(func.count()).select_from(some)


def capped(counted: int) -> Count:
    """Return the count of what was counted to one beyond the bound."""
    return Count(min(counted, COUNT_LIMIT), counted > COUNT_LIMIT)
