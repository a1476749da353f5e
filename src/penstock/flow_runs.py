"""Steering flow runs: pause, suspend and resume them, and wait for their end."""

from __future__ import annotations

from collections.abc import Coroutine
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar, overload
from uuid import UUID

from penstock.client.run_news import RunNews
from penstock.client.transport import call
from penstock.core import clock
from penstock.core.dispatch import in_async_code
from penstock.core.errors import FlowPauseTimeout, FlowRunWaitTimeout, NotPausedError, PauseError
from penstock.core.ids import uuid7
from penstock.core.state_makers import Suspended
from penstock.core.state_type import StateType
from penstock.core.steps import Block, Steps, drive, drive_async
from penstock.engine.invocation.effects import Sleep
from penstock.engine.pauses import AwaitNews, next_key, pause_steps, suspend_steps
from penstock.wire.flow_runs import Decision, FlowRun, StateProposal, Verdict
from penstock.wire.operations import FLOW_RUNS_PROPOSE, FLOW_RUNS_READ, FLOW_RUNS_RESUME
from penstock.wire.pausing.pauses import PauseWanted
from penstock.wire.requests import ById, Propose, ResumeFlowRun
from penstock.wire.states import StateRecord

if TYPE_CHECKING:
    from penstock.input.run_input import RunInput

__all__ = [
    "apause_flow_run",
    "aresume_flow_run",
    "asuspend_flow_run",
    "await_for_flow_run",
    "pause_flow_run",
    "resume_flow_run",
    "suspend_flow_run",
    "wait_for_flow_run",
]

T = TypeVar("T")

_LETTING_GO_SECONDS = 60.0
"""How long a resume waits for the process of a run that was suspended by somebody else to let go of it."""


@overload
def pause_flow_run(
    wait_for_input: None = None, timeout: float | None = 3600, poll_interval: float = 10, key: str | None = None
) -> None: ...
@overload
def pause_flow_run(
    wait_for_input: type[T], timeout: float | None = 3600, poll_interval: float = 10, key: str | None = None
) -> T: ...
def pause_flow_run(
    wait_for_input: Any = None, timeout: float | None = 3600, poll_interval: float = 10, key: str | None = None
) -> Any:
    """Have the flow run that calls this wait, in its process, until somebody resumes it.

    Tasks that were submitted go on meanwhile. A task that calls this waits, and its flow run is Paused. A run that was paused
    is not paused again under the same key: after a recovery it takes the answer that it had. When the flow is retried it asks
    anew.

    Parameters:
        wait_for_input: what whoever resumes it is to give: a `RunInput`, a pydantic model, or any type that pydantic knows.
        timeout: how many seconds to wait; None for as long as it takes.
        poll_interval: not needed, as the server tells when the run is resumed; here as it is in Prefect.
        key: names the pause within the run; by default pauses are numbered in their order.

    Returns:
        What was given; None where nothing is waited for. In async code await what this returns.

    Raises:
        FlowPauseTimeout: nobody has resumed it in time. Not caught, it fails the run.
        PauseError: the run is not recorded, or a task in a process of its own calls this.
        MissingContextError: it is not called in a flow.
    """
    steps = _pause_steps(wait_for_input, timeout, key)
    return drive_async(steps) if in_async_code() else drive(steps)


def apause_flow_run(
    wait_for_input: Any = None, timeout: float | None = 3600, poll_interval: float = 10, key: str | None = None
) -> Coroutine[Any, Any, Any]:
    """Do as `pause_flow_run` does, as a coroutine wherever it is called."""
    return drive_async(_pause_steps(wait_for_input, timeout, key))


