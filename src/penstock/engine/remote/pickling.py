"""Pickle what travels between a process and its children.

Cloudpickle takes along whole what a process can't import by name. It takes decorated functions for such: the name of
one leads to the task, not to the function. And it takes everything in the main module for such, although a child
has imported that too. Both are sent by name here, so that a task meets in the child the module it was written in.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from types import FunctionType
from typing import Any

import cloudpickle  # type: ignore[import-untyped]

from penstock.engine.definitions.definition import Definition

MAIN = "__main__"

_registering = threading.Lock()


def _start_anew_in_child() -> None:
    # A thread of the parent may have held it at the moment of the fork.
    global _registering
    _registering = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew_in_child)


def dumps(value: Any, kind: bytes = b"", by_value: AbstractSet[str] = frozenset()) -> memoryview:
    """Return `value` pickled, after the byte that tells the message's kind.

    Parameters:
        value: what to pickle.
        kind: that byte.
        by_value: modules that the reader can't import; what stands in them is sent whole.
    """
    file = BytesIO()
    file.write(kind)
    if by_value - {MAIN}:
        with _sent_whole(by_value - {MAIN}):
            _Pickler(file, by_value).dump(value)
    else:
        _Pickler(file, by_value).dump(value)
    return file.getbuffer()


def loads(message: bytes) -> Any:
    """Return what `dumps` pickled after the first byte of `message`."""
    return pickle.loads(memoryview(message)[1:])


@contextmanager
def _sent_whole(names: AbstractSet[str]) -> Iterator[None]:
    with _registering:
        present = [sys.modules[name] for name in names if name in sys.modules]
        fresh = [module for module in present if module.__name__ not in cloudpickle.list_registry_pickle_by_value()]
        for module in fresh:
            cloudpickle.register_pickle_by_value(module)
        try:
            yield
        finally:
            for module in fresh:
                cloudpickle.unregister_pickle_by_value(module)


class _Pickler(cloudpickle.Pickler):  # type: ignore[misc]
    def __init__(self, file: BytesIO, by_value: AbstractSet[str]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._by_value = by_value

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, FunctionType):
            if not _is_whole(obj.__module__, self._by_value):
                definition = _definition_at(sys.modules.get(obj.__module__), obj.__qualname__)
                if definition is not None and definition.fn is obj:
                    return _function_named, (obj.__module__, obj.__qualname__)
                if obj.__module__ == MAIN and _is_named(obj):
                    return NotImplemented
        elif isinstance(obj, type):
            if obj.__module__ == MAIN and MAIN not in self._by_value and _is_named(obj):
                return NotImplemented
        elif isinstance(obj, Definition) and is_sent_by_name(obj, self._by_value):
            return definition_named, (obj.fn.__module__, obj.fn.__qualname__)
        return super().reducer_override(obj)


def is_sent_by_name(definition: Definition, by_value: AbstractSet[str]) -> bool:
    """Whether a flow or task stands in a module where a child finds it."""
    module = getattr(definition.fn, "__module__", None)
    if _is_whole(module, by_value):
        return False
    return _definition_at(sys.modules.get(module or ""), getattr(definition.fn, "__qualname__", "")) is definition


def _is_whole(module: str | None, by_value: AbstractSet[str]) -> bool:
    return module is None or any(module == name or module.startswith(f"{name}.") for name in by_value)


def _definition_at(holder: Any, name: str) -> Definition | None:
    """Return the flow or task that stands under a qualified name in a module, as it stands there: unbound."""
    for part in name.split("."):
        holder = getattr(holder, "__dict__", {}).get(part)
        if isinstance(holder, (classmethod, staticmethod)):
            holder = holder.__func__
    return holder if isinstance(holder, Definition) else None


def _is_named(obj: Any) -> bool:
    found: Any = sys.modules[MAIN]
    for part in obj.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is obj


def definition_named(module: str, name: str) -> Definition:
    """Return the flow or task that stands under a qualified name in a module.

    Raises:
        ImportError: there is no such module.
        AttributeError: there is no such flow or task in it.
    """
    found = _definition_at(import_module(module), name)
    if found is None:
        raise AttributeError(f"The module {module!r} has no flow or task {name!r} when a process for tasks imports it.")
    return found


def _function_named(module: str, name: str) -> Any:
    return definition_named(module, name).fn
