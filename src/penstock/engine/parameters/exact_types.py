"""Values that are of their annotated type already, told without loading pydantic.

A reader takes a value and returns it if pydantic would leave it unchanged (a container is copied, as pydantic does),
or `UNSURE` if only pydantic can say. An annotation that only pydantic understands has no reader.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum
from pathlib import Path, PurePath
from typing import Any, Literal, Union, get_args, get_origin
from uuid import UUID

Reader = Callable[[Any], Any]

UNSURE: Any = object()
"""What a reader returns for a value that may need to be converted, or does not fit."""

_SCALARS = frozenset({bool, bytes, date, datetime, float, int, str, time, timedelta, type(None), UUID})
_CONVERTED = (bytes, date, dict, float, frozenset, int, list, set, str, time, timedelta, tuple, UUID)
"""Classes from which, and to whose subclasses, pydantic may convert."""

_COLLECTIONS = {list: (list,), set: (set,), frozenset: (frozenset,), Sequence: (list, tuple)}
_HOOKS = ("__get_pydantic_core_schema__", "__get_validators__", "__pydantic_config__", "__pydantic_validator__")


def reader_of(annotation: Any) -> Reader | None:
    """Return a reader for values of an annotated type, or None where only pydantic can tell."""
    if annotation is Any or annotation is object:
        return _anything
    if annotation is None:
        return _exactly(type(None))
    origin = get_origin(annotation)
    if origin is None:
        return _reader_of_class(annotation)
    return _reader_of_generic(origin, get_args(annotation))


def _anything(value: Any) -> Any:
    return value


def _exactly(kind: type) -> Reader:
    return lambda value: value if type(value) is kind else UNSURE


def _instance_of(kind: type) -> Reader:
    return lambda value: value if isinstance(value, kind) else UNSURE


def _reader_of_class(kind: Any) -> Reader | None:
    if hasattr(kind, "__supertype__"):
        return reader_of(kind.__supertype__)
    if not isinstance(kind, type):
        return None
    if kind in _SCALARS:
        return _exactly(kind)
    if kind in (Path, PurePath):
        return _instance_of(kind)
    if kind in (list, set, frozenset):
        return _collection((kind,), _anything)
    if kind is tuple:
        return _exactly(tuple)
    if kind is dict:
        return _mapping(_anything, _anything)
    return _reader_of_own_class(kind)


def _reader_of_own_class(kind: type) -> Reader | None:
    """Read instances of users' classes, unless pydantic has, or may have, something to say about them."""
    if any(hasattr(kind, hook) for hook in _HOOKS):
        return None
    if issubclass(kind, Enum):
        return _exactly(kind)
    if kind.__module__.partition(".")[0] in sys.stdlib_module_names or issubclass(kind, _CONVERTED):
        return None
    return None if getattr(kind, "_is_protocol", False) else _exactly(kind)


def _reader_of_generic(origin: Any, args: tuple[Any, ...]) -> Reader | None:
    if origin is Literal:
        return _one_of(args)
    if origin is tuple:
        return _tuple(args)
    known = [reader for reader in map(reader_of, args) if reader is not None]
    all_known = len(known) == len(args)
    if origin is Union or origin is types.UnionType:
        if all_known:
            return _first_of(known)
        return _exactly(type(None)) if type(None) in args else None
    if origin in (dict, Mapping) and all_known:
        return _mapping(*known)
    if origin in _COLLECTIONS and all_known:
        return _collection(_COLLECTIONS[origin], known[0])
    return None


def _one_of(values: tuple[Any, ...]) -> Reader:
    def read(value: Any) -> Any:
        return value if any(type(value) is type(each) and value == each for each in values) else UNSURE

    return read


def _first_of(readers: list[Reader]) -> Reader:
    def read(value: Any) -> Any:
        for reader in readers:
            found = reader(value)
            if found is not UNSURE:
                return found
        return UNSURE

    return read


def _collection(kinds: tuple[type, ...], read_item: Reader) -> Reader:
    def read(value: Any) -> Any:
        kind = type(value)
        if kind not in kinds:
            return UNSURE
        if read_item is _anything:
            return kind(value)
        items = [read_item(item) for item in value]
        return UNSURE if any(item is UNSURE for item in items) else kind(items)

    return read


def _tuple(args: tuple[Any, ...]) -> Reader | None:
    repeated = len(args) == 2 and args[1] is Ellipsis
    wanted = args[:1] if repeated else args
    known = [reader for reader in map(reader_of, wanted) if reader is not None]
    if len(known) < len(wanted):
        return None

    def read(value: Any) -> Any:
        if type(value) is not tuple or not (repeated or len(value) == len(known)):
            return UNSURE
        items = [(known[0] if repeated else known[index])(item) for index, item in enumerate(value)]
        return UNSURE if any(item is UNSURE for item in items) else tuple(items)

    return read


def _mapping(read_key: Reader, read_value: Reader) -> Reader:
    def read(value: Any) -> Any:
        if type(value) is not dict:
            return UNSURE
        pairs = {read_key(key): read_value(each) for key, each in value.items()}
        return UNSURE if UNSURE in pairs or any(each is UNSURE for each in pairs.values()) else pairs

    return read
