"""Objects with named parts: mappings, dataclasses, named tuples, and models of pydantic, attrs and msgspec."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from penstock.engine.recorded_parameters.bounded_text import bounded_repr
from penstock.engine.recorded_parameters.scalars import NO_SCALAR, scalar_of

_ABSENT = object()


class Part(NamedTuple):
    """One named part of an object.

    Attributes:
        name: its name.
        value: what it holds.
        hidden: whether its class keeps it out of the repr.
        renamed: whether its name is not what the object has it under, which is no text.
    """

    name: str
    value: Any
    hidden: bool = False
    renamed: bool = False


def parts_of(value: Any) -> Iterator[Part] | None:
    """Return the parts of an object that is made of named parts; None for every other object."""
    kind = type(value)
    if isinstance(value, Mapping):
        return (Part(_name_of(key), each, renamed=type(key) is not str) for key, each in value.items())
    if hasattr(kind, "__dataclass_fields__"):
        from dataclasses import fields

        return _named(value, ((field.name, not field.repr) for field in fields(kind)))
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        return _named(value, ((name, False) for name in kind._fields))
    if hasattr(kind, "__pydantic_fields__") and isinstance(value, _pydantic_model()):
        return _of_model(value)
    if hasattr(kind, "__attrs_attrs__"):
        return _named(value, ((field.name, field.repr is False) for field in kind.__attrs_attrs__))
    if hasattr(kind, "__struct_fields__"):
        return _named(value, ((name, False) for name in kind.__struct_fields__))
    return None


def count_of(value: Any) -> int | None:
    """Return how many parts an object has, where it says so."""
    return len(value) if isinstance(value, Mapping) else None


def keeps_back(value: Any) -> bool:
    """Whether an object has parts that its class excludes wherever it is written."""
    kind = type(value)
    if not hasattr(kind, "__pydantic_fields__") or not isinstance(value, _pydantic_model()):
        return False
    return any(field.exclude for field in kind.__pydantic_fields__.values())


def _name_of(key: Any) -> str:
    scalar = scalar_of(key)
    return bounded_repr(key) if scalar is NO_SCALAR else str(scalar)


def _named(value: Any, fields: Iterable[tuple[str, bool]]) -> Iterator[Part]:
    for name, hidden in fields:
        part = getattr(value, name, _ABSENT)
        if part is not _ABSENT:
            yield Part(name, part, hidden)


def _pydantic_model() -> Any:
    return getattr(sys.modules.get("pydantic"), "BaseModel", ())


def _of_model(model: Any) -> Iterator[Part]:
    fields = type(model).__pydantic_fields__
    for name, value in vars(model).items():
        field = fields.get(name)
        if field is None or not field.exclude:
            yield Part(name, value, field is not None and not field.repr)
    for name, value in (model.__pydantic_extra__ or {}).items():
        yield Part(name, value)
