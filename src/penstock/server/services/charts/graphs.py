"""The graph of a flow run: drawn at once where it holds few runs, else kept."""

from __future__ import annotations

from sqlalchemy import select

from penstock.core.errors import InvalidRequest
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, task_runs
from penstock.server.services.charts.drawing import draw
from penstock.server.services.flow_run_rows import read_row
from penstock.wire.charts import Graph, GraphQuery

FEWEST_NODES, MOST_NODES = 10, 2_000

MOST_DRAWN_AT_ONCE = 1_000
"""A graph of more runs than this is kept, as drawing it anew for each request would take long."""


def of_flow_run(query: GraphQuery, context: Context) -> Graph:
    """Return how the runs within a flow run hang together, in a bounded number of nodes and edges.

    Raises:
        ObjectNotFound: there is no such flow run.
        InvalidRequest: the number of nodes is out of bounds, or an instant has no time zone.
    """
    if not FEWEST_NODES <= query.nodes <= MOST_NODES:
        raise InvalidRequest(f"A graph has from {FEWEST_NODES} to {MOST_NODES} nodes, not {query.nodes}.")
    row = read_row(query.id, context)
    if context.graphs is None or not _holds_many(query, context):
        return draw(query, row, context)
    return context.graphs.graph(query, row, context)


def _holds_many(query: GraphQuery, context: Context) -> bool:
    for key, run in ((task_runs.c.id, task_runs.c.flow_run_id), (flow_runs.c.id, flow_runs.c.parent_flow_run_id)):
        one_too_many = (
            select(key)
            .where(key.table.c.workspace_id == context.workspace_id, run == query.id)
            .order_by(key)
            .limit(1)
            .offset(MOST_DRAWN_AT_ONCE)
        )
        if context.connection.execute(one_too_many).first() is not None:
            return True
    return False
