"""What the parameters of a function are annotated with, as types."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FunctionType, MethodType
from typing import Any


def annotations_of(fn: Callable[..., Any]) -> dict[str, Any]:
    """Return the types of the annotated parameters of `fn` by name.

    An annotation written as a string is looked up where the function stands. One that can't be found there, such as
    a name imported for the type checker only, is left out: its parameter takes anything.
    """
    function = _function_behind(fn)
    namespace = _namespace(function)
    found: dict[str, Any] = {}
    for name, annotation in _written(function).items():
        if name == "return":
            continue
        with suppress(Exception):
            found[name] = _resolved(annotation, namespace)
    return found


def namespace_of(fn: Callable[..., Any]) -> dict[str, Any]:
    """Return the names that annotations of `fn` may use: those of its module, and of the functions around it."""
    return _namespace(_function_behind(fn))


def _resolved(annotation: Any, namespace: dict[str, Any]) -> Any:
    if not isinstance(annotation, str):
        return annotation
    # The string is code of the user's module, as the function itself is.
    return eval(annotation, namespace)  # noqa: S307


def _function_behind(fn: Any) -> Any:
    while True:
        if isinstance(fn, partial):
            fn = fn.func
        elif isinstance(fn, MethodType):
            fn = fn.__func__
        elif hasattr(fn, "__wrapped__"):
            fn = fn.__wrapped__
        else:
            break
    if isinstance(fn, FunctionType):
        return fn
    kind, name = (fn, "__init__") if isinstance(fn, type) else (type(fn), "__call__")
    method = getattr(kind, name, None)
    return _function_behind(method) if isinstance(method, FunctionType) else fn


def _written(function: Any) -> dict[str, Any]:
    if sys.version_info >= (3, 14):
        import annotationlib

        try:
            return annotationlib.get_annotations(function, format=annotationlib.Format.FORWARDREF)
        except (NameError, TypeError):
            return {}
    return getattr(function, "__annotations__", None) or {}


def _namespace(function: Any) -> dict[str, Any]:
    namespace = dict(getattr(function, "__globals__", {}))
    code, cells = getattr(function, "__code__", None), getattr(function, "__closure__", None)
    if code is not None and cells:
        for name, cell in zip(code.co_freevars, cells, strict=True):
            try:
                namespace[name] = cell.cell_contents
            except ValueError:  # the function around it has not set the variable yet
                continue
    namespace.update({each.__name__: each for each in getattr(function, "__type_params__", ())})
    return namespace
