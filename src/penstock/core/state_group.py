"""Several states taken together, and the one state that sums them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, TypeGuard

from penstock.core.state import State
from penstock.core.state_type import StateType


class StateGroup:
    """The states of several runs.

    Parameters:
        states: the states.
    """

    def __init__(self, states: Iterable[State[Any]]) -> None:
        self.states = list(states)
        self.type_counts = Counter(state.type for state in self.states)
        self.total_count = len(self.states)
        self.cancelled_count = self.type_counts[StateType.CANCELLED]
        self.paused_count = self.type_counts[StateType.PAUSED]
        self.final_count = sum(state.is_final() for state in self.states)
        self.not_final_count = self.total_count - self.final_count

    @property
    def fail_count(self) -> int:
        """How many failed or crashed."""
        return self.type_counts[StateType.FAILED] + self.type_counts[StateType.CRASHED]

    def all_completed(self) -> bool:
        """Whether every one completed."""
        return self.type_counts[StateType.COMPLETED] == self.total_count

    def any_cancelled(self) -> bool:
        """Whether at least one was cancelled."""
        return self.cancelled_count > 0

    def any_failed(self) -> bool:
        """Whether at least one failed or crashed."""
        return self.fail_count > 0

    def any_paused(self) -> bool:
        """Whether at least one is paused."""
        return self.paused_count > 0

    def all_final(self) -> bool:
        """Whether every one has ended."""
        return self.not_final_count == 0

    def counts_message(self) -> str:
        """Return how many there are of each type, in words."""
        counts = ", ".join(f"{count} {kind.value}" for kind, count in self.type_counts.items())
        return f"total: {self.total_count}, {counts}"

    def summary(self) -> State[Any]:
        """Return the state of a run that returned these states: Completed only if every one of them is.

        The states themselves are its data.
        """
        total = self.total_count
        if self.all_completed():
            return State(StateType.COMPLETED, message="All states completed.", data=self.states)
        if self.any_cancelled():
            message = f"{self.cancelled_count}/{total} states cancelled."
            return State(StateType.CANCELLED, message=message, data=self.states)
        if self.any_paused():
            return State(StateType.PAUSED, message=f"{self.paused_count}/{total} states paused.", data=self.states)
        if self.any_failed():
            return State(StateType.FAILED, message=f"{self.fail_count}/{total} states failed.", data=self.states)
        return State(
            StateType.FAILED, message=f"{self.not_final_count}/{total} states are not final.", data=self.states
        )

    def __repr__(self) -> str:
        return f"StateGroup<{self.counts_message()}>"


def is_state(obj: Any) -> TypeGuard[State[Any]]:
    """Whether `obj` is a state."""
    return isinstance(obj, State)


def is_state_iterable(obj: Any) -> TypeGuard[Iterable[State[Any]]]:
    """Whether `obj` is a list, tuple or set of states, and not empty."""
    return isinstance(obj, (list, tuple, set)) and bool(obj) and all(isinstance(one, State) for one in obj)
