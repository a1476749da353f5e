"""What a stream is fed from, read by cursor: the contract. Each stream's is a file in `feeds`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from penstock.server.context import Context

ROWS_AT_ONCE = 500

Watched = frozenset[UUID] | None
"""The flow runs that somebody follows; None for all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a stream.

    Attributes:
        position: its cursor.
        kind: what the message is called.
        subject: what conditions are held against.
        data: the subject as JSON, in one line.
        last: whether none of the same position follows, so that its position can be resumed after.
    """

    position: int
    kind: str
    subject: Any
    data: bytes
    last: bool = True

    def message(self) -> bytes:
        """Return it as a server-sent event (WHATWG HTML, section 9.2)."""
        return message(self.kind, self.data, self.position if self.last else None)


def message(kind: str, data: bytes, position: int | None) -> bytes:
    """Return a server-sent event."""
    id_line = b"" if position is None else b"id: %d\n" % position
    return b"%sevent: %s\ndata: %s\n\n" % (id_line, kind.encode(), data)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        entries: in their order.
        position: all up to here has been read.
        more: whether some were left for the next reading.
    """

    entries: list[Entry]
    position: int
    more: bool


class Feed(ABC):
    """What a stream is fed from."""

    kind: ClassVar[str]

    @abstractmethod
    def head(self, context: Context) -> int:
        """Return the position of the newest there is; 0 where there is nothing."""

    @abstractmethod
    def read(self, after: int, watched: Watched, context: Context) -> Reading:
        """Return what comes after a position.

        Parameters:
            after: the position.
            watched: whose alone is wanted; more may come.
            context: of one moment of the database.
        """

    @abstractmethod
    def matches(self, followed: Any, entry: Entry) -> bool:
        """Whether `entry` is what the conditions mean."""

    def forgot(self, after: int, context: Context) -> bool:
        """Whether something after a position is no longer kept."""
        return False

    def watched(self, followed: Any) -> Watched:
        """Return the flow runs that the conditions mean."""
        return None
