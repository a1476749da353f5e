"""How states look."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from penstock.cli.screen.output import Cell, on_terminal
from penstock.core.state_type import StateType

if TYPE_CHECKING:
    from penstock.wire.states import StateRecord


class Look(NamedTuple):
    """The look of a type of state.

    Attributes:
        sign: one character.
        plain_sign: the same for terminals that only know ASCII.
        style: its colour.
    """

    sign: str
    plain_sign: str
    style: str


LOOKS = {
    StateType.SCHEDULED: Look("◷", "~", "yellow"),
    StateType.PENDING: Look("○", "o", "yellow"),
    StateType.RUNNING: Look("●", "*", "blue"),
    StateType.COMPLETED: Look("✓", "+", "green"),
    StateType.FAILED: Look("✗", "x", "red"),
    StateType.CRASHED: Look("✗", "x", "magenta"),
    StateType.CANCELLED: Look("⊘", "-", "bright_black"),
    StateType.CANCELLING: Look("⊘", "-", "bright_black"),
    StateType.PAUSED: Look("‖", "=", "cyan"),
}
"""In the order counts are listed."""

TROUBLE = frozenset({StateType.FAILED, StateType.CRASHED, StateType.CANCELLED, StateType.PAUSED})
"""Types whose message is worth a look."""

NAMES = (
    "Scheduled",
    "Late",
    "AwaitingRetry",
    "AwaitingConcurrencySlot",
    "Pending",
    "Running",
    "Retrying",
    "Resuming",
    "Completed",
    "Cached",
    "RolledBack",
    "Failed",
    "TimedOut",
    "Crashed",
    "Cancelling",
    "Cancelled",
    "Paused",
    "Suspended",
)
"""The names that Penstock gives states; users may give others."""


def style(kind: StateType, name: str = "") -> str:
    """Return the colour of a state: a cached result is a quieter success than a computed one."""
    return "green dim" if name == "Cached" else LOOKS[kind].style


def sign(kind: StateType, stream_encoding: str | None = None) -> str:
    """Return the one character that stands for a type of state."""
    encoding = stream_encoding or getattr(sys.stdout, "encoding", None) or "ascii"
    look = LOOKS[kind]
    return look.sign if encoding.lower().startswith("utf") else look.plain_sign


def cell(state: StateRecord) -> Cell:
    """Return a state as a cell of a table: with its sign on a terminal, its name alone anywhere else."""
    text = f"{sign(state.type)} {state.name}" if on_terminal() else state.name
    return Cell(text, style(state.type, state.name))
