"""The states that people have runs enter by hand."""

from __future__ import annotations

import click

from penstock.core import clock
from penstock.core.state_type import StateType
from penstock.wire.bulk import SetFlowRunStates
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.states import StateRecord

_TYPES = {
    "Late": StateType.SCHEDULED,
    "AwaitingRetry": StateType.SCHEDULED,
    "AwaitingConcurrencySlot": StateType.SCHEDULED,
    "Resuming": StateType.SCHEDULED,
    "Cached": StateType.COMPLETED,
    "RolledBack": StateType.COMPLETED,
    "TimedOut": StateType.FAILED,
    "Suspended": StateType.PAUSED,
    **{kind.value.capitalize(): kind for kind in StateType},
}


def state_called(name: str, message: str | None) -> StateRecord:
    """Return the state that a name means, as of now.

    Parameters:
        name: as `StateWord` gives it.
        message: why the run is in it.

    Raises:
        UsageError: no type has it, or it is Running, which only a start makes.
    """
    kind = _TYPES.get(name)
    if kind is None:
        settable = ", ".join(kind.value.capitalize() for kind in StateType if kind is not StateType.RUNNING)
        raise click.UsageError(f"{name!r} is not a state that a run is given by hand. Give one of {settable}.")
    now = clock.now()
    return StateRecord(kind, name, now, message, now if kind is StateType.SCHEDULED else None)


def forced_cancellation(meant: FlowRunFilter) -> SetFlowRunStates:
    """Return the request that has those of the meant runs that have not ended be Cancelled, whatever carries them out."""
    unended = [kind for kind in StateType if not kind.is_terminal]
    state = StateRecord(StateType.CANCELLED, "Cancelled", clock.now())
    return SetFlowRunStates(FlowRunFilter(state_types=unended, all=[meant]), state, force=True)
