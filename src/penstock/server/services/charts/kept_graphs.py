"""Graphs of flow runs that hold many runs: drawn once, and kept for as long as nothing in them has changed.

What is kept is never counted on: each time it is asked for, one look at an index tells whether a task run of it was written
since (`task_run_changes`, whose numbers become visible in their order). So of a run that has ended the answer is always what
drawing it anew would give. One that goes on is drawn again while the last drawing is shown, which says how old it is.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Connection, func, select

from penstock.core import clock
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, task_run_changes
from penstock.server.services.charts.drawing import draw
from penstock.server.services.flow_run_rows import FlowRunRow, find_row
from penstock.wire.charts import Graph, GraphQuery

T = TypeVar("T")
Ask = Callable[[Callable[[Connection], T]], T]

MOST_KEPT = 40_000
"""How many nodes and edges are kept, all graphs together."""

MOST_CHILDREN = 500
"""Of a run that calls more flow runs than this it is not known without drawing whether one of them has changed."""

REST = 5
"""A run that goes on is drawn again no sooner than after so many times the time that drawing it took."""

OLDEST_SECONDS = 30.0
"""No drawing is shown that is older, unless nothing has changed since."""

_log = logging.getLogger("penstock.server")

_Key = tuple[int, UUID, int, datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a drawing rests on.

    Attributes:
        run: what it takes from the flow run itself.
        children: the same of the flow runs that it called; None where they are too many to be looked at each time.
        position: the changes of task runs up to here are in it.
    """

    run: tuple[Any, ...]
    children: tuple[Any, ...] | None
    position: int


@dataclass(slots=True)
class _Drawing:
    graph: Graph
    mark: Mark
    drawn: float
    took: float

    @property
    def weight(self) -> int:
        return len(self.graph.nodes) + len(self.graph.edges)

    @property
    def age_seconds(self) -> float:
        return clock.current().monotonic() - self.drawn


class KeptGraphs:
    """The graphs that one process keeps. Any thread may ask; one draws at a time.

    Parameters:
        ask: reads from the database, for drawing while nobody waits.
        context: makes the surroundings of such a reading.
    """

    def __init__(self, ask: Ask[Any], context: Callable[[Connection], Context]) -> None:
        self._ask = ask
        self._context = context
        self._kept: OrderedDict[_Key, _Drawing] = OrderedDict()
        self._changing = threading.Lock()
        self._drawing = threading.Lock()
        self._redrawing: threading.Thread | None = None

    def graph(self, query: GraphQuery, row: FlowRunRow, context: Context) -> Graph:
        """Return the graph of the flow run in `row`, kept or drawn.

        Raises:
            InvalidRequest: an instant has no time zone.
        """
        key = _key(query, context)
        kept = self._found(key)
        if kept is None:
            return self._draw(key, query, row, context, None)
        mark = mark_of(row, context, kept.mark.position)
        if mark is not None and mark.children is not None and _same(mark, kept.mark):
            # What came before this look need not be known any more when it is looked at next.
            kept.mark = mark
            return kept.graph
        age = kept.age_seconds
        if age > OLDEST_SECONDS:
            return self._draw(key, query, row, context, kept)
        if age > kept.took * REST:
            self._redraw(key, query)
        return msgspec.structs.replace(kept.graph, age_seconds=age)

    def close(self) -> None:
        """Wait for a drawing that nobody waits for."""
        redrawing = self._redrawing
        if redrawing is not None:
            redrawing.join()

    def _found(self, key: _Key) -> _Drawing | None:
        with self._changing:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
            return kept

    def _draw(self, key: _Key, query: GraphQuery, row: FlowRunRow, context: Context, known: _Drawing | None) -> Graph:
        with self._drawing:
            newer = self._found(key)
            if newer is not None and newer is not known:  # another thread drew it while this one waited
                return msgspec.structs.replace(newer.graph, age_seconds=newer.age_seconds)
            began = clock.current().monotonic()
            mark = mark_of(row, context)
            graph = draw(query, row, context)
            drawn = clock.current().monotonic()
            assert mark is not None
            self._keep(key, _Drawing(graph, mark, drawn, drawn - began))
            return graph

    def _keep(self, key: _Key, drawing: _Drawing) -> None:
        with self._changing:
            self._kept[key] = drawing
            self._kept.move_to_end(key)
            while len(self._kept) > 1 and sum(each.weight for each in self._kept.values()) > MOST_KEPT:
                self._kept.popitem(last=False)

    def _redraw(self, key: _Key, query: GraphQuery) -> None:
        with self._changing:
            if self._redrawing is not None and self._redrawing.is_alive():
                return
            self._redrawing = threading.Thread(
                target=self._redraw_now, args=(key, query), name="penstock-drawing", daemon=True
            )
            self._redrawing.start()

    def _redraw_now(self, key: _Key, query: GraphQuery) -> None:
        def work(connection: Connection) -> None:
            context = self._context(connection)
            row = find_row(query.id, context)
            if row is not None:
                self._draw(key, query, row, context, self._found(key))

        try:
            self._ask(work)
        except Exception as error:
            # Whoever asks next draws it, and is told what is wrong.
            _log.warning("The graph of flow run %s can't be drawn: %s", query.id, error)
            with self._changing:
                self._kept.pop(key, None)


def mark_of(row: FlowRunRow, context: Context, after: int | None = None) -> Mark | None:
    """Return what a drawing of the flow run in `row` would rest on now.

    Parameters:
        row: the flow run.
        context: of the request; all that is read with it is of one moment.
        after: where a mark that was taken earlier ends; None where there is none.

    Returns:
        None where a task run of it was written after `after`, or that is no longer known.
    """
    c = task_run_changes.c
    head = select(func.max(c.position)).scalar_subquery()
    oldest = select(func.min(c.position)).scalar_subquery()
    newer = (
        select(func.max(c.position))
        .where(c.workspace_id == context.workspace_id, c.flow_run_id == row["id"], c.position > (after or 0))
        .scalar_subquery()
    )
    position, first, changed = context.connection.execute(select(head, oldest, newer)).one()
    if after is not None and (changed is not None or (first or 0) > after + 1 or (position or 0) < after):
        return None
    run = tuple(row[name] for name in ("attempt", "state_type", "start_time", "end_time"))
    return Mark(run, _children(row, context), position or 0)


def _children(row: FlowRunRow, context: Context) -> tuple[Any, ...] | None:
    c = flow_runs.c
    statement = (
        select(c.id, c.state_type, c.start_time, c.end_time)
        .where(c.workspace_id == context.workspace_id, c.parent_flow_run_id == row["id"])
        .order_by(c.id)
        .limit(MOST_CHILDREN + 1)
    )
    children = tuple(tuple(child) for child in context.connection.execute(statement))
    return children if len(children) <= MOST_CHILDREN else None


def _same(mark: Mark, other: Mark) -> bool:
    return (mark.run, mark.children) == (other.run, other.children)


def _key(query: GraphQuery, context: Context) -> _Key:
    return context.workspace_id, query.id, query.nodes, query.started_after, query.started_before
