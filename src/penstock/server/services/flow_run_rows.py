"""A flow run as a row: read, read as facts for the rules, and changed by what they rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from penstock.core.errors import ObjectNotFound
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import LOCAL_WORKSPACE, flow_runs, flows
from penstock.server.rules.claims import AWAITING_WORKER, LONGEST_CANCELLING
from penstock.server.rules.flow_run_life import AWAITING_RECOVERY, Facts, Ruling
from penstock.server.rules.history import Totals, bounded, history_or
from penstock.server.rules.passing_states import PASSING_STATES
from penstock.server.services.events.states import tell_states
from penstock.wire.flow_runs import RESUMING, FlowRun, Lease
from penstock.wire.states import ErrorRecord, StateRecord

FlowRunRow = Mapping[Any, Any]

_IDS_PER_STATEMENT = 400

FLOW_RUN_COLUMNS = (*flow_runs.c, flows.c.name.label("flow_name"))
FLOW_RUNS_WITH_FLOW = flow_runs.join(
    flows, (flows.c.workspace_id == flow_runs.c.workspace_id) & (flows.c.id == flow_runs.c.flow_id)
)

NOT_DEPLOYED: dict[str, Any] = dict.fromkeys(
    (
        "deployment_id",
        "deployment_version",
        "schedule_id",
        "backfill_id",
        "work_pool_name",
        "work_queue_name",
        "worker_id",
        "job_variables",
        "repeats",
        "due",
        "late_after_seconds",
        "late_at",
    )
)
"""The columns that say what made a run, for one that was called by hand."""

# Statements of every run's way are made once: making them costs more than carrying them out.
_SELECT = select(*FLOW_RUN_COLUMNS).select_from(FLOW_RUNS_WITH_FLOW)
_IS_IT = flow_runs.c.workspace_id == bindparam("its_workspace"), flow_runs.c.id == bindparam("its_id")
_FIND = _SELECT.where(*_IS_IT)
_FIND_TO_CHANGE = select(flow_runs).where(*_IS_IT).with_for_update()
_LOCK = (
    select(flow_runs.c.id)
    .where(
        flow_runs.c.workspace_id == bindparam("its_workspace"), flow_runs.c.id.in_(bindparam("its_ids", expanding=True))
    )
    .order_by(flow_runs.c.id)
    .with_for_update()
)
_CHANGE = update(flow_runs).where(*_IS_IT)


def find_row(flow_run_id: UUID, context: Context) -> FlowRunRow | None:
    """Return the row of a flow run, with its flow's name; None if there is none."""
    return context.connection.execute(_FIND, _key(flow_run_id, context)).mappings().first()


def read_row(flow_run_id: UUID, context: Context) -> FlowRunRow:
    """Return the row of a flow run, with its flow's name.

    Raises:
        ObjectNotFound: there is none.
    """
    row = find_row(flow_run_id, context)
    if row is None:
        raise ObjectNotFound(f"There is no flow run {flow_run_id}. It may have been deleted.")
    return row


def row_to_change(flow_run_id: UUID, context: Context) -> FlowRunRow:
    """Return the row of a flow run, kept from others until the transaction ends.

    Raises:
        ObjectNotFound: there is none.
    """
    row = context.connection.execute(_FIND_TO_CHANGE, _key(flow_run_id, context)).mappings().first()
    if row is None:
        raise ObjectNotFound(f"There is no flow run {flow_run_id}. It may have been deleted.")
    return row


def lock_rows(connection: Connection, flow_run_ids: list[UUID]) -> None:
    """Keep others from changing flow runs until the transaction ends.

    Parameters:
        connection: in a transaction that may write.
        flow_run_ids: which, in the order to lock them in. Those that are not there are passed over.
    """
    for first in range(0, len(flow_run_ids), _IDS_PER_STATEMENT):
        ids = flow_run_ids[first : first + _IDS_PER_STATEMENT]
        connection.execute(_LOCK, {"its_workspace": LOCAL_WORKSPACE, "its_ids": ids})


def row_with_key(flow_id: UUID, idempotency_key: str, context: Context) -> FlowRunRow | None:
    """Return the row of the flow's run with that key; None if there is none."""
    statement = _SELECT.where(
        flow_runs.c.workspace_id == context.workspace_id,
        flow_runs.c.flow_id == flow_id,
        flow_runs.c.idempotency_key == idempotency_key,
    )
    return context.connection.execute(statement).mappings().first()


def facts_of(row: FlowRunRow, now: datetime) -> Facts:
    """Return what the rules need to know of a flow run."""
    states = history_of(row)
    facts = Facts(
        state=states[-1],
        attempt=row["attempt"],
        lease_owner=row["lease_owner"],
        leased=row["lease_expires"] is not None,
        now=now,
        nested=row["parent_flow_run_id"] is not None and row["deployment_id"] is None,
    )
    if row["deployment_id"] is None:
        return facts
    return replace(
        facts,
        deployed=True,
        worker_id=row["worker_id"],
        due=row["due"],
        ran=row["run_count"] > 0,
        resumes=_resumes(states),
        recoveries_left=row["recoveries"] - _recoveries(states),
        lost_claims=_lost_claims(states),
    )


def _resumes(states: list[StateRecord]) -> bool:
    before = next((one for one in reversed(states) if one.type is not StateType.PENDING), states[-1])
    return before.name == RESUMING


def _recoveries(states: list[StateRecord]) -> int:
    """Return how often a run was put back since somebody last had it carried out again after its end."""
    since = takewhile(lambda one: not one.type.is_terminal, reversed(states[:-1]))
    return sum(one.name == AWAITING_RECOVERY for one in (states[-1], *since))


