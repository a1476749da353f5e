"""The source code of a task's function, as far as it can be had, and what the function was made with."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

from penstock.core.errors import HashError
from penstock.hashing.bound import given_before, innermost
from penstock.hashing.encoder import stable_hash
from penstock.hashing.refusal import hash_error

_EMPTY = "empty"

_texts: WeakKeyDictionary[FunctionType, str] = WeakKeyDictionary()


def source_hash(task: Any, exclude: Collection[str] = ()) -> str:
    """Return a hash of the source code of the function of `task`, its defaults and its closure.

    The code is the text where there is one, comments and decorators included. A lambda shares its line with others, and
    a function that was typed in has no text: their bytecode counts instead.

    Parameters:
        task: the task.
        exclude: parameters whose defaults do not count.

    Raises:
        HashError: there is no code, or what the function was made with has no stable hash.
    """
    fn = innermost(task.fn)
    function = getattr(fn, "__func__", fn)
    if not isinstance(function, FunctionType):
        code = _text_hash(type(function), task)
        return stable_hash(code, partials) if (partials := given_before(task.fn)) else code
    # Only the text stays what it is: a variable of a closure can be set anew, and a default can be changed.
    code = _texts.get(function) or _texts.setdefault(function, _function_hash(function, task))
    if function is task.fn and not (function.__defaults__ or function.__kwdefaults__ or function.__closure__):
        return code
    made_with = {
        **{f"default {name}": value for name, value in _defaults(function) if name not in exclude},
        **{f"closure {name}": value for name, value in _closure(function)},
        **given_before(task.fn),
    }
    return _hash_with(code, made_with) if made_with else code


def _hash_with(code: str, made_with: dict[str, Any]) -> str:
    try:
        return stable_hash(code, made_with)
    except HashError as error:
        # Which one it was is only worth finding out now.
        for name, value in made_with.items():
            _try_alone(name, value)
        raise hash_error(f"What its function was made with has no stable hash: {_fact(error)}") from error


def _try_alone(name: str, value: Any) -> None:
    try:
        stable_hash(value)
    except HashError as error:
        kind, _, variable = name.partition(" ")
        where = {
            "default": f"The default of its parameter {variable!r}",
            "closure": f"The variable {variable!r} that its function takes from the function around it",
        }.get(kind, "An argument of its functools.partial")
        raise hash_error(f"{where} can't be part of its key: {_fact(error)}") from error


def _fact(error: HashError) -> str:
    return str(getattr(error, "fact", error))


def _defaults(function: FunctionType) -> Iterator[tuple[str, Any]]:
    defaults = function.__defaults__ or ()
    count = function.__code__.co_argcount
    yield from zip(function.__code__.co_varnames[count - len(defaults) : count], defaults, strict=True)
    yield from (function.__kwdefaults__ or {}).items()


def _closure(function: FunctionType) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        try:
            yield name, (cell.cell_contents,)
        except ValueError:
            yield name, _EMPTY


def _function_hash(function: FunctionType, task: Any) -> str:
    if function.__name__ == "<lambda>":
        return stable_hash(function.__code__)
    return _text_hash(function, task)


def _text_hash(source: Callable[..., Any], task: Any) -> str:
    text = getattr(task, "source_code", None)
    if text is None:
        try:
            text = inspect.getsource(source)
        except (OSError, TypeError):
            return stable_hash(getattr(source, "__code__", source))
    return stable_hash(text)
