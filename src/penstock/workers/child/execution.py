"""One run of a deployment, from its claim to its end, in a process of its own."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from penstock.client.transport import call
from penstock.context import run_here
from penstock.core import clock
from penstock.core.errors import PenstockException, StaleAttempt
from penstock.core.state import State
from penstock.core.state_type import StateType
from penstock.engine.definitions.flow_definition import FlowDefinition
from penstock.engine.flow_engine import run_flow
from penstock.reporting.log_lines import configure_logging
from penstock.reporting.recorder import current_recorder
from penstock.reporting.tracebacks import describe, traceback_text
from penstock.wire.flow_runs import StateProposal
from penstock.wire.operations import FLOW_RUNS_PROPOSE
from penstock.wire.requests import Propose
from penstock.wire.states import ErrorRecord, StateRecord
from penstock.workers.child.assignment import Assignment, flow_run_id_in, read_assignment
from penstock.workers.child.code import load_flow
from penstock.workers.child.parent import die_with_parent

DONE, UNSUCCESSFUL, NOT_STARTED = 0, 1, 3
"""How the process ends: its run is on record, however it ended; its state could not be told; there was nothing to run."""


def execute(environment: Mapping[str, str]) -> int:
    """Carry out the run that the environment names, and return the exit code of the process.

    A run that fails is a success of the process: that is on record. Only what could not be recorded is not.
    """
    die_with_parent(environment)
    try:
        flow_run_id, attempt = flow_run_id_in(environment)
        assignment = read_assignment(flow_run_id, attempt)
    except PenstockException as error:
        _say(str(error))
        return NOT_STARTED
    return carry_out(assignment)


def carry_out(assignment: Assignment, flow: FlowDefinition | None = None) -> int:
    """Find the flow of a run, unless it is at hand, call it, and return the exit code of the process."""
    configure_logging(run_here)
    run = assignment.flow_run
    try:
        found = load_flow(assignment.spec) if flow is None else flow
        arguments = found.signature.bind((), run.parameters)
    except Exception as error:
        return _could_not_start(assignment, error)
    try:
        state = _state_of(found, arguments, run.id, assignment.attempt)
    except StaleAttempt as error:
        _say(str(error))
        return UNSUCCESSFUL
    except PenstockException as error:
        _say(str(error))
        return UNSUCCESSFUL
    return DONE if state.is_final() or state.is_paused() or state.is_scheduled() else UNSUCCESSFUL


def _state_of(flow: FlowDefinition, arguments: dict[str, Any], flow_run_id: UUID, attempt: int | None) -> State[Any]:
    outcome = run_flow(flow, arguments, return_state=not flow.isgenerator, flow_run_id=flow_run_id, attempt=attempt)
    if flow.isasync:
        import asyncio

        outcome = asyncio.run(_all_of(outcome) if flow.isgenerator else outcome)
    elif flow.isgenerator:
        for _ in outcome:
            pass
    state: State[Any] = State(StateType.COMPLETED) if flow.isgenerator else outcome
    return state


async def _all_of(stream: Any) -> None:
    async for _ in stream:
        pass


def _could_not_start(assignment: Assignment, error: Exception) -> int:
    """Record that the code of a run could not be had, or does not fit it: the run has Failed before it began."""
    run = assignment.flow_run
    log = logging.getLogger("penstock.flow_runs")
    log.error("%s", describe(error), extra={"flow_run_id": run.id, "flow_run_name": run.name})
    current_recorder().flush()
    state = StateRecord(StateType.FAILED, "Failed", clock.now(), f"The flow could not be loaded. {describe(error)}")
    record = ErrorRecord(type(error).__name__, str(error), traceback_text(error))
    try:
        call(FLOW_RUNS_PROPOSE, Propose(run.id, StateProposal(state, assignment.attempt, error=record)))
    except PenstockException as refusal:
        _say(str(refusal))
        return UNSUCCESSFUL
    return DONE


def _say(message: str) -> None:
    if sys.stderr is not None:
        try:
            sys.stderr.write(f"penstock[{os.getpid()}]: {message}\n")
            sys.stderr.flush()
        except (OSError, ValueError):
            pass
