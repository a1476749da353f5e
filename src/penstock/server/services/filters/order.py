"""Orders in which rows are found without sorting: each is that of an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, true

from penstock.server.database.tables import flow_runs, flows, task_runs
from penstock.server.services.filters.run_conditions import RunFilter
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.sorts import FlowRunSort, FlowSort, TaskRunSort
from penstock.wire.task_runs import TaskRunFilter


@dataclass(frozen=True, slots=True)
class Order:
    """An order of rows.

    Attributes:
        keys: what they are sorted by; together unique.
        descending: whether the greatest come first.
    """

    keys: Sequence[Column[Any]]
    descending: bool

    @property
    def has_place(self) -> ColumnElement[bool]:
        """The condition under which a row has a place in the order."""
        return self.keys[0].is_not(None) if self.keys[0].nullable else true()


def order_of_flow_runs(sort: FlowRunSort | None, wanted: FlowRunFilter) -> Order:
    """Return the order that is asked for; by default the newest first."""
    return _order(flow_runs, sort or (FlowRunSort.START_TIME_DESC if _bounds_start(wanted) else FlowRunSort.ID_DESC))


def order_of_task_runs(sort: TaskRunSort | None, wanted: TaskRunFilter) -> Order:
    """Return the order that is asked for; by default the oldest first."""
    return _order(task_runs, sort or (TaskRunSort.START_TIME_ASC if _bounds_start(wanted) else TaskRunSort.ID_ASC))


def order_of_flows(sort: FlowSort) -> Order:
    """Return the order that is asked for."""
    by_name = sort in (FlowSort.NAME_ASC, FlowSort.NAME_DESC)  # a name alone is unique
    return Order([flows.c.name if by_name else flows.c.id], sort in (FlowSort.NAME_DESC, FlowSort.ID_DESC))


def _order(table: Table, sort: Enum) -> Order:
    column, _, direction = str(sort.value).lower().rpartition("_")
    # A value from outside of the allow-list never comes here: the wire takes none.
    keys = [table.c.id] if column == "id" else [table.c[column], table.c.id]
    return Order(keys, direction == "desc")


def _bounds_start(wanted: RunFilter) -> bool:
    return wanted.started_after is not None or wanted.started_before is not None
