"""What flow runs are told while they go on: kept in the order of its coming, until the run is deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, func, insert, select

from penstock.core.errors import ObjectLimitReached, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import flow_run_inputs
from penstock.server.database.types import encode_json
from penstock.server.services.events.rows import tell
from penstock.server.services.flow_run_rows import FlowRunRow, read_row, row_to_change
from penstock.wire.events import FLOW_RUN_PREFIX, RESOURCE_ID, RESOURCE_NAME, Event
from penstock.wire.pausing.inputs import FlowRunInput, InputByKey, InputList, InputQuery, SendInput
from penstock.wire.requests import PAGE_LIMIT, Done

MOST_INPUTS = 1_000
"""The most that one flow run is told; what it needs no longer can be deleted."""

RECEIVED = f"{FLOW_RUN_PREFIX}input-received"
"""The event that tells of an input. What the input holds may be secret, and is not in it."""


def send(request: SendInput, context: Context) -> FlowRunInput:
    """Tell a flow run something, whatever state it is in; under a key that is known, nothing new is told.

    Raises:
        ObjectNotFound: there is no such flow run.
        InvalidRequest: the key makes no sense.
        ObjectLimitReached: the value is too large, or the run was told too much.
    """
    run = row_to_change(request.id, context)
    _check(request)
    found = context.connection.execute(select(flow_run_inputs).where(*_its(request.id, request.key, context))).first()
    if found is not None:
        return _input_in(found)
    count = select(func.count()).select_from(flow_run_inputs).where(*_of(request.id, context))
    if (context.connection.execute(count).scalar() or 0) >= MOST_INPUTS:
        raise ObjectLimitReached(
            f"Flow run {run['name']!r} was told {MOST_INPUTS:,} things. Delete what it needs no longer: flow_runs.delete_input."
        )
    values = {
        "workspace_id": context.workspace_id,
        "flow_run_id": request.id,
        "key": request.key,
        "value": [request.value],
        "created": context.now(),
        "sent_by": context.principal.name,
        "sender": request.sender,
    }
    made = context.connection.execute(insert(flow_run_inputs).values(values).returning(flow_run_inputs)).one()
    _tell(run, request, context)
    return _input_in(made)


def list_(query: InputQuery, context: Context) -> InputList:
    """Return what a flow run was told, in its order.

    Raises:
        ObjectNotFound: there is no such flow run.
        InvalidRequest: the limit makes no sense.
    """
    limit = bounds.check_page(query.limit, PAGE_LIMIT)
    bounds.check_text_size(query.key_prefix, bounds.NAME_LIMIT, "beginning of the key")
    statement = select(flow_run_inputs).where(
        *_of(query.id, context), flow_run_inputs.c.position > query.after_position, *_begins(query.key_prefix)
    )
    found = context.connection.execute(statement.order_by(flow_run_inputs.c.position).limit(limit)).all()
    if not found:
        read_row(query.id, context)
    return InputList([_input_in(row) for row in found])


def delete_(request: InputByKey, context: Context) -> Done:
    """Delete something that a flow run was told.

    Raises:
        ObjectNotFound: it was not told that.
    """
    row_to_change(request.id, context)
    deleted = context.connection.execute(delete(flow_run_inputs).where(*_its(request.id, request.key, context)))
    if not deleted.rowcount:
        raise ObjectNotFound(f"Flow run {request.id} was told nothing under the key {request.key[:100]!r}.")
    return Done(1)


def _check(request: SendInput) -> None:
    bounds.check_name(request.key, "key of an input")
    if request.sender is not None:
        bounds.check_name(request.sender, "sender of an input")
    bounds.check_nesting([request.value], "input")
    bounds.check_text_size(encode_json([request.value]), bounds.INPUT_LIMIT, "input")


def _tell(run: FlowRunRow, request: SendInput, context: Context) -> None:
    resource = {RESOURCE_ID: f"{FLOW_RUN_PREFIX}{run['id']}", RESOURCE_NAME: run["name"]}
    payload = {"key": request.key, "sender": request.sender, "sent_by": context.principal.name}
    tell(Event(uuid7(), context.now(), RECEIVED, resource, payload=payload), context)


def _input_in(row: Row[Any]) -> FlowRunInput:
    value = row.value[0] if row.value else None
    return FlowRunInput(row.position, row.flow_run_id, row.key, value, row.created, row.sent_by, row.sender)


def _begins(prefix: str) -> tuple[ColumnElement[bool], ...]:
    # Not by LIKE, which takes upper and lower case for the same in SQLite.
    if not prefix:
        return ()
    return (func.substr(flow_run_inputs.c.key, 1, len(prefix)) == prefix,)


def _of(flow_run_id: UUID, context: Context) -> tuple[ColumnElement[bool], ...]:
    return flow_run_inputs.c.workspace_id == context.workspace_id, flow_run_inputs.c.flow_run_id == flow_run_id


def _its(flow_run_id: UUID, key: str, context: Context) -> tuple[ColumnElement[bool], ...]:
    return *_of(flow_run_id, context), flow_run_inputs.c.key == key
