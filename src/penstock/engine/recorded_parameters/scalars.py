"""Values that JSON says in one word: numbers, texts, instants, ids, paths, members of enums."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite, isinf
from pathlib import PurePath
from typing import Any
from uuid import UUID

NO_SCALAR: Any = object()
"""What `scalar_of` returns for a value that is no single word."""

_LARGEST_NUMBER = 2**63 - 1


def scalar_of(value: Any) -> str | float | int | bool | None:
    """Return the JSON number, text, truth value or null that stands for `value`, or `NO_SCALAR`."""
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)  # type: ignore[no-any-return]
    if isinstance(value, Enum):
        return scalar_of(value.value)
    for kind, write in _WRITERS_OF_SUBCLASSES:
        if isinstance(value, kind):
            return write(value)  # type: ignore[no-any-return]
    if isinstance(value, _numpy_scalars()):
        item = value.item()
        return NO_SCALAR if type(item) is type(value) else scalar_of(item)
    return NO_SCALAR  # type: ignore[no-any-return]


def _integer(value: int) -> int | str:
    number = int.__int__(value)
    if -_LARGEST_NUMBER <= number <= _LARGEST_NUMBER:
        return number
    try:
        return str(number)
    except ValueError:  # Python refuses to write more than a few thousand digits
        return f"an integer of {number.bit_length()} bits"


def _number(value: float) -> float | str:
    number = float.__float__(value)
    if isfinite(number):
        return number
    return ("Infinity" if number > 0 else "-Infinity") if isinf(number) else "NaN"


def _duration(value: timedelta) -> str:
    """Write a length of time as ISO 8601 has it, in days and seconds."""
    length = abs(value)
    fraction = f".{length.microseconds:06d}".rstrip("0") if length.microseconds else ""
    return f"{'-' if value.days < 0 else ''}P{length.days}DT{length.seconds}{fraction}S"


def _numpy_scalars() -> Any:
    numpy = sys.modules.get("numpy")
    return getattr(numpy, "generic", ())


_WRITERS_OF_SUBCLASSES: list[tuple[Any, Callable[[Any], Any]]] = [
    (str, str.__str__),
    (bool, bool),
    (int, _integer),
    (float, _number),
    (datetime, datetime.isoformat),
    (date, date.isoformat),
    (time, time.isoformat),
    (timedelta, _duration),
    (UUID, UUID.__str__),
    (Decimal, Decimal.__str__),
    (PurePath, str),
]
_WRITERS: dict[type, Callable[[Any], Any]] = {type(None): lambda _: None, **dict(_WRITERS_OF_SUBCLASSES)}
