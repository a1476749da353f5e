"""The models as people read them: what travels compactly between programs is spelled out in JSON.

A state travels as an array, and a journal batch as it is kept in memory; over JSON every object has named fields. These
models are derived from those of `penstock.wire`, so there is no second copy to keep in step.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, ForwardRef, Union, get_args, get_origin

import msgspec

from penstock.wire.operations import OPERATIONS, Operation

_UNIONS = (Union, types.UnionType)
_in_the_making: set[Any] = set()


@cache
def body_model(operation: Operation[Any, Any]) -> type[msgspec.Struct] | None:
    """Return the model of an operation's body as JSON: its request without what stands in the path; None if that is all."""
    left_out = set(path_names(operation))
    if not left_out and operation.request.__struct_fields__:
        # The same model as where it stands within an answer: two of one name would have other names in the document.
        whole: type[msgspec.Struct] = public_model(operation.request)
        return whole
    fields = [field for field in msgspec.structs.fields(operation.request) if field.name not in left_out]
    return _derived(operation.request, fields) if fields else None


@cache
def path_names(operation: Operation[Any, Any]) -> tuple[str, ...]:
    """Return the names in an operation's path."""
    return tuple(part[1:-1] for part in operation.path.split("/") if part.startswith("{"))


def public_model(model: Any) -> Any:
    """Return `model` with named fields throughout; itself where it has them already."""
    if model in _in_the_making:
        return ForwardRef(f"_{model.__name__}")
    return _public_model(model)


@cache
def _public_model(model: Any) -> Any:
    if _is_struct(model):
        if not any(map(_is_to_derive, _structs_within(model))):
            return model
        return _derived(model, _all_fields(model))
    arguments = get_args(model)
    if not arguments:
        return model
    parts = tuple(public_model(argument) for argument in arguments)
    if parts == arguments:
        return model
    origin = get_origin(model)
    return Union[parts] if origin in _UNIONS else origin[parts]  # noqa: UP007  - made while running


def as_request(operation: Operation[Any, Any], body: msgspec.Struct | None, path_values: dict[str, Any]) -> Any:
    """Return the request that a body and the values in the path make."""
    values = dict(path_values)
    if body is not None:
        for field in msgspec.structs.fields(operation.request):
            if field.name not in values and getattr(body, field.name) is not msgspec.UNSET:
                values[field.name] = msgspec.convert(getattr(body, field.name), field.type, from_attributes=True)
    return operation.request(**values)


def as_public(response: Any, model: Any) -> Any:
    """Return `response`, of the type `model`, as JSON shows it."""
    public = public_model(model)
    return response if public is model else msgspec.convert(response, public, from_attributes=True)


def _derived(model: type[msgspec.Struct], fields: list[Any]) -> type[msgspec.Struct]:
    name = model.__name__
    _in_the_making.add(model)
    try:
        described = [(field.name, public_model(field.type), *_default(field)) for field in fields]
    finally:
        _in_the_making.discard(model)
    derived = msgspec.defstruct(
        name,
        described,
        module=__name__,
        namespace={"__doc__": model.__doc__},
        kw_only=True,
        forbid_unknown_fields=_is_strict(model),
    )
    # Where a model stands within itself it is named, and looked up here.
    return globals().setdefault(f"_{name}", derived) if fields == _all_fields(model) else derived


def _all_fields(model: type[msgspec.Struct]) -> list[Any]:
    return list(msgspec.structs.fields(model))


def _default(field: Any) -> tuple[Any, ...]:
    renamed = None if field.encode_name == field.name else field.encode_name
    if field.default is not msgspec.NODEFAULT:
        return (msgspec.field(default=field.default, name=renamed),)
    if field.default_factory is not msgspec.NODEFAULT:
        return (msgspec.field(default_factory=field.default_factory, name=renamed),)
    return () if renamed is None else (msgspec.field(name=renamed),)


@cache
def _is_strict(model: Any) -> bool:
    """Whether unknown fields are refused: a filter's misspelt condition must not let everything match.

    What also stands in answers grows with later versions, and stays open.
    """
    return model not in _answered()


@cache
def _answered() -> frozenset[Any]:
    return frozenset(struct for operation in OPERATIONS.values() for struct in _structs_within(operation.response))


def _is_to_derive(struct: type[msgspec.Struct]) -> bool:
    is_strict_already = struct.__struct_config__.forbid_unknown_fields
    return struct.__struct_config__.array_like or (_is_strict(struct) and not is_strict_already)


def structs_within(models: Iterable[Any]) -> Iterator[type[msgspec.Struct]]:
    """Yield the structs that `models` are made of, each once."""
    seen: set[Any] = set()
    for model in models:
        yield from _structs_within(model, seen)


def _structs_within(model: Any, seen: set[Any] | None = None) -> Iterator[type[msgspec.Struct]]:
    seen = set() if seen is None else seen
    if model in seen:
        return
    if _is_struct(model):
        seen.add(model)
        yield model
        for field in msgspec.structs.fields(model):
            yield from _structs_within(field.type, seen)
    for argument in get_args(model):
        yield from _structs_within(argument, seen)


def _is_struct(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, msgspec.Struct)