@overload
def suspend_flow_run(
    wait_for_input: None = None,
    flow_run_id: UUID | None = None,
    timeout: float | None = 3600,
    key: str | None = None,
    client: Any = None,
) -> None: ...
@overload
def suspend_flow_run(
    wait_for_input: type[T],
    flow_run_id: UUID | None = None,
    timeout: float | None = 3600,
    key: str | None = None,
    client: Any = None,
) -> T: ...
def suspend_flow_run(
    wait_for_input: Any = None,
    flow_run_id: UUID | None = None,
    timeout: float | None = 3600,
    key: str | None = None,
    client: Any = None,
) -> Any:
    """Have a flow run end its process, and go on from its beginning in another once somebody resumes it.

    What it has finished is not done again, where results are persisted: give the flow `persist_result=True`. The run of a
    deployment goes back to its work pool when it is resumed.

    Parameters:
        wait_for_input: what whoever resumes it is to give, as in `pause_flow_run`.
        flow_run_id: another run, whose process is told to end; by default the flow run that calls this.
        timeout: after how many seconds it fails unless it was resumed; None for never.
        key: names the pause within the run; by default pauses are numbered in their order.
        client: not needed; here as it is in Prefect.

    Returns:
        What was given, once the run is resumed; None for another run. In async code await what this returns.

    Raises:
        PauseError: the run can't be suspended.
        ObjectNotFound: there is no such run.
        MissingContextError: it is not called in a flow, and no run is named.
    """
    steps = _suspend_steps(wait_for_input, flow_run_id, timeout, key)
    return drive_async(steps) if in_async_code() else drive(steps)


def asuspend_flow_run(
    wait_for_input: Any = None,
    flow_run_id: UUID | None = None,
    timeout: float | None = 3600,
    key: str | None = None,
    client: Any = None,
) -> Coroutine[Any, Any, Any]:
    """Do as `suspend_flow_run` does, as a coroutine wherever it is called."""
    return drive_async(_suspend_steps(wait_for_input, flow_run_id, timeout, key))


def resume_flow_run(flow_run_id: UUID, run_input: dict[str, Any] | None = None) -> Any:
    """Have a paused or suspended flow run go on. In async code await what this returns.

    Parameters:
        flow_run_id: the run.
        run_input: what it waits for, by name.

    Raises:
        NotPausedError: it is not paused.
        FlowPauseTimeout: its time is over.
        InvalidRequest: the input is not what it waits for.
        PauseError: it can't be resumed for another reason.
        ObjectNotFound: there is no such run.
    """
    steps = _resume_steps(flow_run_id, run_input)
    return drive_async(steps) if in_async_code() else drive(steps)


def aresume_flow_run(flow_run_id: UUID, run_input: dict[str, Any] | None = None) -> Coroutine[Any, Any, None]:
    """Do as `resume_flow_run` does, as a coroutine wherever it is called."""
    return drive_async(_resume_steps(flow_run_id, run_input))


def wait_for_flow_run(
    flow_run_id: UUID,
    timeout: float | None = 10800,
    poll_interval: float | None = None,
    client: Any = None,
    log_states: bool = False,
) -> Any:
    """Wait until a flow run has ended. In async code await what this returns.

    Parameters:
        flow_run_id: the run.
        timeout: how many seconds to wait; None for as long as it takes.
        poll_interval: not needed, as the server tells of the end; here as it is in Prefect.
        client: not needed; here as it is in Prefect.
        log_states: whether to log the states that it is seen in.

    Returns:
        The run, as it is at its end.

    Raises:
        FlowRunWaitTimeout: it has not ended in time.
        ObjectNotFound: there is no such run.
    """
    steps = _wait_steps(flow_run_id, timeout, log_states)
    return drive_async(steps) if in_async_code() else drive(steps)


def await_for_flow_run(
    flow_run_id: UUID,
    timeout: float | None = 10800,
    poll_interval: float | None = None,
    client: Any = None,
    log_states: bool = False,
) -> Coroutine[Any, Any, FlowRun]:
    """Do as `wait_for_flow_run` does, as a coroutine wherever it is called."""
    return drive_async(_wait_steps(flow_run_id, timeout, log_states))


