"""Lists, tuples, dictionaries and sets, also where a class is made from one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from penstock.hashing.framing import Encode, Parts, compound


def _list(value: list[Any], encode: Encode) -> Parts:
    return b"list", [encode(item) for item in list.__iter__(value)]


def _tuple(value: tuple[Any, ...], encode: Encode) -> Parts:
    return b"tuple", [encode(item) for item in tuple.__iter__(value)]


def _dict(value: dict[Any, Any], encode: Encode) -> Parts:
    return b"dict", sorted(encode(key) + encode(item) for key, item in dict.items(value))


def _set(value: set[Any], encode: Encode) -> Parts:
    return b"set", sorted(map(encode, set.__iter__(value)))


def _frozenset(value: frozenset[Any], encode: Encode) -> Parts:
    return b"frozenset", sorted(map(encode, frozenset.__iter__(value)))


CONTAINERS: dict[type, Callable[[Any, Encode], Parts]] = {
    list: _list,
    tuple: _tuple,
    dict: _dict,
    set: _set,
    frozenset: _frozenset,
}
"""By exact type: a subclass may carry more."""

BASES = (int, float, complex, str, bytes, bytearray, *CONTAINERS)
"""The built-in types whose subclasses are taken apart here."""


def base_of(kind: type) -> type:
    """Return the built-in type that `kind` is made from."""
    return next(base for base in BASES if issubclass(kind, base))


def content(base: type, value: Any, encode: Encode) -> bytes:
    """Return the canonical bytes of what `value` holds as a `base`, whatever its class says of itself."""
    if base in CONTAINERS:
        return compound(*CONTAINERS[base](value, encode))
    if base is bytearray:
        return encode(bytes(memoryview(value)))
    arguments = base.__getnewargs__(value)  # type: ignore[attr-defined]
    return encode(base(*arguments))


def from_builtin(value: Any, encode: Encode) -> Parts:
    """Take apart a value whose class is made from a built-in type: its class, its content and its attributes."""
    kind = type(value)
    return b"from builtin", [encode(kind), content(base_of(kind), value, encode), encode(value.__getstate__())]


def ordered_dict(value: Any, encode: Encode) -> Parts:
    """Take an `OrderedDict` apart: its order is part of it."""
    items = [encode(part) for item in value.items() for part in item]
    return b"ordered", [encode(type(value)), encode(value.__getstate__()), *items]


def default_dict(value: Any, encode: Encode) -> Parts:
    """Take a `defaultdict` apart: what it makes of a missing key is part of it."""
    tag, parts = from_builtin(value, encode)
    return tag, [*parts, encode(value.default_factory)]


def mapping_proxy(value: Any, encode: Encode) -> Parts:
    """Take a read-only view of a dictionary apart."""
    return b"view", [encode(dict(value))]
