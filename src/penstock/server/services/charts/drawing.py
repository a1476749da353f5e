"""The drawing of a flow run's graph: its runs are read once, in the order of their making, and grouped as they come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal_column, select, type_coerce
from sqlalchemy.types import NullType

from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, flows, task_runs
from penstock.server.rules.run_graph import FINEST, NOT_STARTED, Entry, Group, Grouping
from penstock.server.services.filters.run_conditions import between
from penstock.server.services.flow_run_rows import FlowRunRow
from penstock.wire.charts import Edge, Graph, GraphQuery, Node, NodeKind

MOST_EDGES = 5_000

MOST_RUNS = 100_000
"""How many runs are looked at: those that were made first."""

_READ_AT_ONCE = 2_000
_NAMES_AT_ONCE = 400
_SHORTEST_STRETCH = timedelta(milliseconds=1)
_upstreams = msgspec.json.Decoder(dict[str, list[str]])


def draw(query: GraphQuery, row: FlowRunRow, context: Context) -> Graph:
    """Return how the runs within the flow run in `row` hang together, in a bounded number of nodes and edges.

    Raises:
        InvalidRequest: an instant has no time zone.
    """
    statements = _task_runs(query, row, context), _flow_runs(query, row, context)
    enough = sum(_count(statement, query.nodes + 1, context) for statement in statements)
    grouping = Grouping(each=enough <= query.nodes)
    left, is_capped = MOST_RUNS, False
    for kind, statement in zip((NodeKind.TASK_RUNS, NodeKind.FLOW_RUNS), statements, strict=True):
        for run in _entries(kind, statement.limit(left + 1), context):
            if not left:
                is_capped = True
                break
            left -= 1
            grouping.add(run)
    grouping.finish(query.nodes)
    edges = [
        Edge(kind, source, target, count) for (kind, source, target), count in grouping.pairs.most_common(MOST_EDGES)
    ]
    return Graph(
        nodes=_nodes(grouping.groups, context),
        edges=edges,
        runs=MOST_RUNS - left,
        is_grouped=any(group.count > 1 for group in grouping.groups),
        is_capped=is_capped or len(edges) < len(grouping.pairs),
    )


def _task_runs(query: GraphQuery, row: FlowRunRow, context: Context) -> Select[Any]:
    c = task_runs.c
    begun = func.coalesce(c.start_time, c.end_time, type_=c.start_time.type)
    return (
        select(
            _digits(c.id).label("id"),
            c.task_key.label("key"),
            c.task_name.label("name"),
            _stretch(begun, row, query, context).label("bucket"),
            c.state_type,
            _raw(c.start_time).label("start"),
            _raw(c.end_time).label("end"),
            type_coerce(c.upstreams, Text).label("upstreams"),
            _digits(c.parent_task_run_id).label("parent"),
        )
        .where(
            c.workspace_id == context.workspace_id,
            c.flow_run_id == query.id,
            *between(c.start_time, query.started_after, query.started_before, "start"),
        )
        .order_by(c.id)
    )


def _flow_runs(query: GraphQuery, row: FlowRunRow, context: Context) -> Select[Any]:
    c = flow_runs.c
    begun = func.coalesce(c.start_time, c.end_time, type_=c.start_time.type)
    return (
        select(
            _digits(c.id).label("id"),
            _digits(c.flow_id).label("key"),
            flows.c.name.label("name"),
            _stretch(begun, row, query, context).label("bucket"),
            c.state_type,
            _raw(c.start_time).label("start"),
            _raw(c.end_time).label("end"),
            type_coerce(c.upstreams, Text).label("upstreams"),
            _digits(c.parent_task_run_id).label("parent"),
        )
        .select_from(flow_runs.join(flows, and_(flows.c.workspace_id == c.workspace_id, flows.c.id == c.flow_id)))
        .where(
            c.workspace_id == context.workspace_id,
            c.parent_flow_run_id == query.id,
            *between(c.start_time, query.started_after, query.started_before, "start"),
        )
        .order_by(c.id)
    )


def _stretch(begun: Any, row: FlowRunRow, query: GraphQuery, context: Context) -> ColumnElement[int]:
    since = query.started_after or row["start_time"] or row["created"]
    until = query.started_before or row["end_time"] or context.now()
    width = max((until - since) / FINEST, _SHORTEST_STRETCH)
    return context.dialect.stretch_of(begun, since, width)


def _digits(column: Any) -> ColumnElement[str]:
    """The id as 32 hexadecimal digits: made by the database, as an object for each would cost more than all the rest."""
    digits: ColumnElement[str] = func.replace(cast(type_coerce(column, Text), Text), "-", "")
    return digits


def _raw(column: Any) -> ColumnElement[Any]:
    return type_coerce(column, NullType())


def _count(statement: Select[Any], limit: int, context: Context) -> int:
    some = statement.with_only_columns(literal_column("1"), maintain_column_froms=True).limit(limit).subquery()
    return int(context.connection.execute(select(func.count()).select_from(some)).scalar_one())


def _entries(kind: NodeKind, statement: Select[Any], context: Context) -> Iterator[Entry]:
    result = context.connection.execute(statement.execution_options(yield_per=_READ_AT_ONCE))
    for rows in result.partitions():
        for id_, key, name, bucket, state_type, start, end, upstreams, parent in rows:
            place = NOT_STARTED if bucket is None else min(max(bucket, 0), FINEST - 1)
            yield Entry(id_, (kind, key), name, place, state_type, start, end, _ids_in(upstreams), parent)


def _ids_in(upstreams: str | None) -> list[str]:
    if upstreams is None:
        return []
    try:
        by_name = _upstreams.decode(upstreams)
    except msgspec.MsgspecError:  # a spoilt row does not cost the graph
        return []
    ids = dict.fromkeys(id_.replace("-", "") for name, ids in by_name.items() if name != "__parents__" for id_ in ids)
    return list(ids)


def _nodes(groups: list[Group], context: Context) -> list[Node]:
    names = _names([group for group in groups if group.count == 1], context)
    return [
        Node(
            kind=group.key[0],
            name=names.get(group.first) or ("" if group.key[0] is NodeKind.OTHERS else group.name),
            key=group.key[1],
            count=group.count,
            by_type=dict(group.by_type),
            first=UUID(group.first),
            start_time=_instant(group.start, context),
            end_time=_instant(group.end, context),
        )
        for group in groups
    ]


def _names(groups: list[Group], context: Context) -> dict[str, str]:
    names: dict[str, str] = {}
    for kind, table in ((NodeKind.TASK_RUNS, task_runs), (NodeKind.FLOW_RUNS, flow_runs)):
        ids = [UUID(group.first) for group in groups if group.key[0] is kind]
        for first in range(0, len(ids), _NAMES_AT_ONCE):
            statement = select(table.c.id, table.c.name).where(
                table.c.workspace_id == context.workspace_id, table.c.id.in_(ids[first : first + _NAMES_AT_ONCE])
            )
            names |= {row.id.hex: row.name for row in context.connection.execute(statement)}
    return names


def _instant(value: Any, context: Context) -> datetime | None:
    read = task_runs.c.start_time.type.process_result_value(value, context.connection.dialect)  # type: ignore[attr-defined]
    return None if read is None else read
