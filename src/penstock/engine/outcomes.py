"""The state a run ends in, from what its function returned or raised."""

from __future__ import annotations

from types import GeneratorType
from typing import Any
from uuid import UUID

from penstock.core.errors import RunTimeoutError
from penstock.core.state import State
from penstock.core.state_group import StateGroup, is_state_iterable
from penstock.core.state_type import StateType
from penstock.core.steps import Steps
from penstock.engine.arguments.inputs import futures_in, is_plain, states_for_futures
from penstock.engine.invocation.effects import WaitFor
from penstock.futures import PenstockFuture
from penstock.reporting.tracebacks import describe


def returned(value: Any) -> Steps[State[Any]]:
    """Return the state of a run whose function returned `value`.

    A state made by hand is taken as it is; futures are waited for and stand for their states; states of other runs are
    summed up, and Completed only if all of them are; a generator becomes a list; anything else is the result of a
    completed run.
    """
    if is_plain(value):
        return State(StateType.COMPLETED, data=value)
    is_of_a_run = isinstance(value, State) and _has_run(value)
    futures = futures_in(value)
    if futures:
        yield WaitFor(futures)
        is_of_a_run = isinstance(value, PenstockFuture)
        value = states_for_futures(value)
    if isinstance(value, State) and not is_of_a_run:
        return value
    if isinstance(value, State) or is_state_iterable(value):
        state = StateGroup([value] if isinstance(value, State) else value).summary()
        state.data = value
        return state
    if isinstance(value, GeneratorType):
        value = list(value)
    return State(StateType.COMPLETED, data=value)


def _has_run(state: State[Any]) -> bool:
    """Whether `state` is how another run ended, and was not made by hand."""
    details = state._details
    return details is not None and bool(details.task_run_id or details.flow_run_id)


def taken() -> State[Any]:
    """Return the state of a run that yields, and whose caller has taken all it wanted."""
    return State(StateType.COMPLETED, message="The caller took no more of the values that the run yields.")


def failed(error: BaseException, run_id: UUID | None = None) -> State[Any]:
    """Return the state of a run whose function raised `error`; it is TimedOut where that is of the time of `run_id`."""
    if isinstance(error, RunTimeoutError) and error.run_id == run_id is not None:
        return State(StateType.FAILED, name="TimedOut", message=describe(error), data=error)
    return State(StateType.FAILED, message=f"Run failed with an exception: {describe(error)}", data=error)


def crashed(error: BaseException) -> State[Any]:
    """Return the state of a run that `error`, which no user's code may catch for good, has ended."""
    kind = type(error).__name__
    if isinstance(error, KeyboardInterrupt):
        why = "Execution was aborted by a keyboard interrupt."
    elif isinstance(error, SystemExit):
        why = f"Execution was aborted by sys.exit({error.code!r})."
    elif kind == "CancelledError":
        why = "Execution was cancelled by the async program around the run."
    elif kind == "TerminationSignal":
        why = f"Execution was aborted by signal {getattr(error, 'signal', '?')}: the process was asked to end."
    elif kind == "ProcessDied":
        why = describe(error)
    else:
        why = f"Execution was interrupted by an unexpected exception: {describe(error)}"
    return State(StateType.CRASHED, message=why, data=error)
