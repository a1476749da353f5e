"""The types a state can have, and which of them end a run."""

from __future__ import annotations

from enum import Enum


class StateType(str, Enum):
    """What a run is doing, as far as the orchestrator's rules are concerned; a state's name says it more finely."""

    SCHEDULED = "SCHEDULED"
    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    CRASHED = "CRASHED"
    PAUSED = "PAUSED"
    CANCELLING = "CANCELLING"

    __str__ = str.__str__

    @property
    def is_terminal(self) -> bool:
        """Whether a run in a state of this type has ended."""
        return (
            self is StateType.COMPLETED
            or self is StateType.FAILED
            or self is StateType.CRASHED
            or self is StateType.CANCELLED
        )


TERMINAL_STATES: frozenset[StateType] = frozenset(kind for kind in StateType if kind.is_terminal)
