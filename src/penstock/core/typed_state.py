"""What can be asked of anything that has a type of state: a state in a program, and one that has travelled."""

from __future__ import annotations

from penstock.core.state_type import StateType


class TypedState:
    """Something with a type of state.

    Attributes:
        type: one of `StateType`.
    """

    __slots__ = ()

    type: StateType

    def is_scheduled(self) -> bool:
        """Whether the run waits for a time to start."""
        return self.type is StateType.SCHEDULED

    def is_pending(self) -> bool:
        """Whether the run is about to start."""
        return self.type is StateType.PENDING

    def is_running(self) -> bool:
        """Whether the run is running."""
        return self.type is StateType.RUNNING

    def is_completed(self) -> bool:
        """Whether the run ended well."""
        return self.type is StateType.COMPLETED

    def is_failed(self) -> bool:
        """Whether the run's own code ended it with an error."""
        return self.type is StateType.FAILED

    def is_crashed(self) -> bool:
        """Whether something outside the run's code ended it."""
        return self.type is StateType.CRASHED

    def is_cancelled(self) -> bool:
        """Whether the run was cancelled."""
        return self.type is StateType.CANCELLED

    def is_cancelling(self) -> bool:
        """Whether the run is being cancelled."""
        return self.type is StateType.CANCELLING

    def is_paused(self) -> bool:
        """Whether the run is paused or suspended."""
        return self.type is StateType.PAUSED

    def is_final(self) -> bool:
        """Whether the run has ended."""
        return self.type.is_terminal
