"""How many rows one transaction may still touch, so that nobody waits long for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, delete, select, tuple_

from penstock.server.context import Context
from penstock.server.database.tables import flow_run_inputs, pauses, task_run_tags, task_runs


class Budget:
    """How many rows may still be deleted, and the deleting of them.

    Parameters:
        limit: how many there are to be at most.
        context: of the write.
    """

    def __init__(self, limit: int, context: Context) -> None:
        self.left = limit
        self.spent = 0
        self.context = context

    def take(self, rows: int) -> None:
        """Count rows that were touched otherwise."""
        self.left -= rows
        self.spent += rows

    def spend(
        self,
        key: Column[Any],
        *condition: ColumnElement[bool],
        order: Column[Any] | None = None,
        first: Callable[[list[Any]], None] | None = None,
    ) -> list[Any]:
        """Delete rows, as many as may be; return their keys.

        Parameters:
            key: what tells the rows of the table apart.
            condition: which.
            order: which of them first.
            first: what else to delete before, by their keys.
        """
        table = key.table
        mine = table.c.workspace_id == self.context.workspace_id
        found = select(key).where(mine, *condition).order_by(*() if order is None else (order,)).limit(self.left)
        keys = list(self.context.connection.execute(found).scalars()) if self.left > 0 else []
        if not keys:
            return keys
        if first is not None:
            first(keys)
        if len(table.primary_key) == 1:
            # Else SQLite looks through all rows of the workspace for the few that have these numbers.
            mine = self.context.dialect.unindexed(table.c.workspace_id) == self.context.workspace_id
        self.context.connection.execute(delete(table).where(mine, key.in_(keys)))
        self.take(len(keys))
        return keys

    def spend_on_task_runs(self, *condition: ColumnElement[bool], order: Column[Any] | None = None) -> None:
        """Delete task runs with their tags, as many as may be."""
        self.spend(
            task_runs.c.id,
            *condition,
            order=order,
            first=lambda ids: delete_tags(task_run_tags.c.task_run_id, ids, self.context),
        )

    def spend_on_pauses(self, flow_run_ids: list[UUID]) -> None:
        """Delete what flow runs paused for and were told, as much as may be."""
        self.spend(flow_run_inputs.c.position, flow_run_inputs.c.flow_run_id.in_(flow_run_ids))
        if self.left <= 0:
            return
        mine = pauses.c.workspace_id == self.context.workspace_id
        found = select(pauses.c.flow_run_id, pauses.c.key).where(mine, pauses.c.flow_run_id.in_(flow_run_ids))
        keys = [tuple(row) for row in self.context.connection.execute(found.limit(self.left))]
        if keys:
            self.context.connection.execute(
                delete(pauses).where(mine, tuple_(pauses.c.flow_run_id, pauses.c.key).in_(keys))
            )
            self.take(len(keys))


def delete_tags(column: Column[UUID], ids: list[UUID], context: Context) -> None:
    """Delete the tags whose `column` names one of the runs `ids`."""
    table = column.table
    context.connection.execute(delete(table).where(table.c.workspace_id == context.workspace_id, column.in_(ids)))
