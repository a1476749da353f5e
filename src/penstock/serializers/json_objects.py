"""What JSON has no words for: each such value becomes an object that says its kind, and is made anew from it.

Tuples become lists and keys become texts, as JSON has it; for an exact copy of any value there are pickles.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID

MARK = "$penstock"
"""The key that says the kind of an object. No dictionary of a user's can hold it."""

_PLAIN = (str, int, float, bool, type(None))


def encode_object(obj: Any) -> dict[str, Any]:
    """Return the JSON object for a value that JSON has no words for; for `json.dumps(default=…)`.

    Raises:
        TypeError: it is of no kind that is known here.
    """
    exact = _EXACT.get(type(obj))
    if exact is not None:
        kind, encode, _ = exact
        return {MARK: kind, "value": encode(obj)}
    for kind, fits, encode, _ in _KINDS:
        if fits(obj):
            return {MARK: kind, "class": _class_name(type(obj)), "value": encode(obj)}
    raise TypeError(f"JSON has no words for a value of type {type(obj).__qualname__!r}")


def decode_object(found: dict[str, Any]) -> Any:
    """Return the value that a JSON object stands for; for `json.loads(object_hook=…)`.

    Raises:
        ValueError: its class is not what it was.
    """
    kind = found.get(MARK)
    if kind is None:
        return found
    if kind in _EXACT_DECODERS:
        return _EXACT_DECODERS[kind](found["value"])
    if kind not in _DECODERS:
        raise ValueError(f"a value is of the unknown kind {kind!r}; a newer version of Penstock may have written it")
    return _DECODERS[kind](_class_of(found["class"]), found["value"])


def _class_name(kind: type) -> str:
    # Box[int] can't be imported, Box can.
    kind = getattr(kind, "__pydantic_generic_metadata__", {}).get("origin") or kind
    if "<" in kind.__qualname__:
        raise TypeError(f"the class {kind.__qualname__!r} can't be imported; define it at the top of a module")
    return f"{kind.__module__}:{kind.__qualname__}"


def _class_of(name: str) -> type:
    from importlib import import_module

    module, _, path = name.partition(":")
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    if not isinstance(found, type):
        raise ValueError(f"{name} is no class any more")
    return found


def _encode_datetime(value: datetime) -> Any:
    zone = getattr(value.tzinfo, "key", None)
    return value.isoformat() if zone is None else [value.replace(tzinfo=None).isoformat(), zone, value.fold]


def _decode_datetime(value: Any) -> datetime:
    if isinstance(value, str):
        return datetime.fromisoformat(value)
    from zoneinfo import ZoneInfo

    shown, zone, fold = value
    return datetime.fromisoformat(shown).replace(tzinfo=ZoneInfo(zone), fold=fold)


def _encode_bytes(value: bytes) -> str:
    import binascii

    return binascii.b2a_base64(value, newline=False).decode()


def _decode_bytes(value: str) -> bytes:
    import binascii

    return binascii.a2b_base64(value)


_EXACT: dict[type, tuple[str, Callable[[Any], Any], Callable[[Any], Any]]] = {
    datetime: ("datetime", _encode_datetime, _decode_datetime),
    date: ("date", date.isoformat, date.fromisoformat),
    time: ("time", time.isoformat, time.fromisoformat),
    timedelta: (
        "timedelta",
        lambda value: [value.days, value.seconds, value.microseconds],
        lambda parts: timedelta(*parts),
    ),
    Decimal: ("decimal", str, Decimal),
    UUID: ("uuid", str, UUID),
    bytes: ("bytes", _encode_bytes, _decode_bytes),
    bytearray: ("bytearray", _encode_bytes, lambda text: bytearray(_decode_bytes(text))),
    complex: ("complex", lambda value: [value.real, value.imag], lambda parts: complex(*parts)),
    set: ("set", list, set),
    frozenset: ("frozenset", list, frozenset),
    deque: ("deque", list, deque),
}
_EXACT_DECODERS = {kind: decode for kind, _, decode in _EXACT.values()}


def _decode_error(kind: type, value: Any) -> Any:
    if not issubclass(kind, BaseException):
        raise ValueError(f"{kind.__qualname__} is no exception any more")
    # Without its own __init__, which may take other arguments than it passes on.
    error = kind.__new__(kind, *value)
    error.args = tuple(value)
    return error


def _is_model(value: Any) -> bool:
    # While another thread imports pydantic, it is there without its classes.
    return isinstance(value, getattr(sys.modules.get("pydantic"), "BaseModel", ()))


def _decode_model(kind: Any, value: Any) -> Any:
    try:
        # What was dumped goes by the names of the fields, whatever else they are called.
        return kind.model_validate(value, strict=False, by_alias=True, by_name=True)
    except TypeError:
        # pydantic before 2.11 has no such options.
        return kind.model_validate(value, strict=False)


def _is_dataclass(value: Any) -> bool:
    return hasattr(type(value), "__dataclass_fields__")


def _encode_dataclass(value: Any) -> dict[str, Any]:
    from dataclasses import fields

    return {field.name: getattr(value, field.name) for field in fields(value)}


def _decode_dataclass(kind: type, value: Any) -> Any:
    # Not through its __init__: it is a copy that is wanted, and not all fields may be parameters.
    made: Any = object.__new__(kind)
    for name, held in value.items():
        object.__setattr__(made, name, held)
    return made


def _decode_path(kind: Any, path: str) -> PurePath:
    # A path of Windows read elsewhere, or the reverse, becomes a path of here.
    made: PurePath = Path(path) if issubclass(kind, Path) else kind(path)
    return made


_KINDS: list[tuple[str, Callable[[Any], bool], Callable[[Any], Any], Callable[[Any, Any], Any]]] = [
    (
        "exception",
        lambda value: isinstance(value, BaseException),
        lambda error: [arg if isinstance(arg, _PLAIN) else str(arg) for arg in error.args],
        _decode_error,
    ),
    ("enum", lambda value: isinstance(value, Enum), lambda member: member.name, lambda kind, name: kind[name]),
    ("model", _is_model, lambda model: model.model_dump(mode="json", by_alias=False), _decode_model),
    ("dataclass", _is_dataclass, _encode_dataclass, _decode_dataclass),
    ("path", lambda value: isinstance(value, PurePath), str, _decode_path),
]
_DECODERS = {kind: decode for kind, _, _, decode in _KINDS}
