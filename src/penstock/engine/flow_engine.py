"""The steps of a flow run, and the ways to carry them out."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from contextlib import AbstractContextManager, aclosing
from datetime import timedelta
from functools import partial
from types import GeneratorType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstock import settings
from penstock.context import FlowRunContext, TaskRunContext
from penstock.core import clock
from penstock.core.errors import FlowRunTimeoutError, Pause, StaleAttempt, TerminationSignal, UpstreamTaskError
from penstock.core.interruptible import checkpoint
from penstock.core.retries import retry_delay_seconds
from penstock.core.state import State, StateDetails, state_result
from penstock.core.state_makers import AwaitingRetry, Cancelled, Retrying, Suspended
from penstock.core.state_type import StateType
from penstock.core.steps import Block, Effect, Steps, drive, drive_async
from penstock.engine.arguments.inputs import futures_in, resolved
from penstock.engine.flow_call import FlowCall
from penstock.engine.hooks import call_hooks
from penstock.engine.invocation.effects import Invoke, Sleep, TakenEnough, WaitFor
from penstock.engine.invocation.streams import drive_stream, drive_stream_async, refuse_to_return_state
from penstock.engine.outcomes import crashed, failed, returned, taken
from penstock.engine.run_logs.prints import capture_prints
from penstock.engine.run_logs.run_loggers import FLOW_RUNS, flow_run_logger
from penstock.engine.termination import end_process, termination_behind, termination_raises
from penstock.futures import PenstockFuture
from penstock.reporting.tracebacks import describe

if TYPE_CHECKING:
    from penstock.engine.definitions.flow_definition import FlowDefinition

_STANDS_FOR_ANOTHER = (State, PenstockFuture, GeneratorType)


def flow_steps(call: FlowCall) -> Steps[State[Any]]:
    """Run `call` from Pending to its end: create the run, call the function, try again, and settle the final state."""
    tokens = (FlowRunContext.__var__.set(call.context), TaskRunContext.__var__.set(None))
    try:
        yield from _make_arguments_ready(call)
        ended: State[Any] | None = yield Block(call.begin)
        if ended is not None:
            return ended
        if not call.context.traced:
            return (yield from _to_the_end(call))
        from penstock.engine.tracing import traced_flow_run

        return (yield from traced_flow_run(call, _to_the_end(call)))
    except BaseException as raised:
        cause = termination_behind(raised)
        yield from _crash(call, cause)
        if isinstance(cause, TerminationSignal) and call.parent is None:
            end_process(cause.signal, partial(call.recorder.close, hands_over=True))
        raise
    finally:
        TaskRunContext.__var__.reset(tokens[1])
        FlowRunContext.__var__.reset(tokens[0])


def _to_the_end(call: FlowCall) -> Steps[State[Any]]:
    with _termination(call):
        try:
            state = yield from _run(call)
            yield from _close_task_runner(call, state)
        except StaleAttempt:
            raise
        except Exception as error:
            # Not the flow's own doing: a storage, a template of a name.
            state = failed(error)
        return (yield from _end(call, state))


def _run(call: FlowCall) -> Steps[State[Any]]:
    _settle(call)
    if not call.keeps_results():
        return (yield from _run_settled(call))
    from penstock.engine.memory import enter_flow_scope
    from penstock.results.current import leave_result_scope

    token = enter_flow_scope(call)
    try:
        return (yield from _run_settled(call))
    finally:
        leave_result_scope(token)


def _run_settled(call: FlowCall) -> Steps[State[Any]]:
    log = flow_run_logger(call.context)
    log.info("Beginning flow run %r for flow %r", call.run.name, call.flow.name)
    error = call.unready
    if error is None:
        return (yield from _attempts(call))
    if isinstance(error, UpstreamTaskError):
        return State(StateType.FAILED, name="NotReady", message=str(error), data=error)
    state = failed(error)
    state.message = f"Validation of flow parameters failed with error: {describe(error)}"
    return state


def _settle(call: FlowCall) -> None:
    """Settle what the flow leaves to the flow run around it or to the settings."""
    flow, context, parent = call.flow, call.context, call.parent
    if flow.log_prints is not None:
        context.log_prints = flow.log_prints
    else:
        context.log_prints = parent.log_prints if parent is not None else settings.current().logging.log_prints
    if context.log_prints:
        capture_prints()
    context.persist_result = flow.tasks_persist(None if parent is None else parent.persist_result)
    context.durable = flow.recoveries > 0 or (parent is not None and parent.durable)


def _make_arguments_ready(call: FlowCall) -> Steps[None]:
    """Wait for what the arguments come from and fit them to the function; note the error where that is not possible.

    It comes before the run is made, so that the run is named after, and recorded with, what the function is given.
    """
    if not call.plain:
        futures = futures_in([call.parameters, call.wait_for])
        if futures:
            yield WaitFor(futures)
    try:
        if not call.plain:
            call.parameters = {name: resolved(value) for name, value in call.parameters.items()}
            resolved(call.wait_for)
        if call.flow.should_validate_parameters:
            from penstock.engine.parameters import validate_parameters

            call.parameters = validate_parameters(call.flow.name, call.flow.fn, call.parameters)
    except Exception as error:
        call.unready = error
    call.context.parameters = call.parameters


def _attempts(call: FlowCall) -> Steps[State[Any]]:
    """Call the flow's function until it completes or no retry is left; return the state that came of it."""
    flow = call.flow
    args, kwargs = flow.arguments(call.parameters)
    retry = 0
    while True:
        if flow.on_running_hooks:
            yield from call_hooks(flow.on_running_hooks, flow, call.run, call.run.state, flow_run_logger(call.context))
        try:
            call.value = yield _invocation(call, args, kwargs)
            state = yield from returned(call.value)
            if state.is_completed():
                if not isinstance(call.value, _STANDS_FOR_ANOTHER):
                    call.value = state.data
                return (yield from _persist(call, state))
        except TakenEnough:
            return taken()
        except Pause as pause:
            call.pause = pause.pause
            return pause.state or Suspended()
        except StaleAttempt:
            raise
        except Exception as error:
            state = failed(error, call.run.id)
        retry += 1
        if retry > flow.retries or state.type is not StateType.FAILED:
            return state
        yield from _await_retry(call, retry, state)


