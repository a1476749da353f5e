"""Counts that stop: beyond the bound they would cost more than they tell."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, func, literal_column, select

from penstock.server.context import Context
from penstock.wire.requests import Count

COUNT_LIMIT = 10_000
"""The greatest number that a count comes to."""


def count_of(table: Table, condition: ColumnElement[bool], context: Context) -> Count:
    """Return how many rows of `table` meet `condition`."""
    some = select(literal_column("1")).select_from(table).where(condition).limit(COUNT_LIMIT + 1).subquery()
    return capped(context.connection.execute(select(func.count()).select_from(some)).scalar_one())


def capped(counted: int) -> Count:
    """Return the count of what was counted to one beyond the bound."""
    return Count(min(counted, COUNT_LIMIT), counted > COUNT_LIMIT)
