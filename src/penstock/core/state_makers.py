"""One function for every state there is: `Completed(message=...)` and its kin."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from penstock.core import clock
from penstock.core.state import State, StateDetails
from penstock.core.state_type import StateType


def Scheduled(scheduled_time: datetime | None = None, **fields: Any) -> State[Any]:
    """Return a state of a run that is to start at `scheduled_time`, by default now."""
    details = fields.pop("state_details", None) or StateDetails()
    details.scheduled_time = scheduled_time or details.scheduled_time or clock.now()
    return State(StateType.SCHEDULED, state_details=details, **fields)


def Late(scheduled_time: datetime | None = None, **fields: Any) -> State[Any]:
    """Return a state of a run that should have started at `scheduled_time` and has not."""
    return Scheduled(scheduled_time, name="Late", **fields)


def AwaitingRetry(scheduled_time: datetime | None = None, **fields: Any) -> State[Any]:
    """Return a state of a run that failed and is to be tried again at `scheduled_time`."""
    return Scheduled(scheduled_time, name="AwaitingRetry", **fields)


def AwaitingConcurrencySlot(scheduled_time: datetime | None = None, **fields: Any) -> State[Any]:
    """Return a state of a run that waits for a concurrency limit to let it start."""
    return Scheduled(scheduled_time, name="AwaitingConcurrencySlot", **fields)


def Pending(**fields: Any) -> State[Any]:
    """Return a state of a run that is about to start."""
    return State(StateType.PENDING, **fields)


def InfrastructurePending(**fields: Any) -> State[Any]:
    """Return a state of a run whose infrastructure is being made ready."""
    return State(StateType.PENDING, name="InfrastructurePending", **fields)


def Submitting(**fields: Any) -> State[Any]:
    """Return a state of a run that is being handed to the infrastructure it is to run on."""
    return State(StateType.PENDING, name="Submitting", **fields)


def Running(**fields: Any) -> State[Any]:
    """Return a state of a run that is running."""
    return State(StateType.RUNNING, **fields)


def Retrying(**fields: Any) -> State[Any]:
    """Return a state of a run that is running again after a failure."""
    return State(StateType.RUNNING, name="Retrying", **fields)


def Completed(**fields: Any) -> State[Any]:
    """Return a state of a run that ended well."""
    return State(StateType.COMPLETED, **fields)


def Failed(**fields: Any) -> State[Any]:
    """Return a state of a run whose own code ended it with an error."""
    return State(StateType.FAILED, **fields)


def Crashed(**fields: Any) -> State[Any]:
    """Return a state of a run that something outside its code ended."""
    return State(StateType.CRASHED, **fields)


def Cancelling(**fields: Any) -> State[Any]:
    """Return a state of a run that is being cancelled."""
    return State(StateType.CANCELLING, **fields)


def Cancelled(**fields: Any) -> State[Any]:
    """Return a state of a run that was cancelled."""
    return State(StateType.CANCELLED, **fields)


def Paused(
    timeout_seconds: float | None = None,
    pause_expiration_time: datetime | None = None,
    reschedule: bool = False,
    pause_key: str | None = None,
    **fields: Any,
) -> State[Any]:
    """Return a state of a run that waits for somebody to resume it.

    Parameters:
        timeout_seconds: how long it waits before it fails; give this or `pause_expiration_time`.
        pause_expiration_time: the instant at which it fails.
        reschedule: whether the run's process may end meanwhile, and another one carries on.
        pause_key: names this pause within the run.
    """
    if timeout_seconds is not None and pause_expiration_time is not None:
        raise ValueError("Give a pause either timeout_seconds or pause_expiration_time, not both.")
    details = fields.pop("state_details", None) or StateDetails()
    if timeout_seconds is not None:
        pause_expiration_time = clock.now() + timedelta(seconds=timeout_seconds)
    details.pause_timeout = pause_expiration_time
    details.pause_reschedule = reschedule
    details.pause_key = pause_key
    return State(StateType.PAUSED, state_details=details, **fields)


def Suspended(
    timeout_seconds: float | None = None,
    pause_expiration_time: datetime | None = None,
    pause_key: str | None = None,
    **fields: Any,
) -> State[Any]:
    """Return a state of a paused run whose process has ended. The parameters are those of `Paused`."""
    return Paused(timeout_seconds, pause_expiration_time, True, pause_key, name="Suspended", **fields)
