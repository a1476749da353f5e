"""Values without parts: numbers, texts, bytes, instants, ids and paths."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from penstock.hashing.framing import Encode, Parts, scalar, text

_DOUBLE = struct.Struct(">d")
_NAN = _DOUBLE.pack(float("nan"))


def _double(value: float) -> bytes:
    # A NaN may carry a sign and a payload, which nothing shows: every NaN is the same.
    return _NAN if value != value else _DOUBLE.pack(value)  # noqa: PLR0124


def _int(value: int) -> bytes:
    return scalar(b"i", b"%x" % value)


def _float(value: float) -> bytes:
    return scalar(b"f", _double(value))


def _complex(value: complex) -> bytes:
    return scalar(b"c", _double(value.real) + _double(value.imag))


def _bytes(value: bytes) -> bytes:
    return scalar(b"b", value)


def _bytearray(value: bytearray) -> bytes:
    return scalar(b"a", bytes(value))


def _date(value: date) -> bytes:
    return scalar(b"t", value.isoformat().encode())


def _timedelta(value: timedelta) -> bytes:
    return scalar(b"D", b"%d/%d/%d" % (value.days, value.seconds, value.microseconds))


def _decimal(value: Decimal) -> bytes:
    return scalar(b"d", str(value).encode())


def _uuid(value: UUID) -> bytes:
    return scalar(b"u", value.bytes)


SCALARS: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda _: b"N",
    bool: lambda value: b"T" if value else b"F",
    int: _int,
    float: _float,
    complex: _complex,
    str: text,
    bytes: _bytes,
    bytearray: _bytearray,
    date: _date,
    timedelta: _timedelta,
    Decimal: _decimal,
    UUID: _uuid,
    type(Ellipsis): lambda _: b"E",
    type(NotImplemented): lambda _: b"I",
}
"""By exact type: a subclass may carry more, and is taken apart."""


def clock_time_parts(value: datetime | time, encode: Encode) -> Parts:
    """Take a datetime or a time apart: what the clock shows, and its zone."""
    shown = value.replace(tzinfo=None).isoformat()
    return type(value).__name__.encode(), [text(shown), encode(value.fold), encode(value.tzinfo)]
