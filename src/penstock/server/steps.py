"""What a handler is given that needs more than one transaction, so that others need not wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from penstock.server.context import Context

T = TypeVar("T")


class Write(Protocol):
    """Does a work in a transaction of its own."""

    def __call__(self, work: Callable[[Context], T], locks: Iterable[UUID] = ()) -> T:
        """Return what `work` returns, once what it wrote is committed; `locks` are flow runs that it changes."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The surroundings of a request that is carried out step by step.

    Attributes:
        write: does one step.
        patience_seconds: how long to go on before what is left is left to others.
        is_helped: whether there is a loop that finishes what is left.
    """

    write: Write
    patience_seconds: float
    is_helped: bool
