"""Flow runs: made, found, counted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, insert, literal_column, select, union_all

from penstock.core.errors import InvalidRequest, ObjectAlreadyExists
from penstock.core.state_type import StateType
from penstock.server import bounds, clocks
from penstock.server.context import Context
from penstock.server.database.tables import flow_run_tags, flow_runs, task_runs
from penstock.server.database.types import encode_json
from penstock.server.pages import page_of, split_page
from penstock.server.rules.flow_run_life import Facts, decide_start
from penstock.server.rules.history import totals_of
from penstock.server.services import flows
from penstock.server.services.deletion.marks import is_marked
from penstock.server.services.events.states import tell_states
from penstock.server.services.filters import flow_run_filter
from penstock.server.services.filters.counting import COUNT_LIMIT, count_of
from penstock.server.services.filters.order import order_of_flow_runs
from penstock.server.services.flow_run_rows import (
    FLOW_RUN_COLUMNS,
    FLOW_RUNS_WITH_FLOW,
    NOT_DEPLOYED,
    FlowRunRow,
    find_row,
    flow_run_of,
    lease_columns,
    read_row,
    row_with_key,
    state_columns,
)
from penstock.wire.flow_runs import Decision, FlowRun, FlowRunCreate
from penstock.wire.requests import ById, Count, FlowRunCountQuery, FlowRunPage, FlowRunQuery, RunCounts
from penstock.wire.states import StateRecord


def create(request: FlowRunCreate, context: Context) -> FlowRun:
    """Make a flow run, and start it at once if that is asked; the same id or key again gives the first one back.

    Raises:
        InvalidRequest: a name, a state or an instant makes no sense.
        ObjectLimitReached: the parameters, tags or upstreams are too large.
        ObjectAlreadyExists: the id is that of a run of another flow, or of one that is being deleted.
    """
    found = find_row(request.id, context)
    if found is not None:
        return _the_same(found, request)
    if is_marked(request.id, context):
        raise ObjectAlreadyExists(f"Flow run {request.id} is being deleted. Make a new id for another run.")
    flow_id = flows.make_known(request.flow_name, context)
    values = _values(request, flow_id, context)
    inserted = context.connection.execute(context.dialect.insert_new(flow_runs), values)
    if not inserted.rowcount:
        return _the_same(_already_there(request, flow_id, context), request)
    tell_states(values, values["states"], 0, context)
    if request.tags:
        tag_rows = [
            {"workspace_id": context.workspace_id, "tag": tag, "flow_run_id": request.id}
            for tag in dict.fromkeys(request.tags)
        ]
        context.connection.execute(insert(flow_run_tags), tag_rows)
    return flow_run_of(values, request.flow_name)


def read(request: ById, context: Context) -> FlowRun:
    """Return a flow run with its history, and what it waits for where it is paused.

    Raises:
        ObjectNotFound: there is none.
    """
    run = flow_run_of(read_row(request.id, context))
    if run.state.type is not StateType.PAUSED:
        return run
    # Only here: few runs pause.
    from penstock.server.services.pauses import rows as pauses

    pause = pauses.newest_open(run.id, context)
    return run if pause is None else msgspec.structs.replace(run, pause=pauses.pause_of(pause))


def list_(query: FlowRunQuery, context: Context) -> FlowRunPage:
    """Return a page of flow runs.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense.
    """
    order = order_of_flow_runs(query.sort, query.filter)
    statement = (
        select(*FLOW_RUN_COLUMNS)
        .select_from(FLOW_RUNS_WITH_FLOW)
        .where(flow_run_filter.meant(query.filter, context), order.has_place)
    )
    page = page_of(statement, order.keys, query.after, query.limit, descending=order.descending)
    rows, following = split_page(context.connection.execute(page).all(), order.keys, query.limit)
    return FlowRunPage([flow_run_of(row._mapping, with_history=False) for row in rows], following)


def count(query: FlowRunCountQuery, context: Context) -> Count:
    """Return how many flow runs there are; the count stops at 10,000 and says so.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense.
    """
    return count_of(flow_runs, flow_run_filter.meant(query.filter, context), context)


def counts(request: ById, context: Context) -> RunCounts:
    """Return how many task runs of a flow run are in each type of state; each count stops at 10,000 and says so.

    Raises:
        ObjectNotFound: there is no such flow run.
    """
    read_row(request.id, context)
    of_each_type = [_count_of(state_type, request.id, context) for state_type in StateType]
    rows = context.connection.execute(union_all(*of_each_type)).all()
    by_type = {state_type: min(counted, COUNT_LIMIT) for state_type, counted in rows if counted}
    return RunCounts(by_type, [state_type for state_type, counted in rows if counted > COUNT_LIMIT])


def _count_of(state_type: StateType, flow_run_id: UUID, context: Context) -> Any:
    some = (
        select(literal_column("1"))
        .select_from(task_runs)
        .where(
            task_runs.c.workspace_id == context.workspace_id,
            task_runs.c.flow_run_id == flow_run_id,
            task_runs.c.state_type == state_type.value,
            # True anyway; spelled as the partial index has it, so that the planner sees that it may use it.
            *(() if state_type is StateType.COMPLETED else (task_runs.c.state_type != literal_column("'COMPLETED'"),)),
        )
        .limit(COUNT_LIMIT + 1)
        .subquery()
    )
    return select(literal_column(f"'{state_type.value}'"), func.count()).select_from(some)


def _the_same(found: FlowRunRow, request: FlowRunCreate) -> FlowRun:
    if found["flow_name"] != request.flow_name:
        raise ObjectAlreadyExists(
            f"There is a flow run {request.id} already, of the flow {found['flow_name']!r}. Make a new id for another run."
        )
    return flow_run_of(found)


def _already_there(request: FlowRunCreate, flow_id: UUID, context: Context) -> FlowRunRow:
    found = find_row(request.id, context)
    if found is None and request.idempotency_key is not None:
        found = row_with_key(flow_id, request.idempotency_key, context)
    if found is None:
        raise AssertionError(f"Flow run {request.id} was neither inserted nor found.")
    return found


def _values(request: FlowRunCreate, flow_id: UUID, context: Context) -> dict[str, Any]:
    _check(request)
    states = [bounds.check_state(state) for state in request.states]
    now = context.now()
    lease: dict[str, Any] = {"lease_owner": None, "lease_expires": None}
    if request.start is not None:
        clocks.notice(request.start.owner, request.start.timestamp, now)
        states.append(_first_running(request, states[-1], context))
        lease = lease_columns(request.start.owner, bounds.check_lease(request.start.lease_seconds), now)
    elif states[-1].type is StateType.RUNNING:
        raise InvalidRequest(f"Flow run {request.id} can't be Running when no process runs it. Give `start`.")
    return {
        "workspace_id": context.workspace_id,
        "id": request.id,
        "flow_id": flow_id,
        "name": bounds.check_name(request.name, "flow run"),
        "created": now,
        **state_columns(states, totals_of(states), now),
        "parameters": request.parameters,
        "tags": request.tags,
        "attempt": 0 if request.start is None else 1,
        **lease,
        "parent_flow_run_id": request.parent_flow_run_id,
        "parent_task_run_id": request.parent_task_run_id,
        "upstreams": request.upstreams,
        "flow_version": request.flow_version,
        "anew": None,
        **NOT_DEPLOYED,
        "retries": request.retries,
        "recoveries": request.recoveries,
        "idempotency_key": request.idempotency_key,
        "error": None,
        "result": None,
        "verdicts": None,
    }


def _check(request: FlowRunCreate) -> None:
    if not request.states:
        raise InvalidRequest(f"Flow run {request.id} has no state. Give it one, such as Pending.")
    bounds.check_count(request.tags, bounds.TAGS_LIMIT, "tags")
    for tag in request.tags:
        bounds.check_name(tag, "tag")
    for text, what in ((request.idempotency_key, "idempotency key"), (request.flow_version, "version")):
        if text is not None:
            bounds.check_name(text, what)
    bounds.check_nesting(request.parameters, "parameters")
    for value, what in ((request.parameters, "parameters"), (request.upstreams, "upstreams")):
        try:
            bounds.check_json(encode_json(value), what)
        except (TypeError, ValueError, msgspec.MsgspecError) as error:
            raise InvalidRequest(f"The {what} of flow run {request.id} are no JSON: {error}.") from error


def _first_running(request: FlowRunCreate, state: StateRecord, context: Context) -> StateRecord:
    assert request.start is not None
    bounds.check_instant(request.start.timestamp, "time of the start")
    facts = Facts(state, attempt=0, lease_owner=None, leased=False, now=context.now())
    ruling = decide_start(facts, request.start.owner, request.start.timestamp)
    if ruling.decision is not Decision.ACCEPT:
        raise InvalidRequest(f"Flow run {request.id} can't be made and started at once. {ruling.reason}")
    return ruling.state