def _lost_claims(states: list[StateRecord]) -> int:
    lost = 0
    for one in reversed(states):
        if one.type is StateType.RUNNING or one.type.is_terminal:
            break
        lost += one.name == AWAITING_WORKER
    return lost


def history_of(row: FlowRunRow) -> list[StateRecord]:
    """Return the run's states, oldest first."""
    return history_or(row["states"], row["state_type"], row["state_name"], row["created"])


def totals_of_row(row: FlowRunRow) -> Totals:
    """Return what the run's history amounts to."""
    return Totals(row["run_count"], row["expected_start"], row["start_time"], row["end_time"], row["run_seconds"])


def state_columns(states: list[StateRecord], totals: Totals, now: datetime) -> dict[str, Any]:
    """Return the columns that say which state a run is in, as it enters that at the instant `now`."""
    return {
        "state_type": states[-1].type.value,
        "state_name": states[-1].name,
        "waiting_since": now if states[-1].type in PASSING_STATES else None,
        "states": bounded(states),
        "run_count": totals.run_count,
        "expected_start": totals.expected_start,
        "start_time": totals.start_time,
        "end_time": totals.end_time,
        "run_seconds": totals.run_seconds,
        "due": (states[-1].scheduled_time or now) if states[-1].type is StateType.SCHEDULED else None,
    }


def lease_columns(owner: str, lease_seconds: float, now: datetime) -> dict[str, Any]:
    """Return the columns that say who runs a run, and until when."""
    return {"lease_owner": owner, "lease_expires": now + timedelta(seconds=lease_seconds)}


def enter(row: FlowRunRow, ruling: Ruling, changes: dict[str, Any], context: Context) -> None:
    """Write what was ruled for the run in `row`.

    Parameters:
        row: as it was when the facts were read, in this transaction.
        ruling: one that enters a state.
        changes: further columns.
        context: of the request.
    """
    enter_all([(row, ruling, changes)], context)


def enter_all(entries: Sequence[tuple[FlowRunRow, Ruling, dict[str, Any]]], context: Context) -> list[dict[str, Any]]:
    """Write what was ruled for several runs, in one statement for those of which the same columns change.

    Parameters:
        entries: of each run its row as it was when the facts were read, a ruling that enters a state, and further columns.
        context: of the request.

    Returns:
        The changed columns of each.
    """
    written = []
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row, ruling, changes in entries:
        states = history_of(row)
        values = _values_entering(row, ruling, states, context.now()) | changes
        by_columns.setdefault(tuple(values), []).append(values | _key(row["id"], context))
        tell_states(row, [*states, ruling.state], len(states), context)
        written.append(values)
    for many in by_columns.values():
        context.connection.execute(_CHANGE, many if len(many) > 1 else many[0])
    return written


def _values_entering(row: FlowRunRow, ruling: Ruling, states: list[StateRecord], now: datetime) -> dict[str, Any]:
    state = ruling.state
    values = state_columns([*states, state], totals_of_row(row).entering(state, states[-1]), now)
    values["attempt"] = ruling.attempt
    if not ruling.leases:
        values["lease_expires"] = None
    if ruling.fences:
        values["lease_owner"] = None
    if state.type is StateType.SCHEDULED and ruling.leases:
        values["due"] = None  # what a process waits for itself is nobody else's to take up
    elif state.type is StateType.CANCELLING and ruling.leases and row["deployment_id"] is not None:
        values["due"] = now + LONGEST_CANCELLING
    return values


def _key(flow_run_id: UUID, context: Context) -> dict[str, Any]:
    return {"its_workspace": context.workspace_id, "its_id": flow_run_id}


def outcome_columns(state: StateRecord, error: ErrorRecord | None, result: str | None) -> dict[str, Any]:
    """Return the columns that say how a run ended; they are emptied when it goes on."""
    if state.type.is_terminal:
        return {"error": error, "result": result}
    return {"error": error, "result": None}


def flow_run_of(row: FlowRunRow, flow_name: str | None = None, *, with_history: bool = True) -> FlowRun:
    """Return the flow run in `row`.

    Parameters:
        row: its columns.
        flow_name: where the row does not hold it.
        with_history: whether all its states are wanted.
    """
    states = history_of(row)
    expires, owner = row["lease_expires"], row["lease_owner"]
    return FlowRun(
        id=row["id"],
        flow_id=row["flow_id"],
        flow_name=flow_name or row["flow_name"],
        name=row["name"],
        state=states[-1],
        created=row["created"],
        states=states if with_history else [],
        parameters=row["parameters"] or {},
        tags=row["tags"] or [],
        run_count=row["run_count"],
        attempt=row["attempt"],
        lease=None if expires is None else Lease(owner, row["attempt"], expires),
        parent_flow_run_id=row["parent_flow_run_id"],
        parent_task_run_id=row["parent_task_run_id"],
        upstreams=row["upstreams"] or {},
        flow_version=row["flow_version"],
        retries=row["retries"],
        recoveries=row["recoveries"],
        expected_start=row["expected_start"],
        start_time=row["start_time"],
        end_time=row["end_time"],
        total_run_seconds=row["run_seconds"],
        error=row["error"],
        result=row["result"],
        deployment_id=row["deployment_id"],
        deployment_version=row["deployment_version"],
        schedule_id=row["schedule_id"],
        backfill_id=row["backfill_id"],
        work_pool_name=row["work_pool_name"],
        work_queue_name=row["work_queue_name"],
        worker_id=row["worker_id"],
        job_variables=row["job_variables"] or {},
        repeats=row["repeats"],
        anew=row["anew"] or [],
    )
