"""Marks a caller puts around an argument to say how a task is to take it."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

T = TypeVar("T")


class NotSet:
    """Stands for an argument that was not given, where `None` is a value of its own."""


class BaseAnnotation(Generic[T]):
    """A value with a mark on it.

    Parameters:
        value: what is marked.
    """

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def unwrap(self) -> T:
        """Return the value without its mark."""
        return self.value

    def rewrap(self, value: Any) -> Any:
        """Return `value` under the same mark."""
        return type(self)(value)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash((type(self), self.value))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.value!r})"


class unmapped(BaseAnnotation[T]):
    """Gives the same value to every call that `Task.map` makes, instead of one item each."""

    __slots__ = ()

    def __getitem__(self, _: object) -> T:
        return self.value


class allow_failure(BaseAnnotation[T]):
    """Lets a task run although this upstream failed: it is given the exception in place of the result."""

    __slots__ = ()


class quote(BaseAnnotation[T]):
    """Passes a value as it is: it is not searched for futures and states. Use it for large collections."""

    __slots__ = ()

    def unquote(self) -> T:
        """Return the value without its mark."""
        return self.unwrap()


class opaque(BaseAnnotation[T]):
    """Passes the result of a future on whole: what lies inside it is not searched for futures and states."""

    __slots__ = ()
