"""Pauses whose time is over: the runs that nobody resumed have Failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column, or_, select

from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, pauses
from penstock.server.rules.flow_run_life import Ruling, decide_expiry
from penstock.server.services.crashes import crash_task_runs_of
from penstock.server.services.flow_run_rows import FlowRunRow, enter, facts_of, outcome_columns
from penstock.server.services.pauses import rows
from penstock.wire.states import ErrorRecord, StateRecord

GRACE = timedelta(seconds=60)
"""How long a process that waits has to say itself that the time of its pause is over."""

_TIMEOUT = "penstock.exceptions.FlowPauseTimeout"


@dataclass(frozen=True, slots=True)
class ExpiredPause:
    """A pause whose time is over.

    Attributes:
        flow_run_id: whose.
        key: which.
    """

    flow_run_id: UUID
    key: str


def expired(limit: int, context: Context) -> list[ExpiredPause]:
    """Return pauses whose time is over, by flow runs; those of living processes a while later.

    Parameters:
        limit: how many at most.
        context: of the question.
    """
    statement = (
        select(pauses.c.flow_run_id, pauses.c.key)
        .join(flow_runs, (flow_runs.c.workspace_id == pauses.c.workspace_id) & (flow_runs.c.id == pauses.c.flow_run_id))
        .where(pauses.c.workspace_id == context.workspace_id, *_is_over(context))
        .order_by(pauses.c.expires)
        .limit(limit)
    )
    found = [ExpiredPause(row.flow_run_id, row.key) for row in context.connection.execute(statement)]
    return sorted(found, key=lambda pause: pause.flow_run_id)  # locked in the order that all lock in


def end(pause: ExpiredPause, context: Context) -> bool:
    """End a pause whose time is over; whether its flow run has Failed by that.

    Parameters:
        pause: as it was listed.
        context: of the write.
    """
    statement = select(flow_runs).where(
        flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id == pause.flow_run_id
    )
    run = context.connection.execute(statement.with_for_update(skip_locked=True)).mappings().first()
    found = rows.find(pause.flow_run_id, pause.key, context)
    if run is None or found is None or found["ended"] is not None or found["expires"] is None:
        return False
    if found["expires"] > context.now():
        return False  # the run has gone into it anew meanwhile
    newest = rows.newest_open(pause.flow_run_id, context)
    if run["state_type"] != StateType.PAUSED.value or newest is None or newest["key"] != pause.key:
        rows.end(pause.flow_run_id, pause.key, context)
        return False
    fail_expired(run, found, decide_expiry(facts_of(run, context.now()), found["expires"]), context)
    return True


def fail_expired(run: FlowRunRow, pause: rows.PauseRow, ruling: Ruling, context: Context) -> None:
    """Write that a flow run has Failed because nobody resumed it in time.

    Parameters:
        run: its row, kept from others.
        pause: what it waited for.
        ruling: that it has Failed.
        context: of the write.
    """
    message = ruling.state.message or ""
    enter(run, ruling, outcome_columns(ruling.state, ErrorRecord(_TIMEOUT, message), None), context)
    crashed = StateRecord(StateType.CRASHED, "Crashed", context.now(), message)
    crash_task_runs_of(run["id"], crashed, context)
    rows.end(run["id"], pause["key"], context)


def _is_over(context: Context) -> tuple[ColumnElement[bool], ...]:
    now = context.now()
    return (
        # Spelled as the index has it.
        pauses.c.ended.is_(literal_column("NULL")),
        pauses.c.expires.is_not(literal_column("NULL")),
        pauses.c.expires <= now,
        or_(flow_runs.c.lease_expires.is_(None), pauses.c.expires <= now - GRACE),
    )
