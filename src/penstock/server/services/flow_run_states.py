"""The states of flow runs: proposed by whoever runs or steers them, decided by the rules, written here."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from penstock.core.errors import Forbidden, StaleAttempt
from penstock.core.state_type import StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.rules.flow_run_life import Ruling, decide, decide_resume, decide_retry, decide_start
from penstock.server.services.bulk import audit
from penstock.server.services.crashes import crash_task_runs_of
from penstock.server.services.flow_run_rows import (
    FlowRunRow,
    enter,
    facts_of,
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
        InvalidRequest: no lease lasts so long.
    """
    row = row_to_change(request.id, context)
    given = _verdict_given(row, request.idempotency_key)
    if given is not None:
        return given
    now = context.now()
    ruling = decide_start(facts_of(row, now), request.owner, claimed_attempt=request.attempt)
    if ruling.stale:
        raise StaleAttempt(f"Flow run {request.id} is not this process's to run. {ruling.reason}")
    if ruling.enters:
        lease = lease_columns(request.owner, bounds.check_lease(request.lease_seconds), now)
        changes = lease | outcome_columns(ruling.state, None, None) | _said_by_flow(request)
        enter(row, ruling, changes | _kept_verdicts(row, request.idempotency_key, ruling), context)
    return _verdict(ruling)


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
    ruling = decide(facts_of(row, context.now()), proposal)
    if ruling.stale:
        raise StaleAttempt(f"Flow run {request.id} takes nothing more from this process. {ruling.reason}")
    if ruling.enters:
        outcome = outcome_columns(ruling.state, bounds.check_error(proposal.error), _location(proposal.result))
        enter(row, ruling, outcome | _kept_verdicts(row, proposal.idempotency_key, ruling), context)
        if ruling.state.type is StateType.CRASHED or ruling.fences:
            # What the process could not end before it says so, nobody will.
            crashed = StateRecord(StateType.CRASHED, "Crashed", ruling.state.timestamp, _CRASHED_AROUND)
            crash_task_runs_of(request.id, crashed, context)
    return _verdict(ruling)


def retry(request: RetryFlowRun, context: Context) -> Verdict:
    """Have a flow run that a deployment made, and that has ended badly, carried out again, and record who wanted it.

    Raises:
        ObjectNotFound: there is no such flow run.
        InvalidRequest: the delay makes no sense.
    """
    row = row_to_change(request.id, context)
    due = context.now() + timedelta(seconds=bounds.check_delay(request.delay_seconds))
    ruling = decide_retry(facts_of(row, context.now()), due, _said("Retried", request.reason, context))
    return _steered("flow_runs.retry", row, ruling, request, context)


def resume(request: ResumeFlowRun, context: Context) -> Verdict:
    """Have a paused flow run go on, and record who wanted it.

    Raises:
        ObjectNotFound: there is no such flow run.
    """
    row = row_to_change(request.id, context)
    ruling = decide_resume(facts_of(row, context.now()), _said("Resumed", request.reason, context))
    return _steered("flow_runs.resume", row, ruling, request, context)


def _steered(
    action: str, row: FlowRunRow, ruling: Ruling, request: RetryFlowRun | ResumeFlowRun, context: Context
) -> Verdict:
    if ruling.enters:
        enter(row, ruling, outcome_columns(ruling.state, None, None), context)
        audit.record(action, 1, request, context)
    return _verdict(ruling)


def _said(done: str, reason: str | None, context: Context) -> str:
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
    return {"verdicts": [*(row["verdicts"] or ()), (key, _verdict(ruling))][-_VERDICTS_KEPT:]}


def _verdict(ruling: Ruling) -> Verdict:
    return Verdict(ruling.decision, ruling.state, ruling.attempt, ruling.reason, ruling.retry_after_seconds)
