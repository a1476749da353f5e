"""Runs whose process is gone: put back or declared Crashed, with all in them that had not ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, update

from penstock.core.state_type import TERMINAL_STATES, StateType
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, task_runs
from penstock.server.rules.claims import decide_death
from penstock.server.rules.flow_run_life import Ruling
from penstock.server.rules.history import totals_of
from penstock.server.services.flow_run_rows import FlowRunRow, enter, facts_of
from penstock.server.services.leases import HeldRun
from penstock.wire.states import StateRecord

_TERMINAL = [kind.value for kind in TERMINAL_STATES]


def declare_dead(run: HeldRun, reason: str, context: Context) -> bool:
    """End `run` or put it back because its process is gone; whether it still was that process's to lose.

    Its attempt is fenced by this: should the process live after all, nothing more is taken from it.

    Parameters:
        run: as it was listed.
        reason: which process it was, and how it is known to be gone.
        context: of the write.
    """
    crashed = StateRecord(StateType.CRASHED, "Crashed", context.now(), reason)
    if not run.is_flow_run:
        condition = task_runs.c.id == run.id, task_runs.c.owner == run.owner
        return _crash_task_runs(condition, crashed, context) > 0
    statement = (
        select(flow_runs)
        .where(
            flow_runs.c.workspace_id == context.workspace_id,
            flow_runs.c.id == run.id,
            flow_runs.c.attempt == run.attempt,
            flow_runs.c.lease_owner == run.owner,
            flow_runs.c.lease_expires == run.expires,
        )
        # Whose row another transaction changes at this moment has a process that lives, or will be found the next time.
        .with_for_update(skip_locked=True)
    )
    row = context.connection.execute(statement).mappings().first()
    if row is None:
        return False
    let_go(row, decide_death(facts_of(row, context.now()), reason), context)
    return True


def let_go(row: FlowRunRow, ruling: Ruling, context: Context) -> None:
    """Write a ruling that takes a run from its holder; what the holder could not end in it is Crashed.

    Parameters:
        row: the run's, kept from others.
        ruling: as in `enter`.
        context: of the write.
    """
    enter(row, ruling, {}, context)
    if row["run_count"]:
        crashed = StateRecord(StateType.CRASHED, "Crashed", context.now(), ruling.state.message)
        crash_task_runs_of(row["id"], crashed, context)


def crash_task_runs_of(flow_run_id: UUID, crashed: StateRecord, context: Context) -> None:
    """Mark the task runs of a flow run Crashed that had not ended when it crashed.

    Parameters:
        flow_run_id: the flow run.
        crashed: the state they enter.
        context: of the write.
    """
    _crash_task_runs((task_runs.c.flow_run_id == flow_run_id,), crashed, context)


def _crash_task_runs(condition: tuple[Any, ...], crashed: StateRecord, context: Context) -> int:
    unfinished = context.connection.execute(
        select(task_runs.c.id, task_runs.c.flow_run_id, task_runs.c.states)
        .where(
            task_runs.c.workspace_id == context.workspace_id,
            *condition,
            task_runs.c.state_type.not_in(_TERMINAL),
        )
        .order_by(task_runs.c.id)
        .with_for_update()
    ).all()
    written: dict[UUID | None, list[UUID]] = {}
    for row in unfinished:
        _crash_task_run(row, crashed, context)
        written.setdefault(row.flow_run_id, []).append(row.id)
    for flow_run_id, ids in written.items():
        context.outbox.note_task_runs(context.workspace_id, flow_run_id, ids, context.dialect)
    return len(unfinished)


def _crash_task_run(row: Row[Any, Any, Any], crashed: StateRecord, context: Context) -> None:
    states = [*(row.states or ()), crashed]
    totals = totals_of(states)
    values = {
        "states": states,
        "state_type": crashed.type.value,
        "state_name": crashed.name,
        "state_count": task_runs.c.state_count + 1,
        "end_time": totals.end_time,
        "run_seconds": totals.run_seconds,
        "owner": None,
    }
    context.connection.execute(
        update(task_runs)
        .where(task_runs.c.workspace_id == context.workspace_id, task_runs.c.id == row.id)
        .values(values)
    )
