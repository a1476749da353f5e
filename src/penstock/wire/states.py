"""A state as it travels and is stored: everything about it but the result."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from penstock.core.state import NO_RESULT, State, StateDetails
from penstock.core.state_type import StateType
from penstock.core.typed_state import TypedState

NAME_LIMIT = 200
"""The most characters of a state's name that are recorded."""


class ErrorRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run failed with, as text.

    Attributes:
        type: the exception's class, with its module.
        message: its class and text in one piece, bounded; an error of Penstock speaks for itself, without the class.
        traceback: the formatted traceback, bounded.
    """

    type: str
    message: str
    traceback: str = ""


class StateRecord(TypedState, msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A state of a run.

    Attributes:
        type: one of `StateType`.
        name: what people see.
        timestamp: when the run entered it, by the clock of whoever decided it; UTC.
        message: why, bounded.
        scheduled_time: when the run is to start, for the Scheduled states.
    """

    type: StateType
    name: str
    timestamp: datetime
    message: str | None = None
    scheduled_time: datetime | None = None

    @classmethod
    def of(cls, state: State[Any], message_limit: int = 2_000) -> StateRecord:
        """Return the record of `state`; its message is cut after `message_limit` characters."""
        name, message, timestamp = state.name, state.message, state.timestamp
        if message is not None and len(message) > message_limit:
            message = message[: message_limit - 1] + "…"
        if not name.isprintable() or name.isspace():
            name = "".join(one if one.isprintable() else "�" for one in name).strip() or state.type.value.capitalize()
        if len(name) > NAME_LIMIT:
            name = name[: NAME_LIMIT - 1] + "…"
        if timestamp.tzinfo is None:
            timestamp = timestamp.astimezone(UTC)
        details = state._details
        scheduled_time = None if details is None else details.scheduled_time
        return cls(state.type, name, timestamp, message, scheduled_time)

    def to_state(self, data: Any = NO_RESULT) -> State[Any]:
        """Return the state, with `data` in the place of its result."""
        details = StateDetails(scheduled_time=self.scheduled_time) if self.scheduled_time else None
        return State(self.type, self.name, self.message, data, self.timestamp, details)
