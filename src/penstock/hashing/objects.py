"""Instances of classes: dataclasses, pydantic, msgspec and attrs models, enums, and whatever can say its state."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from types import FunctionType
from typing import Any

from penstock.core.errors import HashError
from penstock.hashing.containers import BASES, base_of, content
from penstock.hashing.framing import Encode, Parts, text
from penstock.hashing.refusal import refusal

REDUCE_PROTOCOL = 4
STANDS_FOR = "__stands_for__"
"""The method of flows and tasks that returns what they count by; for classes below which this one lies."""


def stand_in_parts(value: Any, encode: Encode) -> Parts:
    """Take a flow or task apart: its kind, and what it says it counts by."""
    return b"stand-in", [text(value.kind), *map(encode, value.__stands_for__())]


def _instance(tag: bytes, value: Any, fields: dict[str, Any], encode: Encode) -> Parts:
    kind = type(value)
    parts = [encode(kind), encode(fields)]
    if issubclass(kind, BASES):
        parts.append(content(base_of(kind), value, encode))
    return tag, parts


def _held(value: Any, names: Iterable[str]) -> dict[str, Any]:
    """Return the fields `names` of `value`, and whatever else is kept in it: a class may keep more than it declares."""
    kind = type(value)
    # What the class itself says of its state may leave some of it out.
    state = object.__getstate__(value)
    attributes, slots = state if isinstance(state, tuple) else (state, None)
    held = {
        name: kept
        for name, kept in {**(attributes or {}), **(slots or {})}.items()
        if name not in _OF_LIBRARIES and not _remembers(kind, name)
    }
    return {**held, **{name: getattr(value, name) for name in names if hasattr(value, name)}}


_OF_LIBRARIES = {
    "_attrs_cached_hash",
    "__pydantic_fields_set__",
    "__pydantic_extra__",
    "__pydantic_private__",
}
"""Attributes that are no part of the value, or are looked at by themselves."""


def dataclass_parts(value: Any, encode: Encode) -> Parts:
    """Take a dataclass apart: its class and what it holds."""
    from dataclasses import fields

    return _instance(b"dataclass", value, _held(value, [field.name for field in fields(value)]), encode)


def pydantic_parts(value: Any, encode: Encode) -> Parts:
    """Take a pydantic model apart: its class, what it holds, its extra and its private attributes."""
    tag, parts = _instance(b"pydantic", value, _held(value, ()), encode)
    extra, private = value.__pydantic_extra__, value.__pydantic_private__
    return tag, [*parts, encode(extra or None), encode(private or None)]


def msgspec_parts(value: Any, encode: Encode) -> Parts:
    """Take a msgspec struct apart: its class and what it holds."""
    return _instance(b"msgspec", value, _held(value, value.__struct_fields__), encode)


def attrs_parts(value: Any, encode: Encode) -> Parts:
    """Take an attrs instance apart: its class and what it holds."""
    names = [field.name for field in type(value).__attrs_attrs__]
    return _instance(b"attrs", value, _held(value, names), encode)


def enum_parts(value: Any, encode: Encode) -> Parts:
    """Take a member of an enum apart: its class, its name and its value."""
    return b"enum", [encode(type(value)), encode(value.name), encode(value.value)]


def reduced_parts(value: Any, encode: Encode) -> Parts:
    """Take any other value apart as `copy` and `pickle` would: what makes it anew, and its state.

    Raises:
        HashError: it can't be taken apart.
    """
    try:
        reduced = _reduce(value)
    except HashError:
        raise
    except Exception as error:
        raise refusal(value, f"it can't be copied out of this process ({str(error)[:200]})") from error
    if isinstance(reduced, str):
        return b"global", [encode(type(value)), encode(reduced)]
    maker, arguments, state, items, pairs = (*reduced, None, None, None)[:5]
    return b"object", [
        encode(type(value)),
        _maker(maker, encode),
        encode(arguments),
        encode(_without_cached(value, state)),
        encode(None if items is None else list(items)),
        encode(None if pairs is None else list(pairs)),
    ]


def _reduce(value: Any) -> Any:
    import copyreg

    reducer = copyreg.dispatch_table.get(type(value))
    return reducer(value) if reducer is not None else value.__reduce_ex__(REDUCE_PROTOCOL)


def _maker(maker: Any, encode: Encode) -> bytes:
    # By its name: what a library does to make the value anew may change while the value stays the same.
    if isinstance(maker, FunctionType):
        return text(f"{maker.__module__}:{maker.__qualname__}")
    return encode(maker)


def _without_cached(value: Any, state: Any) -> Any:
    """Return `state` without what properties have remembered: it comes and goes while the value stays the same."""
    if not isinstance(state, dict):
        return state
    kind = type(value)
    return {name: held for name, held in state.items() if not _remembers(kind, name)}


def _remembers(kind: type, name: Any) -> bool:
    return isinstance(name, str) and isinstance(getattr(kind, name, None), cached_property)
