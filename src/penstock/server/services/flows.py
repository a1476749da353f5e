"""Flows: known by name from their first run on."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from penstock.core.ids import uuid7
from penstock.server.bounds import FILTER_LIMIT, check_count, check_name
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, flows
from penstock.server.pages import page_of, split_page
from penstock.wire.flows import Flow, FlowFilter
from penstock.wire.requests import FlowPage, FlowQuery

_FIND = select(flows.c.id).where(
    flows.c.workspace_id == bindparam("its_workspace"), flows.c.name == bindparam("its_name")
)

COUNT_LIMIT = 10_000
"""Counts stop here: beyond it they would cost more than they tell."""


def make_known(name: str, context: Context) -> UUID:
    """Return the id of the flow called `name`, making it if it is new.

    Raises:
        InvalidRequest: a flow can't be called so.
    """
    check_name(name, "flow")
    found = _id_of(name, context)
    if found is not None:
        return found
    values = {
        "workspace_id": context.workspace_id,
        "id": uuid7(),
        "name": name,
        "created": context.now(),
        "tags": None,
    }
    inserted = context.connection.execute(context.dialect.insert_new(flows), values)
    # None were inserted where another process was quicker.
    return values["id"] if inserted.rowcount else _id_of(name, context)  # type: ignore[return-value]


def list_(query: FlowQuery, context: Context) -> FlowPage:
    """Return a page of flows, by name."""
    keys = [flows.c.name]
    statement = page_of(_matching(query.filter, context), keys, query.after, query.limit, descending=False)
    rows, following = split_page(context.connection.execute(statement).all(), keys, query.limit)
    return FlowPage([Flow(row.id, row.name, row.created, row.tags or [], row.run_count) for row in rows], following)


def _matching(condition: FlowFilter, context: Context) -> Select[tuple[object, ...]]:
    some_runs = (
        select(flow_runs.c.id)
        .where(flow_runs.c.workspace_id == flows.c.workspace_id, flow_runs.c.flow_id == flows.c.id)
        .limit(COUNT_LIMIT)
        .correlate(flows)
        .subquery()
    )
    run_count = select(func.count()).select_from(some_runs).scalar_subquery().label("run_count")
    statement: Select[tuple[object, ...]] = select(*flows.c, run_count).where(
        flows.c.workspace_id == context.workspace_id
    )
    check_count(condition.ids, FILTER_LIMIT, "ids")
    check_count(condition.names, FILTER_LIMIT, "names")
    if condition.ids is not None:
        statement = statement.where(flows.c.id.in_(condition.ids))
    if condition.names is not None:
        statement = statement.where(flows.c.name.in_(condition.names))
    if condition.name_like:
        statement = statement.where(context.dialect.contains(flows.c.name, condition.name_like))
    return statement


def _id_of(name: str, context: Context) -> UUID | None:
    return context.connection.execute(_FIND, {"its_workspace": context.workspace_id, "its_name": name}).scalar()
