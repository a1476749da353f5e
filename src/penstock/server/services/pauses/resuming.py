"""Resuming paused flow runs: who does, with which input; and how a pause stands."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.core.errors import InvalidRequest
from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.database.types import encode_json
from penstock.server.json_schema import check_values
from penstock.server.rules.flow_run_life import decide_expiry, decide_resume
from penstock.server.services.flow_run_rows import FlowRunRow, facts_of, history_of, read_row, row_to_change
from penstock.server.services.flow_run_states import said_by, steer, verdict_of
from penstock.server.services.pauses import rows
from penstock.server.services.pauses.expiry import fail_expired
from penstock.wire.flow_runs import Decision, Verdict
from penstock.wire.pausing.pauses import PauseStanding, ReadPause
from penstock.wire.requests import ResumeFlowRun


def resume(request: ResumeFlowRun, context: Context) -> Verdict:
    """Have a paused flow run go on, with the input that it waits for, and record who wanted it.

    Raises:
        ObjectNotFound: there is no such flow run.
        InvalidRequest: the input is not what the run waits for.
        ObjectLimitReached: the input is too large.
    """
    row = row_to_change(request.id, context)
    facts = facts_of(row, context.now())
    ruling = decide_resume(facts, said_by("Resumed", request.reason, context))
    if not ruling.enters:
        return verdict_of(ruling)
    pause = _meant(request, context)
    if pause is None and request.pause_key is not None:
        other = f"It does not wait in the pause {request.pause_key[:100]!r}, which is over or was never gone into."
        return Verdict(Decision.REJECT, facts.state, facts.attempt, other)
    if pause is not None and pause["expires"] is not None and pause["expires"] <= context.now():
        expiry = decide_expiry(facts, pause["expires"])
        if facts.leased:  # its process says so itself, and may go on all the same
            return Verdict(Decision.REJECT, facts.state, facts.attempt, expiry.state.message)
        fail_expired(row, pause, expiry, context)
        return Verdict(Decision.REJECT, expiry.state, row["attempt"], expiry.state.message)
    given = _input_for(pause, row, request.input)
    if pause is not None:
        rows.end(request.id, pause["key"], context, context.principal.name, given)
    # What was given may be secret; who resumed it, and why, is not.
    return steer("flow_runs.resume", row, ruling, msgspec.structs.replace(request, input=None), context)


def read(request: ReadPause, context: Context) -> PauseStanding:
    """Return how a pause of a flow run stands, with the input that it was resumed with.

    Raises:
        ObjectNotFound: there is no such flow run.
    """
    state = history_of(read_row(request.id, context))[-1]
    row = rows.find(request.id, request.key, context)
    return PauseStanding(state, None if row is None else rows.pause_of(row, with_input=True))


def _meant(request: ResumeFlowRun, context: Context) -> rows.PauseRow | None:
    if request.pause_key is None:
        return rows.newest_open(request.id, context)
    found = rows.find(request.id, request.pause_key, context)
    return None if found is None or found["ended"] is not None else found


def _input_for(pause: rows.PauseRow | None, row: FlowRunRow, given: dict[str, Any] | None) -> dict[str, Any] | None:
    schema = None if pause is None else pause["input_schema"]
    whose = f"flow run {row['name']!r}"
    if schema is None:
        if given:
            raise InvalidRequest(f"F{whose[1:]} waits for no input. Resume it without.")
        return None
    given = given or {}
    bounds.check_nesting(given, "input")
    bounds.check_text_size(encode_json(given), bounds.INPUT_LIMIT, "input")
    check_values(schema, given, "input", whose, "`penstock flow-run inspect` shows what it waits for.")
    return given
