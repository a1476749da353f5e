"""Running a flow for a person: loading it, watching it, and saying how it ended."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from penstock.cli import exit_codes
from penstock.cli.screen import states
from penstock.cli.screen.output import Format, on_terminal, paint, print_json, print_line
from penstock.cli.screen.words import duration, first_line, one_line
from penstock.core.errors import (
    ParameterBindError,
    ParameterTypeError,
    PenstockException,
    ScriptError,
    SignatureMismatchError,
)
from penstock.core.state import State
from penstock.core.state_type import StateType

if TYPE_CHECKING:
    from penstock.cli.views.progress import Progress
    from penstock.flows import Flow
    from penstock.wire.flow_runs import FlowRun

_EXIT_CODES = {
    StateType.COMPLETED: exit_codes.COMPLETED,
    StateType.FAILED: exit_codes.FAILED,
    StateType.CRASHED: exit_codes.FAILED,
}


class FlowExecution:
    """One `penstock flow run`.

    Parameters:
        entrypoint: where the flow stands.
        parameters: its arguments by name.
        name: the name of the run; by default one is made.
        tags: tags for the run and its tasks.
        recover: a run that is to be taken up again.
        from_start: whether nothing counts that this run has done before.
        from_task: the task run from which nothing counts.
    """

    def __init__(
        self,
        entrypoint: str,
        parameters: dict[str, Any],
        *,
        name: str | None = None,
        tags: Sequence[str] = (),
        recover: str | None = None,
        from_start: bool = False,
        from_task: str | None = None,
    ) -> None:
        self.entrypoint = entrypoint
        self.parameters = parameters
        self.name = name
        self.tags = tags
        self.recover = recover
        self.from_task = from_task
        self.anew: bool | UUID = from_start
        self.run_id: UUID | None = None

    def carry_out(self, output: Format) -> int:
        """Run the flow, say how it ended, and return the exit code that says the same."""
        # In JSON, standard output is for the one document: what the flow prints goes to standard error.
        with redirect_stdout(sys.stderr) if output == "json" else nullcontext():
            flow = self._load()
            self._prepare(flow)
            with self._progress() as progress:
                flow.on_running(self._note_run(progress))
                state = self._run(flow)
        record = self._record()
        if output == "json":
            print_json(self._as_json(record, state))
        else:
            self._say_end(record, state)
        return _EXIT_CODES.get(state.type, exit_codes.STOPPED)

    def _load(self) -> Flow[..., Any]:
        flow = load(self.entrypoint)
        if self.name is not None:
            flow.flow_run_name = lambda: self.name  # it is ours alone: nobody else has loaded it
        return flow

    def _prepare(self, flow: Flow[..., Any]) -> None:
        """Settle the arguments, and check that the flow takes them, before anything is recorded."""
        run: FlowRun | None = None
        if self.recover:
            from penstock.cli.recovery import run_to_recover

            run = run_to_recover(self.recover, flow.name, anew=self.anew is True or self.from_task is not None)
            self.run_id = run.id
            if self.from_task is not None:
                from penstock.cli.steering.from_where import task_run_of

                self.anew = task_run_of(run.id, self.from_task)
        try:
            if run is None:
                self.parameters = flow.signature.bind((), self.parameters)
            else:
                from penstock.cli.recovery import arguments_of

                self.parameters = arguments_of(run, self.parameters, flow)
            if flow.should_validate_parameters:
                flow.validate_parameters(self.parameters)
        except (ParameterBindError, ParameterTypeError, SignatureMismatchError) as error:
            raise click.UsageError(str(error)) from error

    def _progress(self) -> AbstractContextManager[Progress | None]:
        if not on_terminal(sys.stderr):
            return nullcontext()
        from penstock.cli.views.progress import Progress

        return Progress()

    def _note_run(self, progress: Progress | None) -> Any:
        def note(_flow: Any, run: Any, _state: Any) -> None:
            # The first one is ours: a flow that calls itself comes here again.
            if progress is not None and progress.run_id is None:
                progress.watch(run.id, run.flow_name, run.name)
            self.run_id = self.run_id or run.id

        return note

    def _run(self, flow: Flow[..., Any]) -> State[Any]:
        from penstock.context import tags

        try:
            with tags(*self.tags):
                state = self._state_of(flow)
        except SystemExit as error:
            # What the flow asked for has ended its run, not this command: its code is the one of a crashed run.
            return State(StateType.CRASHED, message=f"The flow called sys.exit({error.code!r}).")
        self.run_id = self.run_id or state.state_details.flow_run_id
        return state

    def _state_of(self, flow: Flow[..., Any]) -> State[Any]:
        from penstock.engine.flow_engine import run_flow

        outcome = run_flow(
            flow, self.parameters, return_state=not flow.isgenerator, flow_run_id=self.run_id, anew=self.anew
        )
        if flow.isgenerator:
            return self._exhausted(outcome, is_async=flow.isasync)
        if flow.isasync:
            import asyncio

            outcome = asyncio.run(outcome)
        state: State[Any] = outcome
        return state

    def _exhausted(self, stream: Any, *, is_async: bool) -> State[Any]:
        """Take all that a flow yields, and return the state that this shows."""
        try:
            if is_async:
                import asyncio

                asyncio.run(_take_all(stream))
            else:
                for _ in stream:
                    pass
        except PenstockException as error:
            return State(StateType.FAILED, message=str(error), data=error)
        except Exception as error:
            return State(StateType.FAILED, message=f"{type(error).__name__}: {error}", data=error)
        return State(StateType.COMPLETED)

    def _record(self) -> FlowRun | None:
        """Return the run as it is recorded; None where it could not be."""
        from penstock.client import transport
        from penstock.wire.operations import FLOW_RUNS_READ
        from penstock.wire.requests import ById

        if self.run_id is None:
            return None
        try:
            return transport.call(FLOW_RUNS_READ, ById(self.run_id))
        except PenstockException:
            return None

    def _as_json(self, record: FlowRun | None, state: State[Any]) -> dict[str, Any]:
        from penstock.cli.views import as_json
        from penstock.wire.states import StateRecord

        if record is not None:
            return as_json.flow_run(record)
        return {"id": self.run_id, "name": self.name, "state": as_json.state(StateRecord.of(state))}

    def _say_end(self, record: FlowRun | None, state: State[Any]) -> None:
        look = states.style(state.type, state.name).split()[0]
        words = paint(f"{states.sign(state.type)} {one_line(state.name)}", fg=look, bold=True)
        if record is None:
            print_line(f"{words}, not recorded{_reason(state)}")
            return
        took = "" if record.start_time is None else f" in {duration(record.total_run_seconds)}"
        run = f"{one_line(record.flow_name)} / {paint(one_line(record.name), bold=True)}"
        print_line(f"{words}{took}  {run}{_reason(state)}")
        print_line(paint(f"penstock flow-run inspect {record.id}", dim=True))


def load(entrypoint: str) -> Flow[..., Any]:
    """Return the flow that an entrypoint names.

    Raises:
        MissingFlowError: there is none.
        ClickException: its file raised while it was imported, said with the line.
    """
    from penstock.flows import load_flow_from_entrypoint

    try:
        return load_flow_from_entrypoint(entrypoint)
    except ScriptError as error:
        raise click.ClickException(f"{error}{_line_of(error)}") from error


def _reason(state: State[Any]) -> str:
    """Return why a run did not complete, on one line."""
    if state.is_completed() or not state.message:
        return ""
    return f": {first_line(state.message)}"


def _line_of(error: ScriptError) -> str:
    """Return the line of the user's file that raised, as far as it is known."""
    import traceback
    from pathlib import Path

    if isinstance(error.user_exc, SyntaxError):
        return ""  # it says its own
    frames = traceback.extract_tb(error.user_exc.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).name == Path(error.path).name]
    return f" (line {lines[-1]})" if lines else ""


async def _take_all(stream: Any) -> None:
    async for _ in stream:
        pass
