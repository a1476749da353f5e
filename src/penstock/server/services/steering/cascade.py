"""A cancellation reaches what the cancelled runs have called, wherever that is carried out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from penstock.core.state_type import TERMINAL_STATES, StateType
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs
from penstock.server.rules.flow_run_life import decide
from penstock.server.services.flow_run_rows import FlowRunRow, enter_all, facts_of, outcome_columns
from penstock.wire.flow_runs import StateProposal
from penstock.wire.states import StateRecord

MOST_CALLED = 2_000
"""How many runs one cancellation reaches beyond those that are named."""

_IDS_PER_STATEMENT = 400
_WITH_ITS_CALLER = "Cancelled with the flow run that called it."
_ENDED = [kind.value for kind in TERMINAL_STATES]


def cancellation(row: FlowRunRow, message: str, context: Context) -> StateProposal:
    """Return what is proposed for a run that is to be cancelled: a process that carries it out is told to end it first."""
    if row["lease_expires"] is not None:
        return StateProposal(StateRecord(StateType.CANCELLING, "Cancelling", context.now(), message))
    return StateProposal(StateRecord(StateType.CANCELLED, "Cancelled", context.now(), message))


def is_cancellation(state: StateRecord) -> bool:
    """Whether a run that enters `state` is cancelled by that, or is about to be."""
    return state.type in (StateType.CANCELLING, StateType.CANCELLED)


def cancel_called(flow_run_ids: Sequence[UUID], context: Context) -> int:
    """Cancel the runs that others have called and that have not ended, at whatever depth; return how many.

    A subflow in the process of its caller is left to that: it ends with it, and says so itself.

    Parameters:
        flow_run_ids: the callers, which are being cancelled in this transaction.
        context: of that.
    """
    called = sorted(_unended_below(flow_run_ids, context))
    cancelled = 0
    for first in range(0, len(called), _IDS_PER_STATEMENT):
        entries = []
        for row in _locked(called[first : first + _IDS_PER_STATEMENT], context):
            ruling = decide(facts_of(row, context.now()), cancellation(row, _WITH_ITS_CALLER, context))
            if ruling.enters and row["state_type"] != StateType.CANCELLING.value and not _is_in_process(row):
                entries.append((row, ruling, outcome_columns(ruling.state, None, None)))
        if entries:
            enter_all(entries, context)
        cancelled += len(entries)
    return cancelled


def _is_in_process(row: FlowRunRow) -> bool:
    return row["deployment_id"] is None and row["lease_expires"] is not None


def _unended_below(flow_run_ids: Sequence[UUID], context: Context) -> set[UUID]:
    found: set[UUID] = set()
    callers = list(flow_run_ids)
    while callers and len(found) < MOST_CALLED:
        some, callers = callers[:_IDS_PER_STATEMENT], callers[_IDS_PER_STATEMENT:]
        statement = (
            select(flow_runs.c.id)
            .where(
                flow_runs.c.workspace_id == context.workspace_id,
                flow_runs.c.parent_flow_run_id.in_(some),
                flow_runs.c.state_type.not_in(_ENDED),
            )
            .limit(MOST_CALLED - len(found))
        )
        new = set(context.connection.execute(statement).scalars()) - found
        found |= new
        callers += sorted(new)
    return found


def _locked(flow_run_ids: list[UUID], context: Context) -> Sequence[Any]:
    # In the order in which all lock them.
    statement = (
        select(flow_runs)
        .where(flow_runs.c.workspace_id == context.workspace_id, flow_runs.c.id.in_(flow_run_ids))
        .order_by(flow_runs.c.id)
        .with_for_update()
    )
    return context.connection.execute(statement).mappings().all()
