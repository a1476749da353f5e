"""Flows: known by name from their first run on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Label, bindparam, func, select

from penstock.core.errors import ObjectNotFound
from penstock.core.ids import uuid7
from penstock.server.bounds import check_name
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, flows
from penstock.server.pages import page_of, split_page
from penstock.server.services.events.rows import tell
from penstock.server.services.filters import flow_filter
from penstock.server.services.filters.counting import COUNT_LIMIT, capped, count_of
from penstock.server.services.filters.order import order_of_flows
from penstock.wire.events import RESOURCE_ID, RESOURCE_NAME, Event
from penstock.wire.flows import Flow
from penstock.wire.requests import ById, Count, FlowCountQuery, FlowPage, FlowQuery

_FIND = select(flows.c.id).where(
    flows.c.workspace_id == bindparam("its_workspace"), flows.c.name == bindparam("its_name")
)


def make_known(name: str, context: Context) -> UUID:
    """Return the id of the flow called `name`, making it if it is new.

    Raises:
        InvalidRequest: a flow can't be called so.
    """
    check_name(name, "flow")
    found = _id_of(name, context)
    if found is not None:
        return found
    now = context.now()
    values = {
        "workspace_id": context.workspace_id,
        "id": uuid7(),
        "name": name,
        "created": now,
        "tags": None,
    }
    inserted = context.connection.execute(context.dialect.insert_new(flows), values)
    if not inserted.rowcount:
        return _id_of(name, context)  # type: ignore[return-value]  # another process was quicker
    resource = {RESOURCE_ID: f"penstock.flow.{values['id']}", RESOURCE_NAME: name}
    tell(Event(uuid7(), now, "penstock.flow.created", resource), context)
    return values["id"]  # type: ignore[return-value]


def list_(query: FlowQuery, context: Context) -> FlowPage:
    """Return a page of flows.

    Raises:
        ObjectLimitReached: the filter is too large.
    """
    order = order_of_flows(query.sort)
    statement = select(*flows.c, _run_count()).where(flow_filter.meant(query.filter, context))
    page = page_of(statement, order.keys, query.after, query.limit, descending=order.descending)
    rows, following = split_page(context.connection.execute(page).all(), order.keys, query.limit)
    return FlowPage([_flow_of(row) for row in rows], following)


def read(request: ById, context: Context) -> Flow:
    """Return a flow.

    Raises:
        ObjectNotFound: there is none.
    """
    its = flows.c.workspace_id == context.workspace_id, flows.c.id == request.id
    row = context.connection.execute(select(*flows.c, _run_count()).where(*its)).first()
    if row is None:
        raise ObjectNotFound(f"There is no flow {request.id}. List the flows to see which there are.")
    return _flow_of(row)


def count(query: FlowCountQuery, context: Context) -> Count:
    """Return how many flows there are; the count stops at 10,000 and says so.

    Raises:
        ObjectLimitReached: the filter is too large.
    """
    return count_of(flows, flow_filter.meant(query.filter, context), context)


def _run_count() -> Label[int]:
    some_runs = (
        select(flow_runs.c.id)
        .where(flow_runs.c.workspace_id == flows.c.workspace_id, flow_runs.c.flow_id == flows.c.id)
        .limit(COUNT_LIMIT + 1)
        .correlate(flows)
        .subquery()
    )
    return select(func.count()).select_from(some_runs).scalar_subquery().label("run_count")


def _flow_of(row: Any) -> Flow:
    runs = capped(row.run_count)
    return Flow(row.id, row.name, row.created, row.tags or [], runs.count, runs.is_capped)


def _id_of(name: str, context: Context) -> UUID | None:
    return context.connection.execute(_FIND, {"its_workspace": context.workspace_id, "its_name": name}).scalar()
