"""Every public function and class says what it is for."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

SNAPSHOT = Path(__file__).with_name("public_names.txt")


def public_modules() -> list[str]:
    """List the modules in the snapshot that test_public_names.py keeps true."""
    return [line for line in SNAPSHOT.read_text().splitlines() if line and not line.startswith(" ")]


def public_things(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Yield the functions and classes a module exports, and their public methods, with their names."""
    for name in module.__all__:
        thing = getattr(module, name)
        if not str(getattr(thing, "__module__", "")).startswith("penstock"):
            continue
        if inspect.isclass(thing):
            yield name, thing
            for method_name, method in vars(thing).items():
                if not method_name.startswith("_") and inspect.isfunction(inspect.unwrap(method)):
                    yield f"{name}.{method_name}", getattr(thing, method_name)
        elif callable(thing):
            yield name, thing


def is_documented(thing: object) -> bool:
    """Tell whether a docstring was written: dataclasses make one of their signature, which says nothing."""
    if inspect.isclass(thing):
        return bool(thing.__doc__) and not thing.__doc__.startswith(f"{thing.__name__}(")
    return bool(inspect.getdoc(thing))


@pytest.mark.parametrize("module_name", public_modules())
def test_public_names_have_docstrings(module_name: str) -> None:
    """A public module lists its names in `__all__`, and it and each of them has a docstring."""
    module = importlib.import_module(module_name)
    assert module.__doc__, f"{module_name} has no docstring"
    assert hasattr(module, "__all__"), f"{module_name} does not say in __all__ what is public"
    assert [name for name, thing in public_things(module) if not is_documented(thing)] == []


def test_a_missing_docstring_is_found() -> None:
    """A function without words is not documented, nor is a dataclass with only its generated signature."""

    def silent() -> None: ...

    assert not is_documented(silent)
    assert is_documented(is_documented)
