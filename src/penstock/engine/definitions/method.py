"""What a type checker has to know of a flow or task to bind it to an instance or a class."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

Q = ParamSpec("Q")
First_contra = TypeVar("First_contra", contravariant=True)
Returned_co = TypeVar("Returned_co", covariant=True)


class Method(Protocol[First_contra, Q, Returned_co]):
    """A flow or task whose function takes something that is bound, first, and then what is left to the caller.

    The function has to stand in a protocol: mypy compares the parameters of two `Task[...]` too kindly, and would take
    an instance for the number that a static method begins with.
    """

    @property
    def fn(self) -> Callable[Concatenate[First_contra, Q], Returned_co]:
        """The function."""
        ...
