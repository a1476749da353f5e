"""Actions on the flow runs that a filter means: counted first, done in bounded steps, recorded in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, and_, func, literal_column, select

from penstock.core.errors import InvalidRequest
from penstock.core.state_type import TERMINAL_STATES, StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs, logs, task_runs
from penstock.server.pages import cursor_of, page_of, split_page
from penstock.server.rules.flow_run_life import decide
from penstock.server.services.bulk import audit
from penstock.server.services.filters import flow_run_filter
from penstock.server.services.filters.counting import count_of
from penstock.server.services.flow_run_deletion import delete_all
from penstock.server.services.flow_run_rows import FlowRunRow, enter, facts_of, outcome_columns
from penstock.wire.bulk import BULK_LIMIT, BulkOutcome, CancelFlowRuns, DeleteFlowRuns, Refusal, SetFlowRunStates
from penstock.wire.flow_runs import StateProposal
from penstock.wire.states import StateRecord

MOST_ROWS = 20_000
"""About how many task runs and log lines one request deletes; a flow run that has more goes whole, but alone."""

_KEYS = (flow_runs.c.id,)
_ENDED_OR_ENDING = [kind.value for kind in (*TERMINAL_STATES, StateType.CANCELLING)]

BulkRequest = DeleteFlowRuns | CancelFlowRuns | SetFlowRunStates


def delete(request: DeleteFlowRuns, context: Context) -> BulkOutcome:
    """Delete flow runs with everything recorded of them, or count them first.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense, or so many are not deleted at once.
    """
    meant = flow_run_filter.meant(request.filter, context)
    outcome = _outcome(meant, request, context)
    if request.dry_run:
        return outcome
    rows, following = _next_rows(meant, request, context)
    few = _within_budget([row.id for row in rows], context)
    if few < len(rows):
        following = cursor_of(rows[few - 1], _KEYS)
    affected = delete_all([row.id for row in rows[:few]], context)
    return _recorded("flow_runs.delete_many", outcome, affected, [], following, request, context)


def cancel(request: CancelFlowRuns, context: Context) -> BulkOutcome:
    """Cancel the flow runs that have not ended, or count them first: one that a process runs is told to end.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense, or so many are not cancelled at once.
    """
    unended = flow_runs.c.state_type.not_in(_ENDED_OR_ENDING)
    meant = and_(flow_run_filter.meant(request.filter, context), unended)
    now = context.now()
    message = f"Cancelled by {context.principal.name}."

    def proposal(row: FlowRunRow) -> StateProposal:
        if row["lease_expires"] is not None:
            return StateProposal(StateRecord(StateType.CANCELLING, "Cancelling", now, message))
        return StateProposal(StateRecord(StateType.CANCELLED, "Cancelled", now, message))

    return _steer("flow_runs.cancel_many", meant, proposal, request, context)


def set_states(request: SetFlowRunStates, context: Context) -> BulkOutcome:
    """Have flow runs enter a state, as far as the rules let a person do that, or count them first.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it or the state makes no sense, or so many are not changed at once.
    """
    proposed = StateProposal(bounds.check_state(request.state), force=request.force)
    meant = flow_run_filter.meant(request.filter, context)
    return _steer("flow_runs.set_state_many", meant, lambda _: proposed, request, context)


def _steer(
    action: str, meant: ColumnElement[bool], proposal: Any, request: BulkRequest, context: Context
) -> BulkOutcome:
    outcome = _outcome(meant, request, context)
    if request.dry_run:
        return outcome
    rows, following = _next_rows(meant, request, context)
    affected, refused = 0, []
    for row in rows:
        facts = facts_of(row._mapping, context.now())
        ruling = decide(facts, proposal(row._mapping))
        if ruling.enters:
            enter(row._mapping, ruling, outcome_columns(ruling.state, None, None), context)
            affected += 1
        elif ruling.reason is not None:
            refused.append(Refusal(row.id, ruling.reason))
    return _recorded(action, outcome, affected, refused, following, request, context)


def _outcome(meant: ColumnElement[bool], request: BulkRequest, context: Context) -> BulkOutcome:
    if not 1 <= request.limit <= BULK_LIMIT:
        raise InvalidRequest(f"From 1 to {BULK_LIMIT} flow runs are acted on at once, not {request.limit}.")
    matched = count_of(flow_runs, meant, context)
    return BulkOutcome(matched.count, matched.is_capped)


def _next_rows(
    meant: ColumnElement[bool], request: BulkRequest, context: Context
) -> tuple[Sequence[Row[Any]], str | None]:
    # In the order in which all lock them.
    statement = select(flow_runs).where(meant).with_for_update()
    page = page_of(statement, _KEYS, request.after, request.limit, descending=False)
    return split_page(context.connection.execute(page).all(), _KEYS, request.limit)


def _within_budget(ids: list[UUID], context: Context) -> int:
    """Return how many of the flow runs, at least one if there is one, can be deleted within the bound."""
    spent = 0
    for number, flow_run_id in enumerate(ids):
        for column in (task_runs.c.flow_run_id, logs.c.flow_run_id):
            its = column.table.c.workspace_id == context.workspace_id, column == flow_run_id
            some = select(literal_column("1")).select_from(column.table).where(*its).limit(MOST_ROWS).subquery()
            spent += context.connection.execute(select(func.count()).select_from(some)).scalar_one()
        if spent > MOST_ROWS:
            return max(number, 1)
    return len(ids)


def _recorded(
    action: str,
    outcome: BulkOutcome,
    affected: int,
    refused: list[Refusal],
    following: str | None,
    request: BulkRequest,
    context: Context,
) -> BulkOutcome:
    audit.record(action, affected, request, context)
    return msgspec.structs.replace(outcome, affected=affected, refused=refused, next=following)
