"""Actions on the flow runs that a filter means: counted first, done in bounded steps, recorded in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, and_, select

from penstock.core.errors import InvalidRequest
from penstock.core.state_type import TERMINAL_STATES, StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs
from penstock.server.pages import page_of, split_page
from penstock.server.rules.flow_run_life import decide
from penstock.server.services.bulk import audit
from penstock.server.services.deletion import marks
from penstock.server.services.deletion.requests import carry_out
from penstock.server.services.filters import flow_run_filter
from penstock.server.services.filters.counting import count_of, count_with_called
from penstock.server.services.flow_run_rows import enter, facts_of, outcome_columns
from penstock.server.services.steering.cascade import cancel_called, cancellation, is_cancellation
from penstock.server.steps import Steps
from penstock.wire.bulk import BULK_LIMIT, BulkOutcome, CancelFlowRuns, DeleteFlowRuns, Refusal, SetFlowRunStates
from penstock.wire.flow_runs import StateProposal

_KEYS = (flow_runs.c.id,)
_ENDED_OR_ENDING = [kind.value for kind in (*TERMINAL_STATES, StateType.CANCELLING)]

BulkRequest = DeleteFlowRuns | CancelFlowRuns | SetFlowRunStates


def delete(request: DeleteFlowRuns, steps: Steps) -> BulkOutcome:
    """Delete flow runs with everything recorded of them and of the runs they called, or count them first.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense, or so many are not deleted at once.
    """
    if request.dry_run:
        return steps.write(lambda context: _preview(request, context))
    outcome, following, chosen = BulkOutcome(0), None, 0

    def begin(context: Context) -> UUID:
        nonlocal outcome, following, chosen
        meant = flow_run_filter.meant(request.filter, context)
        outcome = _outcome(meant, request, context)
        rows, following = _next_rows(meant, request, context)
        chosen = len(rows)
        return marks.begin([row.id for row in rows], "flow_runs.delete_many", request, context)

    affected = carry_out(begin, [], steps)
    return msgspec.structs.replace(outcome, affected=affected, subflows=affected - chosen, next=following)


def _preview(request: DeleteFlowRuns, context: Context) -> BulkOutcome:
    meant = flow_run_filter.meant(request.filter, context)
    outcome = _outcome(meant, request, context)
    gone = count_with_called(meant, context)
    return msgspec.structs.replace(
        outcome, subflows=max(gone.count - outcome.matched, 0), is_subflows_capped=gone.is_capped
    )


def cancel(request: CancelFlowRuns, context: Context) -> BulkOutcome:
    """Cancel the flow runs that have not ended, or count them first: one that a process runs is told to end.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense, or so many are not cancelled at once.
    """
    unended = flow_runs.c.state_type.not_in(_ENDED_OR_ENDING)
    meant = and_(flow_run_filter.meant(request.filter, context), unended)
    message = f"Cancelled by {context.principal.name}."
    return _steer("flow_runs.cancel_many", meant, lambda row: cancellation(row, message, context), request, context)


def set_states(request: SetFlowRunStates, context: Context) -> BulkOutcome:
    """Have flow runs enter a state, as far as the rules let a person do that, or count them first.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it or the state makes no sense, or so many are not changed at once.
    """
    state = request.state
    if state.message is None:
        state = msgspec.structs.replace(state, message=f"Set by {context.principal.name}.")
    proposed = StateProposal(bounds.check_state(state), force=request.force)
    meant = flow_run_filter.meant(request.filter, context)
    return _steer("flow_runs.set_state_many", meant, lambda _: proposed, request, context)


def _steer(
    action: str, meant: ColumnElement[bool], proposal: Any, request: BulkRequest, context: Context
) -> BulkOutcome:
    outcome = _outcome(meant, request, context)
    if request.dry_run:
        return outcome
    rows, following = _next_rows(meant, request, context)
    left: dict[str, str] = {}
    refused, cancelled = [], []
    for row in rows:
        facts = facts_of(row._mapping, context.now())
        ruling = decide(facts, proposal(row._mapping))
        if ruling.enters:
            enter(row._mapping, ruling, outcome_columns(ruling.state, None, None), context)
            left[str(row.id)] = facts.state.name
            if is_cancellation(ruling.state):
                cancelled.append(row.id)
        elif ruling.reason is not None:
            refused.append(Refusal(row.id, ruling.reason))
    called = cancel_called(cancelled, context) if cancelled else 0
    details = {**msgspec.to_builtins(request), "left_states": left}
    audit.record(action, len(left) + called, details, context)
    return msgspec.structs.replace(outcome, affected=len(left), refused=refused, next=following)


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
