"""Which way each class of values is taken apart."""

from __future__ import annotations

import sys
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, time
from enum import Enum
from functools import partial
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    ModuleType,
    WrapperDescriptorType,
)
from typing import Any

from penstock.hashing import code, containers, objects, refusal, scalars
from penstock.hashing.framing import Encode, Parts

TakeApart = Callable[[Any, Encode], Parts]

_EXACT: dict[type, TakeApart] = {
    FunctionType: code.function_parts,
    CodeType: code.code_parts,
    MethodType: code.method_parts,
    BuiltinFunctionType: code.builtin_parts,
    MethodDescriptorType: code.descriptor_parts,
    WrapperDescriptorType: code.descriptor_parts,
    ClassMethodDescriptorType: code.descriptor_parts,
    GetSetDescriptorType: code.descriptor_parts,
    MemberDescriptorType: code.descriptor_parts,
    datetime: scalars.clock_time_parts,
    time: scalars.clock_time_parts,
    MappingProxyType: containers.mapping_proxy,
    object: refusal.refuse_contentless,
    **containers.CONTAINERS,
}

_BASES: list[tuple[type, TakeApart]] = [
    (type, code.class_parts),
    (ModuleType, code.module_parts),
    (Enum, objects.enum_parts),
    (partial, code.partial_parts),
]

_MODELS: list[tuple[str, TakeApart]] = [
    ("__struct_fields__", objects.msgspec_parts),
    ("__pydantic_fields__", objects.pydantic_parts),
    ("__attrs_attrs__", objects.attrs_parts),
    ("__dataclass_fields__", objects.dataclass_parts),
]
"""Kinds of models, by an attribute of their classes. A pydantic dataclass is a dataclass."""


def way_of(kind: type) -> TakeApart:
    """Return what takes values of the class `kind` apart."""
    if kind in _EXACT:
        return _EXACT[kind]
    if hasattr(kind, objects.STANDS_FOR):
        return objects.stand_in_parts
    for base, way in _BASES:
        if issubclass(kind, base):
            return way
    return _way_of_library(kind) or _way_of_model(kind) or _way_of_object(kind)


def _way_of_model(kind: type) -> TakeApart | None:
    for mark, way in _MODELS:
        if hasattr(kind, mark) and not (mark == "__pydantic_fields__" and hasattr(kind, "__dataclass_fields__")):
            return way
    return None


def _way_of_object(kind: type) -> TakeApart:
    if kind.__name__ == "_lru_cache_wrapper":
        return code.cached_function_parts
    if issubclass(kind, OrderedDict):
        return containers.ordered_dict
    if issubclass(kind, defaultdict):
        return containers.default_dict
    if issubclass(kind, containers.BASES):
        return containers.from_builtin
    if issubclass(kind, Iterator):
        return refusal.refuse_iterator
    return objects.reduced_parts


def _way_of_library(kind: type) -> TakeApart | None:
    """Return the way of a class from NumPy, pandas or polars, none of which is imported for it."""
    for base in kind.__mro__:
        library = base.__module__.partition(".")[0]
        if library in _LIBRARIES and library in sys.modules:
            way = _LIBRARIES[library]().get(base.__name__)
            if way is not None:
                return way
    return None


def _numpy_ways() -> dict[str, TakeApart]:
    from penstock.hashing import arrays

    return {"generic": arrays.scalar_parts, "ndarray": arrays.array_parts, "dtype": arrays.dtype_parts}


def _pandas_ways() -> dict[str, TakeApart]:
    from penstock.hashing import frames

    return {
        "DataFrame": frames.pandas_frame_parts,
        "Series": frames.pandas_series_parts,
        "Index": frames.pandas_index_parts,
        "ExtensionArray": frames.pandas_array_parts,
    }


def _polars_ways() -> dict[str, TakeApart]:
    from penstock.hashing import frames

    return {
        "DataFrame": frames.polars_frame_parts,
        "Series": frames.polars_series_parts,
        "LazyFrame": refusal.refuse_lazy,
    }


_LIBRARIES: dict[str, Callable[[], dict[str, TakeApart]]] = {
    "numpy": _numpy_ways,
    "pandas": _pandas_ways,
    "polars": _polars_ways,
}