def _pause_steps(wait_for_input: Any, timeout: float | None, key: str | None) -> Steps[Any]:
    own_key = key or next_key("paused")
    model = _model_of(wait_for_input)
    pause = yield from pause_steps(_wanted(own_key, timeout, model))
    return None if model is None else model.from_pause(pause, _flow_run_here())


def _suspend_steps(wait_for_input: Any, flow_run_id: UUID | None, timeout: float | None, key: str | None) -> Steps[Any]:
    model = _model_of(wait_for_input)
    if flow_run_id is not None:
        yield from _suspend_other_steps(UUID(str(flow_run_id)), _wanted(key or uuid7().hex, timeout, model))
        return None
    pause = yield from suspend_steps(_wanted(key or next_key("suspended"), timeout, model))
    return None if model is None else model.from_pause(pause, _flow_run_here())


def _suspend_other_steps(flow_run_id: UUID, wanted: PauseWanted) -> Steps[None]:
    proposal = StateProposal(StateRecord.of(Suspended()), pause=wanted)
    verdict: Verdict = yield Block(lambda: call(FLOW_RUNS_PROPOSE, Propose(flow_run_id, proposal)))
    if verdict.decision is not Decision.ACCEPT:
        raise PauseError(f"Flow run {flow_run_id} can't be suspended. {verdict.reason}")


def _resume_steps(flow_run_id: UUID, run_input: dict[str, Any] | None) -> Steps[None]:
    request = ResumeFlowRun(UUID(str(flow_run_id)), input=run_input)
    run: FlowRun = yield Block(lambda: call(FLOW_RUNS_READ, ById(request.id)))
    if run.state.type is not StateType.PAUSED:
        raise NotPausedError(f"Flow run {run.name!r} is {run.state.name}: only what is paused or suspended is resumed.")
    until = clock.current().monotonic() + _LETTING_GO_SECONDS
    while True:
        verdict: Verdict = yield Block(lambda: call(FLOW_RUNS_RESUME, request))
        if verdict.decision is not Decision.WAIT or clock.current().monotonic() >= until:
            break
        yield Sleep(verdict.retry_after_seconds)
    if verdict.decision is Decision.ACCEPT:
        return
    is_late = verdict.decision is Decision.REJECT and verdict.state.type in (StateType.FAILED, StateType.PAUSED)
    kind = FlowPauseTimeout if is_late else PauseError
    raise kind(f"Flow run {run.name!r} can't be resumed. {verdict.reason}")


def _wait_steps(flow_run_id: UUID, timeout: float | None, log_states: bool) -> Steps[FlowRun]:
    import logging

    until = inf if timeout is None else clock.current().monotonic() + timeout
    with RunNews(UUID(str(flow_run_id))) as news:
        while True:
            run: FlowRun = yield Block(lambda: call(FLOW_RUNS_READ, ById(UUID(str(flow_run_id)))))
            if log_states:
                logging.getLogger("penstock").info("Flow run is in state %r", run.state.name)
            if run.state.type.is_terminal:
                return run
            left = until - clock.current().monotonic()
            if left <= 0:
                raise FlowRunWaitTimeout(f"Flow run {flow_run_id} has not ended within {timeout} second(s).")
            yield AwaitNews(news, left)


def _model_of(wait_for_input: Any) -> type[RunInput] | None:
    if wait_for_input is None:
        return None
    # Only here: pydantic is slow to load.
    from penstock.input.run_input import run_input_subclass_from_type

    return run_input_subclass_from_type(wait_for_input)


def _wanted(key: str, timeout: float | None, model: type[RunInput] | None) -> PauseWanted:
    if model is None:
        return PauseWanted(key, timeout)
    return PauseWanted(key, timeout, model.wanted_schema(), model.wanted_description())


def _flow_run_here() -> UUID:
    from penstock.context import FlowRunContext

    context = FlowRunContext.get()
    assert context is not None
    return context.flow_run.id
