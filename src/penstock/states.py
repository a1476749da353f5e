"""States: what a run is doing, and how it ended.

A function that is named as a state makes one: `Completed(message="all is well")`. The `fields` it takes are parameters of
`State`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from penstock.core.state import NO_RESULT as NO_RESULT
from penstock.core.state import State as State
from penstock.core.state import StateDetails as StateDetails
from penstock.core.state import StoredResult as StoredResult
from penstock.core.state import state_exception as get_state_exception
from penstock.core.state import state_result as get_state_result
from penstock.core.state_group import StateGroup as StateGroup
from penstock.core.state_group import is_state as is_state
from penstock.core.state_group import is_state_iterable as is_state_iterable
from penstock.core.state_makers import AwaitingConcurrencySlot as AwaitingConcurrencySlot
from penstock.core.state_makers import AwaitingRetry as AwaitingRetry
from penstock.core.state_makers import Cancelled as Cancelled
from penstock.core.state_makers import Cancelling as Cancelling
from penstock.core.state_makers import Completed as Completed
from penstock.core.state_makers import Crashed as Crashed
from penstock.core.state_makers import Failed as Failed
from penstock.core.state_makers import InfrastructurePending as InfrastructurePending
from penstock.core.state_makers import Late as Late
from penstock.core.state_makers import Paused as Paused
from penstock.core.state_makers import Pending as Pending
from penstock.core.state_makers import Retrying as Retrying
from penstock.core.state_makers import Running as Running
from penstock.core.state_makers import Scheduled as Scheduled
from penstock.core.state_makers import Submitting as Submitting
from penstock.core.state_makers import Suspended as Suspended
from penstock.core.state_type import TERMINAL_STATES as TERMINAL_STATES
from penstock.core.state_type import StateType as StateType

if TYPE_CHECKING:
    from penstock.results import ResultStore

__all__ = [
    "NO_RESULT",
    "TERMINAL_STATES",
    "AwaitingConcurrencySlot",
    "AwaitingRetry",
    "Cancelled",
    "Cancelling",
    "Completed",
    "Crashed",
    "Failed",
    "InfrastructurePending",
    "Late",
    "Paused",
    "Pending",
    "Retrying",
    "Running",
    "Scheduled",
    "State",
    "StateDetails",
    "StateGroup",
    "StateType",
    "StoredResult",
    "Submitting",
    "Suspended",
    "exception_to_crashed_state",
    "exception_to_failed_state",
    "get_state_exception",
    "get_state_result",
    "is_state",
    "is_state_iterable",
    "raise_state_exception",
]


def raise_state_exception(state: State[object]) -> None:
    """Raise the exception of a run that did not complete; return where it completed or has not ended.

    Parameters:
        state: the run's state.
    """
    if state.is_failed() or state.is_crashed() or state.is_cancelled() or state.is_paused():
        raise get_state_exception(state)


async def exception_to_crashed_state(exc: BaseException, result_store: ResultStore | None = None) -> State[Any]:
    """Return the state of a run that something outside its code has ended.

    Parameters:
        exc: what it was ended with; it is the state's data.
        result_store: accepted for programs written for Prefect; exceptions are not stored.
    """
    from penstock.engine.outcomes import crashed

    return crashed(exc)


async def exception_to_failed_state(
    exc: BaseException | None = None,
    result_store: ResultStore | None = None,
    write_result: bool = False,
    **kwargs: Any,
) -> State[BaseException]:
    """Return the state of a run whose own code has raised.

    Parameters:
        exc: what was raised, the state's data; by default the exception that is being handled.
        result_store, write_result: accepted for programs written for Prefect; exceptions are not stored.
        kwargs: fields of the state; a `message` comes before the words of the exception.

    Raises:
        ValueError: no exception is given, and none is being handled.
    """
    from penstock.reporting.tracebacks import describe

    exc = exc or sys.exc_info()[1]
    if exc is None:
        raise ValueError("exception_to_failed_state was given no exception, and none is being handled. Give it one.")
    before = kwargs.pop("message", None)
    state = Failed(message=f"{before} {describe(exc)}" if before else describe(exc), data=exc, **kwargs)
    state.state_details.retriable = False
    return state
