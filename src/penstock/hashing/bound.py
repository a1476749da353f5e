"""What a callable carries with it that its caller does not give: the object of a method, the arguments of a partial."""

from __future__ import annotations

from collections.abc import Callable
from functools import _lru_cache_wrapper, partial
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any


def bound_arguments(fn: Callable[..., Any]) -> dict[str, Any]:
    """Return the arguments that `fn` is bound to, by name; the object of a method has the name the method gives it."""
    bound = given_before(fn)
    fn = innermost(fn)
    if isinstance(fn, (FunctionType, type)):
        return bound
    function = getattr(fn, "__func__", None)
    if function is not None:
        bound[_first_parameter(function)] = fn.__self__  # type: ignore[attr-defined]
    elif not isinstance(fn, BuiltinFunctionType):
        bound["self"] = fn
    elif fn.__self__ is not None and not isinstance(fn.__self__, ModuleType):
        bound["self"] = fn.__self__
    return bound


def given_before(fn: Callable[..., Any]) -> dict[str, Any]:
    """Return the arguments of every `functools.partial` that `fn` consists of.

    Those of each are under one name, as one of them may be given again by a partial around it.
    """
    given: dict[str, Any] = {}
    while isinstance(fn, (partial, _lru_cache_wrapper)):
        if isinstance(fn, partial):
            given[f"partial {len(given)}"] = (fn.args, fn.keywords)
        fn = _within(fn)
    return given


def innermost(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Return what is within every `functools.partial` and `functools.lru_cache` around it."""
    while isinstance(fn, (partial, _lru_cache_wrapper)):
        fn = _within(fn)
    return fn


def _within(fn: Any) -> Callable[..., Any]:
    within: Callable[..., Any] = fn.func if isinstance(fn, partial) else fn.__wrapped__
    return within


def _first_parameter(function: Any) -> str:
    code = getattr(function, "__code__", None)
    return code.co_varnames[0] if code is not None and code.co_argcount else "self"
