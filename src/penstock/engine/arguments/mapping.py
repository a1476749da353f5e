"""Turn one call of `Task.map` into the calls it stands for."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from penstock.core.annotations import BaseAnnotation, allow_failure, quote, unmapped
from penstock.core.errors import MappingLengthMismatch, MappingMissingIterable
from penstock.core.state import State
from penstock.engine.arguments.inputs import resolved
from penstock.futures import PenstockFuture

_WHOLE = (str, bytes, bytearray, io.IOBase, unmapped)


def each_call(
    name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield the arguments of each call.

    A future of a list is waited for and walked; a list of futures is walked as it is.

    Parameters:
        name: the task's name, for errors.
        args: what was given by position.
        kwargs: what was given by name.

    Raises:
        MappingMissingIterable: no argument can be walked.
        MappingLengthMismatch: those that can differ in length.
    """
    given: dict[int | str, Any] = dict(enumerate(args))
    given.update(kwargs)
    walked = {key: items for key, value in given.items() if (items := _items(value)) is not None}
    if not walked:
        raise MappingMissingIterable(
            f"{name!r}.map() was given no iterable to walk. Give it at least one list, or call submit()."
        )
    lengths = {key: len(items) for key, items in walked.items()}
    length = next(iter(lengths.values()))
    if any(one != length for one in lengths.values()):
        shown = ", ".join(f"{_label(key)} has {count}" for key, count in lengths.items())
        raise MappingLengthMismatch(
            f"{name!r}.map() walks its iterables together, but they differ in length: {shown} items. "
            "Wrap what every call is to be given whole in unmapped()."
        )
    whole = {key: value.unwrap() if isinstance(value, unmapped) else value for key, value in given.items()}
    for index in range(length):
        one = {key: walked[key][index] if key in walked else value for key, value in whole.items()}
        yield tuple(one[position] for position in range(len(args))), {key: one[key] for key in kwargs}


def _label(key: int | str) -> str:
    return f"argument {key + 1}" if isinstance(key, int) else key


def _items(value: Any) -> list[Any] | None:
    """Return the items of a value to walk, or None for one that is given whole."""
    if isinstance(value, _WHOLE):
        return None
    if isinstance(value, (allow_failure, quote)):
        items = None if _has_failed(value) else _items(value.unwrap())
        return None if items is None else [value.rewrap(item) for item in items]
    if isinstance(value, BaseAnnotation):
        return None
    if isinstance(value, PenstockFuture):
        value.wait()
        return _items(resolved(value))
    if isinstance(value, State):
        return _items(resolved(value))
    if not isinstance(value, Iterable) or isinstance(value, type):
        return None
    try:
        walk = iter(value)
    except TypeError:  # an array without dimensions, and other things that only look as if they could be walked
        return None
    return list(walk)


def _has_failed(value: BaseAnnotation[Any]) -> bool:
    """Whether what is allowed to fail did so: every call is given the exception."""
    inner = value.unwrap()
    if isinstance(value, quote) or not isinstance(inner, (PenstockFuture, State)):
        return False
    if isinstance(inner, PenstockFuture):
        inner.wait()
        inner = inner.state
    return not inner.is_completed()
