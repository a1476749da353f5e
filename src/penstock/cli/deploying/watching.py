"""Waiting for the end of a run that is carried out elsewhere."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from penstock.cli import exit_codes
from penstock.cli.screen import states
from penstock.cli.screen.output import Format, flush_output, paint, print_json, print_line, say
from penstock.cli.screen.words import duration, first_line, local, one_line
from penstock.cli.views import as_json
from penstock.client.transport import call
from penstock.core import clock
from penstock.core.state_type import StateType
from penstock.wire.deploying.deployments import DeploymentRun
from penstock.wire.flow_runs import FlowRun
from penstock.wire.operations import FLOW_RUNS_READ
from penstock.wire.requests import ById

_FIRST_PAUSE_SECONDS = 0.05
_LONGEST_PAUSE_SECONDS = 2.0
_CODES = {
    StateType.COMPLETED: exit_codes.COMPLETED,
    StateType.FAILED: exit_codes.FAILED,
    StateType.CRASHED: exit_codes.FAILED,
}


def watch(run: FlowRun, output: Format, timeout_seconds: float | None = None) -> int:
    """Wait until a run has ended, saying its states; then print how it ended, and return the exit code that says the same.

    Parameters:
        run: the run.
        output: how its end is printed.
        timeout_seconds: how long to wait at most; None for as long as it takes.
    """
    ended = _awaited(run, timeout_seconds)
    if output == "json":
        print_json(as_json.flow_run(ended))
    elif ended.state.type.is_terminal:
        _print_end(ended)
    if not ended.state.type.is_terminal:
        say(f"It is {ended.state.name}: it has not ended within {duration(timeout_seconds or 0)}, and goes on.")
        return exit_codes.STOPPED
    return _CODES.get(ended.state.type, exit_codes.STOPPED)


def _awaited(run: FlowRun, timeout_seconds: float | None) -> FlowRun:
    until = None if timeout_seconds is None else clock.current().monotonic() + timeout_seconds
    pause, said = _FIRST_PAUSE_SECONDS, run.state.name
    while not run.state.type.is_terminal:
        left = pause if until is None else min(pause, until - clock.current().monotonic())
        if left <= 0:
            break
        clock.current().sleep(left)
        run = _read(run.id)
        if run.state.name != said:
            said, pause = run.state.name, _FIRST_PAUSE_SECONDS
            if not run.state.type.is_terminal:
                say(f"{said}…")
        pause = min(1.5 * pause, _LONGEST_PAUSE_SECONDS)
    return run


def _read(run_id: UUID) -> FlowRun:
    return call(FLOW_RUNS_READ, ById(run_id))


def _print_end(run: FlowRun) -> None:
    look = states.style(run.state.type, run.state.name).split()[0]
    words = paint(f"{states.sign(run.state.type)} {one_line(run.state.name)}", fg=look, bold=True)
    took = "" if run.start_time is None else f" in {duration(run.total_run_seconds)}"
    message = run.state.message
    why = "" if run.state.type is StateType.COMPLETED or not message else f": {first_line(message)}"
    print_line(f"{words}{took}  {one_line(run.flow_name)} / {paint(one_line(run.name), bold=True)}{why}")
    print_line(paint(f"penstock flow-run inspect {run.id}", dim=True))
    flush_output()


def begun(made: DeploymentRun, output: Format | Literal["none"]) -> None:
    """Say which run a deployment was asked for.

    Parameters:
        made: the run.
        output: how; `none` where its end will be printed.
    """
    run = made.flow_run
    if output == "json":
        print_json(as_json.flow_run(run))
    elif output == "text":
        due = run.expected_start
        later = f", due {local(due)}" if due is not None and due > clock.now() else ""
        again = "" if made.is_new else " (made before, by the same key)"
        say(f"{one_line(run.flow_name)} / {one_line(run.name)} is {run.state.name}{later}{again}.")
        say(f"penstock flow-run inspect {run.id}")
