"""Functions, methods, partials, classes and modules: by what they would do, as far as they carry it with them.

What a function reads from its module while it runs is not part of it.
"""

from __future__ import annotations

import sys
from types import CodeType, FunctionType
from typing import Any

from penstock.hashing.framing import Encode, Parts, text

_EMPTY_CELL = b"<empty>"


def code_parts(code: CodeType, encode: Encode) -> Parts:
    """Take the code of a function apart: its instructions and constants; not its file and lines."""
    return b"code", [
        encode(code.co_code),
        encode(code.co_consts),
        encode(code.co_names),
        encode(code.co_varnames),
        encode(code.co_freevars),
        encode(code.co_cellvars),
        encode((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)),
        encode(code.co_name),
        encode(code.co_exceptiontable),
    ]


def function_parts(function: FunctionType, encode: Encode) -> Parts:
    """Take a function apart: its name, code, defaults, closure and attributes."""
    return b"function", [
        text(function.__module__ or ""),
        text(function.__qualname__),
        encode(function.__code__),
        encode(function.__defaults__),
        encode(function.__kwdefaults__),
        encode(vars(function)),
        *[_cell(cell, encode) for cell in function.__closure__ or ()],
    ]


def _cell(cell: Any, encode: Encode) -> bytes:
    try:
        value = cell.cell_contents
    except ValueError:
        return _EMPTY_CELL
    return encode(value)


def method_parts(method: Any, encode: Encode) -> Parts:
    """Take a bound method apart: its function, and what it is bound to."""
    return b"method", [encode(method.__func__), encode(method.__self__)]


def builtin_parts(function: Any, encode: Encode) -> Parts:
    """Take a function written in C apart: where it lives and its name, or what it is bound to."""
    owner = function.__self__
    if owner is None or isinstance(owner, type(sys)):
        return b"builtin", [text(function.__module__ or ""), text(function.__qualname__)]
    return b"builtin method", [encode(owner), text(function.__name__)]


def descriptor_parts(descriptor: Any, encode: Encode) -> Parts:
    """Take a method of a class written in C apart, such as `str.upper`."""
    return b"descriptor", [encode(descriptor.__objclass__), text(descriptor.__name__)]


def partial_parts(partial: Any, encode: Encode) -> Parts:
    """Take a `functools.partial` apart."""
    return b"partial", [
        encode(type(partial)),
        encode(partial.func),
        encode(partial.args),
        encode(partial.keywords),
    ]


def cached_function_parts(cached: Any, encode: Encode) -> Parts:
    """Take a function under `functools.lru_cache` apart."""
    return b"cached", [encode(cached.__wrapped__), encode(cached.cache_parameters())]


def module_parts(module: Any, encode: Encode) -> Parts:
    """Take a module apart: it is its name."""
    return b"module", [encode(module.__name__)]


def class_parts(kind: type, encode: Encode) -> Parts:
    """Take a class apart: it is its name and, where that name may mean another class tomorrow, what it does.

    That is so for a class in a script, a notebook or a function.
    """
    parts = [text(kind.__module__), text(kind.__qualname__)]
    if kind.__module__ in ("__main__", "__mp_main__") or "<locals>" in kind.__qualname__:
        parts += [encode(base) for base in kind.__bases__]
        parts += [encode(_field_names(kind)), encode(_members_of_enum(kind))]
        parts += [part for name, value in sorted(vars(kind).items()) for part in _member(name, value, encode)]
    return b"class", parts


_FIELDS = ("__struct_fields__", "__pydantic_fields__", "__dataclass_fields__")
_CONSTANTS = (bool, int, float, str, bytes, type(None))


def _field_names(kind: type) -> list[str]:
    return [name for mark in _FIELDS for name in getattr(kind, mark, ())]


def _members_of_enum(kind: type) -> dict[str, Any]:
    return {name: member.value for name, member in getattr(kind, "__members__", {}).items()}


def _member(name: str, value: Any, encode: Encode) -> list[bytes]:
    if isinstance(value, (staticmethod, classmethod)):
        value = value.__func__
    if isinstance(value, FunctionType):
        return [text(name), encode(value.__code__)]
    if isinstance(value, property):
        functions = [getattr(one, "__code__", None) for one in (value.fget, value.fset, value.fdel)]
        return [text(name), encode(functions)]
    if type(value) in _CONSTANTS and not name.startswith("__"):
        return [text(name), encode(value)]
    return []
