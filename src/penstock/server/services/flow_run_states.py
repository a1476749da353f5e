"""The states of flow runs: proposed by whoever runs or steers them, decided by the rules, written here."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec

from penstock.core.errors import Forbidden, StaleAttempt
from penstock.core.state_type import StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.rules.flow_run_life import AWAITING_RETRY, Ruling, decide, decide_retry, decide_start
from penstock.server.services.bulk import audit
from penstock.server.services.crashes import crash_task_runs_of
from penstock.server.services.flow_run_rows import (
    FlowRunRow,
    enter,
    facts_of,
    history_of,
    lease_columns,
    outcome_columns,
    row_to_change,
)
from penstock.wire.flow_runs import Verdict
from penstock.wire.requests import Propose, ResumeFlowRun, RetryFlowRun, StartFlowRun
from penstock.wire.states import StateRecord

_VERDICTS_KEPT = 8
_CRASHED_AROUND = "The flow run crashed while this task run was under way."


def start(request: StartFlowRun, context: Context) -> Verdict:
    """Give a flow run to a process under a lease, if it may be started: under a higher attempt, or the one claimed for it.

    Raises:
        ObjectNotFound: there is no such flow run.
        StaleAttempt: the attempt that was claimed for it is no longer the live one.
        Forbidden: it is to be carried out anew, which the process of a run asks for.
        InvalidRequest: no lease lasts so long, or it is not to be carried out anew from there.
    """
    row = row_to_change(request.id, context)
    given = _verdict_given(row, request.idempotency_key)
    if given is not None:
        return given
    if _is_anew(request) and context.principal.only is not None:
        raise Forbidden(f"{context.principal.name} may not have a run carried out anew. People do that.")
    now = context.now()
    ruling = decide_start(facts_of(row, now), request.owner, claimed_attempt=request.attempt, anew=_is_anew(request))
    if ruling.stale:
        raise StaleAttempt(f"Flow run {request.id} is not this process's to run. {ruling.reason}")
    if ruling.enters:
        lease = lease_columns(request.owner, bounds.check_lease(request.lease_seconds), now)
        changes = lease | outcome_columns(ruling.state, None, None) | _said_by_flow(request)
        changes |= _anew(row, request, ruling.attempt, context)
        enter(row, ruling, changes | _kept_verdicts(row, request.idempotency_key, ruling), context)
        if _is_anew(request):
            _forget_pauses(row, context)
            audit.record("flow_runs.start", 1, request, context)
    return verdict_of(ruling)


def propose(request: Propose, context: Context) -> Verdict:
    """Decide on a proposed state and write it if it is accepted.

    Raises:
        ObjectNotFound: there is no such flow run.
        StaleAttempt: it comes from an attempt that is no longer the live one.
        Forbidden: it is to be forced, and comes from the process of a run.
        InvalidRequest: the state can't be stored.
    """
    row = row_to_change(request.id, context)
    proposal = request.proposal
    given = _verdict_given(row, proposal.idempotency_key)
    if given is not None:
        return given
    if proposal.force and context.principal.only is not None:
        raise Forbidden(f"{context.principal.name} may not force a state. People do that.")
    proposal = msgspec.structs.replace(proposal, state=bounds.check_state(proposal.state))
    facts = facts_of(row, context.now())
    ruling = decide(facts, proposal)
    if ruling.stale:
        raise StaleAttempt(f"Flow run {request.id} takes nothing more from this process. {ruling.reason}")
    if proposal.state.type is StateType.PAUSED or proposal.pause is not None:
        # Only here: few runs pause.
        from penstock.server.services.pauses.opening import open_for

        ruling = open_for(request.id, proposal, facts, ruling, context)
    if ruling.enters:
        outcome = outcome_columns(ruling.state, bounds.check_error(proposal.error), _location(proposal.result))
        enter(row, ruling, outcome | _kept_verdicts(row, proposal.idempotency_key, ruling), context)
        if ruling.state.name == AWAITING_RETRY:
            _forget_pauses(row, context)
        if proposal.attempt is None and ruling.state.type in (StateType.CANCELLING, StateType.CANCELLED):
            from penstock.server.services.steering.cascade import cancel_called

            cancel_called([request.id], context)
        if ruling.state.type is StateType.CRASHED or ruling.fences:
            # What the process could not end before it says so, nobody will.
            crashed = StateRecord(StateType.CRASHED, "Crashed", ruling.state.timestamp, _CRASHED_AROUND)
            crash_task_runs_of(request.id, crashed, context)
    return verdict_of(ruling)


def retry(request: RetryFlowRun, context: Context) -> Verdict:
    """Have a flow run that a deployment made, and that has ended, carried out again, and record who wanted it.

    Raises:
        ObjectNotFound: there is no such flow run, or task run.
        InvalidRequest: the delay makes no sense, or it is not to be carried out anew from there.
    """
    row = row_to_change(request.id, context)
    due = context.now() + timedelta(seconds=bounds.check_delay(request.delay_seconds))
    said = said_by(f"Retried{_from_where(request)}", request.reason, context)
    ruling = decide_retry(facts_of(row, context.now()), due, said, anew=_is_anew(request))
    changes: dict[str, Any] = {}
    if ruling.enters:
        _forget_pauses(row, context)
        # Asked of one that has ended: its next attempt is the first whose results count.
        changes = _anew(row, request, row["attempt"] + 1, context)
    return steer("flow_runs.retry", row, ruling, request, context, changes)


def _is_anew(request: StartFlowRun | RetryFlowRun) -> bool:
    return request.from_start or request.from_task_run_id is not None


def _anew(row: FlowRunRow, request: StartFlowRun | RetryFlowRun, attempt: int, context: Context) -> dict[str, Any]:
    if not _is_anew(request):
        return {}
    from penstock.server.services.steering.anew import anew_columns

    return anew_columns(row, request, attempt, context)


def _from_where(request: RetryFlowRun) -> str:
    if request.from_start:
        return " from the start"
    return "" if request.from_task_run_id is None else f" from task run {request.from_task_run_id}"


def _forget_pauses(row: FlowRunRow, context: Context) -> None:
    """Have a run that is tried again from its beginning ask anew for what it asked before."""
    if any(state.type is StateType.PAUSED for state in history_of(row)):
        from penstock.server.services.pauses.rows import forget

        forget(row["id"], context)


def steer(
    action: str,
    row: FlowRunRow,
    ruling: Ruling,
    request: RetryFlowRun | ResumeFlowRun,
    context: Context,
    changes: dict[str, Any] | None = None,
) -> Verdict:
    """Write what was ruled for a run that a person steers, with a line of the audit; return the answer.

    Parameters:
        action: the name of the operation.
        row: the run's, kept from others.
        ruling: what is to become of it.
        request: what was asked, as the audit is to have it.
        context: of the write.
        changes: further columns.
    """
    if ruling.enters:
        enter(row, ruling, outcome_columns(ruling.state, None, None) | (changes or {}), context)
        audit.record(action, 1, request, context)
    return verdict_of(ruling)


def said_by(done: str, reason: str | None, context: Context) -> str:
    """Return what a state says of who has brought it about, and why."""
    by = f"{done} by {context.principal.name}"
    return f"{by}: {bounds.cut(reason, bounds.NAME_LIMIT)}" if reason else f"{by}."


def _said_by_flow(request: StartFlowRun) -> dict[str, int]:
    said = {"recoveries": request.recoveries, "retries": request.retries}
    return {name: bounds.check_times(number, name) for name, number in said.items() if number is not None}


def _location(result: str | None) -> str | None:
    return None if result is None else bounds.cut(result, bounds.LOCATION_LIMIT)


def _verdict_given(row: FlowRunRow, key: str | None) -> Verdict | None:
    if key is None:
        return None
    bounds.check_name(key, "idempotency key")
    given: dict[str, Verdict] = dict(row["verdicts"] or ())
    return given.get(key)


def _kept_verdicts(row: FlowRunRow, key: str | None, ruling: Ruling) -> dict[str, object]:
    if key is None:
        return {}
    return {"verdicts": [*(row["verdicts"] or ()), (key, verdict_of(ruling))][-_VERDICTS_KEPT:]}


def verdict_of(ruling: Ruling) -> Verdict:
    """Return the answer that a ruling makes."""
    return Verdict(ruling.decision, ruling.state, ruling.attempt, ruling.reason, ruling.retry_after_seconds)
