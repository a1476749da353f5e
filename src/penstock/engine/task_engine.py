"""The steps of a task run, and the ways to carry them out."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Generator, Iterable
from contextlib import aclosing
from datetime import timedelta
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from penstock import settings
from penstock.context import TaskRunContext
from penstock.core import clock
from penstock.core.errors import ProcessDied, TaskRunTimeoutError, UpstreamTaskError
from penstock.core.interruptible import checkpoint
from penstock.core.retries import retry_delay_seconds
from penstock.core.state import State, StateDetails, state_result
from penstock.core.state_makers import AwaitingRetry, Retrying, Running
from penstock.core.state_type import StateType
from penstock.core.steps import Effect, RunHook, Steps, drive, drive_async
from penstock.engine.arguments.inputs import futures_in, resolved
from penstock.engine.hooks import call_hooks
from penstock.engine.invocation.effects import Invoke, Sleep, TakenEnough, WaitFor
from penstock.engine.invocation.streams import drive_stream, drive_stream_async, refuse_to_return_state
from penstock.engine.names import run_name
from penstock.engine.outcomes import crashed, failed, returned, taken
from penstock.engine.run_logs.prints import capture_prints
from penstock.engine.run_logs.run_loggers import task_run_logger
from penstock.engine.task_call import TaskCall
from penstock.futures import PenstockFuture

if TYPE_CHECKING:
    from penstock.engine.definitions.task_definition import TaskDefinition

logger = logging.getLogger("penstock.task_runs")

_STANDS_FOR_ANOTHER = (State, PenstockFuture, GeneratorType)


def task_steps(call: TaskCall) -> Steps[State[Any]]:
    """Run `call` from Pending to its end: wait for what it needs, run it, try again, and record each state."""
    context = call.context
    token = TaskRunContext.__var__.set(context)
    try:
        if not call.plain:
            not_ready = yield from _resolve_arguments(call)
            if not_ready is not None:
                return (yield from _end(call, not_ready))
        if call.task.task_run_name is not None:
            call.run.record.name = run_name(call.task.task_run_name, context.parameters, call.run.record.name)
        _settle(call)
        if context.persist_result or call.task.is_transactional():
            from penstock.engine.memory import remembered_steps

            state = yield from remembered_steps(call, attempts(call))
        else:
            if call.flow_context is not None and call.flow_context.anew is not None:
                from penstock.engine.anew import task_since

                task_since(call, None)
            state = yield from attempts(call)
        return (yield from _end(call, state))
    except Exception as error:
        # Not the task's own doing: a template of a name, a storage, a lock.
        return (yield from _end(call, failed(error)))
    except BaseException as error:
        if call.end(crashed(error)):
            _log_end(call)
        raise
    finally:
        TaskRunContext.__var__.reset(token)


def _settle(call: TaskCall) -> None:
    """Settle what the task leaves to its flow run or to the settings."""
    task, context, flow_context = call.task, call.context, call.flow_context
    if task.log_prints is not None:
        context.log_prints = task.log_prints
    elif flow_context is not None:
        context.log_prints = flow_context.log_prints
    else:
        context.log_prints = settings.current().logging.log_prints
    if context.log_prints:
        capture_prints()
    context.persist_result = task.persists_result(None if flow_context is None else flow_context.persist_result)


def _resolve_arguments(call: TaskCall) -> Steps[State[Any] | None]:
    futures = futures_in([call.parameters, call.wait_for])
    if futures:
        yield WaitFor(futures)
    try:
        call.parameters = {name: resolved(value) for name, value in call.parameters.items()}
        resolved(call.wait_for)
    except UpstreamTaskError as error:
        return State(StateType.FAILED, name="NotReady", message=str(error), data=error)
    call.context.parameters = call.parameters
    return None


def attempts(call: TaskCall) -> Steps[State[Any]]:
    """Call the task's function until it succeeds or no retry is left; return the state that came of it."""
    task = call.task
    args, kwargs = task.arguments(call.parameters)
    flow_context = call.flow_context
    traced_attempt = _tracing(call) if flow_context is None or flow_context.traced else None
    retry = 0
    while True:
        if retry or call.future is not None:  # else it was made just now
            call.refuse_what_is_lost()
        state = Running() if retry == 0 else Retrying()
        call.enter(state)
        if task.on_running_hooks:
            yield from call_hooks(task.on_running_hooks, task, call.run, state, task_run_logger(call.context))
        try:
            if traced_attempt is None:
                call.value = yield _invocation(call, args, kwargs)
                state = yield from returned(call.value)
            else:
                state = yield from traced_attempt(call, _invocation(call, args, kwargs))
        except TakenEnough:
            return taken()
        except ProcessDied as error:
            return crashed(error)
        except Exception as error:
            state = failed(error, call.run.record.id)
        retry += 1
        if state.type is not StateType.FAILED or not (yield from _is_tried_again(call, retry, state)):
            return state
        delay_seconds = retry_delay_seconds(task.retry_delay_seconds, retry, task.retry_jitter_factor)
        task_run_logger(call.context).info(
            "%s. Retry %s/%s will start %s", state.message, retry, task.retries, _when(delay_seconds)
        )
        if delay_seconds > 0:
            call.enter(AwaitingRetry(clock.now() + timedelta(seconds=delay_seconds), message=state.message))
            yield Sleep(delay_seconds)


def _tracing(call: TaskCall) -> Callable[[TaskCall, Effect], Steps[State[Any]]] | None:
    if not call.is_traced():
        return None
    from penstock.engine.tracing import traced_attempt

    return traced_attempt