def _await_retry(call: FlowCall, retry: int, state: State[Any]) -> Steps[None]:
    delay_seconds = retry_delay_seconds(call.flow.retry_delay_seconds, retry)
    flow_run_logger(call.context).info(
        "%s. Retry %s/%s will start in %.3g second(s)", state.message, retry, call.flow.retries, delay_seconds
    )
    # What the failed attempt left running must not run beside the next one.
    yield from _close_task_runner(call, state)
    call.context.occurrences.clear()
    scheduled = AwaitingRetry(clock.now() + timedelta(seconds=delay_seconds), message=state.message)
    yield Block(lambda: call.propose(scheduled))
    if delay_seconds > 0:
        yield Sleep(delay_seconds)
    yield Block(lambda: call.propose(Retrying()))


def _invocation(call: FlowCall, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Effect:
    timeout_seconds = call.flow.timeout_seconds

    def overdue() -> FlowRunTimeoutError:
        message = f"Flow run {call.run.name!r} exceeded its timeout of {timeout_seconds} second(s)."
        return FlowRunTimeoutError(message, run_id=call.run.id)

    return Invoke(call.flow.fn, args, kwargs, timeout_seconds, overdue)


def _persist(call: FlowCall, state: State[Any]) -> Steps[State[Any]]:
    parent_persists = None if call.parent is None else call.parent.persist_result
    if not call.flow.persists_result(parent_persists):
        return state
    from penstock.engine.memory import persist_flow_result

    return (yield Block(lambda: persist_flow_result(call, state)))  # type: ignore[no-any-return]


def _close_task_runner(call: FlowCall, state: State[Any]) -> Steps[None]:
    """Wait for what was submitted and nobody waited for: a run does not end before its tasks.

    Where the run failed, those that have not begun are not begun; where its time was up, none is waited for.
    """
    runner = call.context._task_runner
    if runner is None:
        return
    if isinstance(state.data, FlowRunTimeoutError) and state.data.run_id == call.run.id:
        runner.abandon(Cancelled(message="The time of the flow run was up."))
    else:
        # It stays the run's own meanwhile: what running tasks submit is waited for too, and a crash finds what to end.
        yield Block(lambda: runner.close(cancel=not state.is_completed()))
    call.context._task_runner = None


def _end(call: FlowCall, state: State[Any]) -> Steps[State[Any]]:
    if not (state.is_final() or state.is_paused() or state.is_cancelling()):
        state = State(StateType.FAILED, message=f"The flow returned a state that is not final: {state}.", data=state)
    is_suspended = state.is_paused()
    state = yield Block(lambda: call.propose(state))
    log = flow_run_logger(call.context)
    if is_suspended and state.is_paused():
        log.info("The run is %s, and goes on once it is resumed.", state.name.lower())
        return state
    if is_suspended and state.is_cancelling():
        # Somebody cancelled it just before: nothing of it is left that could be.
        state = yield Block(lambda: call.propose(Cancelled(message="The flow run was cancelled while it ran.")))
    error = state.data
    if state.type is StateType.FAILED and isinstance(error, BaseException):
        log.error("Finished in state %s", state, exc_info=error)
    else:
        log.log(logging.INFO if state.is_completed() else logging.ERROR, "Finished in state %s", state)
    yield from call_hooks(_hooks_for(call.flow, state), call.flow, call.run, state, log)
    return state


def _hooks_for(flow: FlowDefinition, state: State[Any]) -> list[Callable[..., Any]]:
    if state.type is StateType.COMPLETED:
        return flow.on_completion_hooks
    if state.type is StateType.FAILED:
        return flow.on_failure_hooks
    if state.type is StateType.CRASHED:
        return flow.on_crashed_hooks
    if state.type in (StateType.CANCELLING, StateType.CANCELLED):
        return flow.on_cancellation_hooks
    return []


def _crash(call: FlowCall, error: BaseException) -> Steps[None]:
    """Record that the run crashed, or was cancelled, as far as that is possible while the process is being ended."""
    state = crashed(error)
    if isinstance(error, TerminationSignal) and call.is_being_cancelled():
        state = Cancelled(message="The flow run was cancelled while it ran.")
    if call.context._task_runner is not None:
        around = (
            f"The flow run {'was cancelled' if state.is_cancelled() else 'crashed'} while this task run was under way."
        )
        call.context._task_runner.abandon(State(state.type, message=around))
    if isinstance(error, StaleAttempt):
        # What stays of the run here does not keep others from it.
        call.recorder.heartbeat.let_go(call.run.id)
        return
    if call.run.state.is_final():
        return
    try:
        call.crash(state)
    except Exception:
        FLOW_RUNS.debug("The end of flow run %s could not be recorded", call.run.id, exc_info=True)
    log = flow_run_logger(call.context)
    log.error("%s", state.message)
    hooks = _hooks_for(call.flow, state)
    if hooks:
        yield from call_hooks(hooks, call.flow, call.run, state, log)


def _termination(call: FlowCall) -> AbstractContextManager[None]:
    flow = call.flow
    cancels = flow.isasync or flow.isgenerator
    return termination_raises(call.parent is None, call.recorder.enders, call.run.id, cancels=cancels)


def outcome(call: FlowCall, state: State[Any], return_state: bool) -> Any:
    """Return what the caller of a flow gets: the state, or the value; raise where it did not complete."""
    if return_state:
        if state._details is None:
            state._details = StateDetails()
        state._details.flow_run_id = call.run.id
        return state
    value = call.value
    if not state.is_completed() or value is None or isinstance(value, _STANDS_FOR_ANOTHER):
        return state_result(state)
    return value


def run_flow(
    flow: FlowDefinition,
    parameters: dict[str, Any],
    wait_for: Iterable[Any] | None = None,
    return_state: bool = False,
    flow_run_id: UUID | None = None,
    attempt: int | None = None,
    anew: bool | UUID = False,
) -> Any:
    """Run `flow` here and now: return its result, or an awaitable, generator or async generator as its function does.

    Parameters:
        flow: the flow.
        parameters: its arguments by name.
        wait_for: futures to wait for first.
        return_state: return the final state, and raise nothing.
        flow_run_id: an existing run that is to be started, or started again; by default a new one is made.
        attempt: under which a worker claimed that run for this process.
        anew: whether that run is carried out from the start, whatever results are kept, or the task run it is carried out from.
    """
    checkpoint()
    if flow.isgenerator:
        if return_state:
            refuse_to_return_state(flow.kind, flow.name)
        call = FlowCall(flow, parameters, wait_for, flow_run_id, attempt, anew)
        return _stream_async(call) if flow.isasync else _stream(call)
    if flow.isasync:
        return _run_async(flow, parameters, wait_for, return_state, flow_run_id, attempt, anew)
    call = FlowCall(flow, parameters, wait_for, flow_run_id, attempt, anew)
    state = drive(flow_steps(call))
    _note_origin(call, state)
    return outcome(call, state, return_state)


async def _run_async(
    flow: FlowDefinition,
    parameters: dict[str, Any],
    wait_for: Iterable[Any] | None,
    return_state: bool,
    flow_run_id: UUID | None,
    attempt: int | None,
    anew: bool | UUID,
) -> Any:
    call = FlowCall(flow, parameters, wait_for, flow_run_id, attempt, anew)
    state = await drive_async(flow_steps(call))
    _note_origin(call, state)
    return outcome(call, state, return_state)


def _note_origin(call: FlowCall, state: State[Any]) -> None:
    if call.parent is not None and state.is_completed():
        call.parent.origins.note(state.data, call.run.id)


def _stream(call: FlowCall) -> Generator[Any, Any, Any]:
    state = yield from drive_stream(flow_steps(call))
    return outcome(call, state, return_state=False)


async def _stream_async(call: FlowCall) -> AsyncGenerator[Any, Any]:
    states: list[State[Any]] = []
    async with aclosing(drive_stream_async(flow_steps(call), states)) as values:
        async for value in values:
            yield value
    outcome(call, states[0], return_state=False)
