"""What is left of flow runs that are being deleted is not seen: it goes, a little at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Row, Select, exists, or_, select, true

from penstock.server.context import Context
from penstock.server.database.tables import deletions

Ask = Callable[[ColumnElement[bool]], Select[Any]]
"""Makes a statement whose rows meet a condition as well."""

_HIDES = "hides"


def being_deleted(most: int, context: Context) -> list[UUID] | None:
    """Return the flow runs that are being deleted; None where there are more than `most`."""
    statement = select(deletions.c.flow_run_id).where(deletions.c.workspace_id == context.workspace_id).limit(most + 1)
    ids = list(context.connection.execute(statement).scalars())
    return ids if len(ids) <= most else None


def seen(ask: Ask, flow_run: Column[UUID], context: Context, **options: Any) -> Generator[Row[Any]]:
    """Yield the rows that a statement finds, without those of flow runs that are being deleted.

    That there are any is rare. So it is asked along with the rows, which does not change how they are found, and only where
    there are some, the rows are asked for again without theirs.

    Parameters:
        ask: makes the statement.
        flow_run: what says whose the rows are.
        context: of the request.
        options: how the statement is carried out.
    """
    in_workspace = deletions.c.workspace_id == context.workspace_id
    statement = ask(true()).add_columns(exists().where(in_workspace).label(_HIDES))
    with context.connection.execute(statement.execution_options(**options)) as result:
        first = result.fetchone()
        if first is None:
            return
        if not getattr(first, _HIDES):
            yield first
            yield from result
            return
    gone = flow_run.in_(select(deletions.c.flow_run_id).where(in_workspace))
    statement = ask(or_(flow_run.is_(None), ~gone))
    with context.connection.execute(statement.execution_options(**options)) as result:
        yield from result