def _invocation(call: TaskCall, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Effect:
    task = call.task
    fn = task.fn
    if call.future is not None and task.isasync and task.isgenerator:
        fn = collecting(fn)
    timeout_seconds = task.timeout_seconds
    if timeout_seconds is None and call.processes is None:
        return Invoke(fn, args, kwargs, None, _never_overdue)

    def overdue() -> TaskRunTimeoutError:
        message = f"Task run {call.run.name!r} exceeded its timeout of {timeout_seconds} second(s)."
        return TaskRunTimeoutError(message, run_id=call.run.record.id)

    if call.processes is not None:
        from penstock.engine.remote.invoke import RemoteInvoke

        return RemoteInvoke(call, args, kwargs, timeout_seconds, overdue)
    assert timeout_seconds is not None
    if call.on_overdue is not None and not task.isasync:
        from penstock.engine.invocation.overdue import WatchedInvoke

        return WatchedInvoke(fn, args, kwargs, timeout_seconds, overdue, call)
    return Invoke(fn, args, kwargs, timeout_seconds, overdue)


def collecting(fn: Callable[..., AsyncGenerator[Any, Any]]) -> Callable[..., Any]:
    """Return an async function that returns a list of all that the async generator function `fn` yields."""

    async def collect(*args: Any, **kwargs: Any) -> list[Any]:
        return [value async for value in fn(*args, **kwargs)]

    return collect


def _never_overdue() -> BaseException:
    raise AssertionError("a call without a timeout is never overdue")


def _is_tried_again(call: TaskCall, retry: int, state: State[Any]) -> Steps[bool]:
    """Return whether a run that came to the failed `state` is to be tried again."""
    task = call.task
    if retry > task.retries or call.run.state.is_final():
        return False
    condition = task.retry_condition_fn
    if condition is None:
        return True
    try:
        return bool((yield RunHook(lambda: condition(task, call.run, state))))
    except Exception:
        task_run_logger(call.context).exception("retry_condition_fn of task %r failed; no retry.", task.name)
        return False


def _when(delay_seconds: float) -> str:
    return f"{delay_seconds:.3g} second(s) from now" if delay_seconds else "immediately"


def _end(call: TaskCall, state: State[Any]) -> Steps[State[Any]]:
    """Enter the final `state`, note where its value came from and call the hooks."""
    task, run = call.task, call.run
    if not state.is_final():
        state = State(StateType.FAILED, message=f"The task returned a state that is not final: {state}.", data=state)
    if not call.end(state):
        return run.state
    if call.flow_context is not None and state.type is StateType.COMPLETED:
        call.flow_context.origins.note(state.data, run.record.id)
    _log_end(call)
    hooks: list[Callable[..., Any]] = []
    if state.type is StateType.COMPLETED:
        hooks = task.on_completion_hooks
    elif state.type is StateType.FAILED:
        hooks = task.on_failure_hooks
    if hooks:
        yield from call_hooks(hooks, task, run, state, task_run_logger(call.context))
    return state


def _log_end(call: TaskCall) -> None:
    state = call.run.state
    if state.type is StateType.COMPLETED:
        if logger.isEnabledFor(logging.DEBUG):
            task_run_logger(call.context).debug("Finished in state %s", state)
    else:
        log = task_run_logger(call.context)
        error = state.data
        if isinstance(error, BaseException) and state.name != "NotReady":
            log.error("Finished in state %s", state, exc_info=error)
        else:
            log.error("Finished in state %s", state)


def outcome(call: TaskCall, state: State[Any], return_state: bool) -> Any:
    """Return what the caller of a task gets: the state, or the value; raise where it failed."""
    if return_state:
        if state._details is None:
            state._details = StateDetails()
        state._details.task_run_id = call.run.record.id
        state._details.flow_run_id = call.run.record.flow_run_id
        return state
    value = call.value
    if state.type is not StateType.COMPLETED or value is None or isinstance(value, _STANDS_FOR_ANOTHER):
        return state_result(state)
    return value


def run_task(
    task: TaskDefinition, parameters: dict[str, Any], wait_for: Iterable[Any] | None = None, return_state: bool = False
) -> Any:
    """Run `task` here and now: return its result, or an awaitable, generator or async generator as its function does."""
    checkpoint()
    if task.isgenerator:
        if return_state:
            refuse_to_return_state(task.kind, task.name)
        if task.isasync:
            return _stream_async(TaskCall(task, parameters, wait_for))
        return _stream(TaskCall(task, parameters, wait_for))
    if task.isasync:
        return _run_async(task, parameters, wait_for, return_state)
    call = TaskCall(task, parameters, wait_for)
    return outcome(call, drive(task_steps(call)), return_state)


async def _run_async(
    task: TaskDefinition, parameters: dict[str, Any], wait_for: Iterable[Any] | None, return_state: bool
) -> Any:
    call = TaskCall(task, parameters, wait_for)
    return outcome(call, await drive_async(task_steps(call)), return_state)


def _stream(call: TaskCall) -> Generator[Any, Any, Any]:
    state = yield from drive_stream(task_steps(call))
    return outcome(call, state, return_state=False)


async def _stream_async(call: TaskCall) -> AsyncGenerator[Any, Any]:
    states: list[State[Any]] = []
    async with aclosing(drive_stream_async(task_steps(call), states)) as values:
        async for value in values:
            yield value
    outcome(call, states[0], return_state=False)


def run_submitted(call: TaskCall) -> State[Any]:
    """Run a submitted call in this thread and return its final state, whatever happens."""
    call.recorder.record(call.run.record)
    try:
        if call.processes is not None or not call.task.isasync:
            return drive(task_steps(call))
        from penstock.task_runners.event_loop import run_in_own_loop

        return run_in_own_loop(drive_async(task_steps(call)))
    except BaseException as error:
        # A thread of the pool lives on; whoever asks for the result gets the error.
        call.end(crashed(error))
        return call.run.state
