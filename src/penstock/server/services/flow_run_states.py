"""The states of flow runs: proposed by whoever runs or steers them, decided by the rules, written here."""

from __future__ import annotations

import msgspec

from penstock.core.errors import StaleAttempt
from penstock.core.state_type import StateType
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.rules.flow_run_life import Ruling, decide, decide_start
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
from penstock.wire.requests import Propose, StartFlowRun

_VERDICTS_KEPT = 8
_CRASHED_AROUND = "The flow run crashed while this task run was under way."


def start(request: StartFlowRun, context: Context) -> Verdict:
    """Give a flow run to a process under a higher attempt and a lease, if it may be started.

    Raises:
        ObjectNotFound: there is no such flow run.
        InvalidRequest: no lease lasts so long.
    """
    row = row_to_change(request.id, context)
    given = _verdict_given(row, request.idempotency_key)
    if given is not None:
        return given
    now = context.now()
    ruling = decide_start(facts_of(row, now), request.owner)
    if ruling.enters:
        lease = lease_columns(request.owner, bounds.check_lease(request.lease_seconds), now)
        changes = lease | outcome_columns(ruling.state, None, None)
        enter(row, ruling, changes | _kept_verdicts(row, request.idempotency_key, ruling), context)
    return _verdict(ruling)


def propose(request: Propose, context: Context) -> Verdict:
    """Decide on a proposed state and write it if it is accepted.

    Raises:
        ObjectNotFound: there is no such flow run.
        StaleAttempt: it comes from an attempt that is no longer the live one.
        InvalidRequest: the state can't be stored.
    """
    row = row_to_change(request.id, context)
    proposal = request.proposal
    given = _verdict_given(row, proposal.idempotency_key)
    if given is not None:
        return given
    proposal = msgspec.structs.replace(proposal, state=bounds.check_state(proposal.state))
    ruling = decide(facts_of(row, context.now()), proposal)
    if ruling.stale:
        raise StaleAttempt(f"Flow run {request.id} takes nothing more from this process. {ruling.reason}")
    if ruling.enters:
        outcome = outcome_columns(ruling.state, bounds.check_error(proposal.error), _location(proposal.result))
        enter(row, ruling, outcome | _kept_verdicts(row, proposal.idempotency_key, ruling), context)
        if ruling.state.type is StateType.CRASHED:
            # What the process could not end before it says so, nobody will.
            crash_task_runs_of(request.id, msgspec.structs.replace(ruling.state, message=_CRASHED_AROUND), context)
    return _verdict(ruling)


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
