"""The public names are pinned: none appears, moves or goes away unseen.

After a change that is meant, write the snapshot again with `python tests/architecture/test_public_names.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import penstock

SNAPSHOT = Path(__file__).with_name("public_names.txt")

# Floors and programs: what lies in them is reached through the public modules, or not at all.
INTERNAL = {
    "__main__",
    "cli",
    "client",
    "core",
    "deployment_steps",
    "engine",
    "hashing",
    "local",
    "reporting",
    "runners",
    "server",
    "sources",
    "storage",
    "wire",
}


def public_modules() -> list[str]:
    """List the modules users import, and the modules inside those that are packages."""
    # Of the client's floor, what makes a client is for users, and what programs for Prefect import.
    names = ["penstock", "penstock.client", "penstock.client.schemas.schedules"]
    for top in pkgutil.iter_modules(penstock.__path__, "penstock."):
        if top.name.removeprefix("penstock.") in INTERNAL:
            continue
        names.append(top.name)
        if top.ispkg:
            inner = pkgutil.iter_modules(importlib.import_module(top.name).__path__, f"{top.name}.")
            names.extend(module.name for module in inner if hasattr(importlib.import_module(module.name), "__all__"))
    return sorted(names)


def names_in(module_name: str) -> list[str]:
    return sorted(getattr(importlib.import_module(module_name), "__all__", []))


def pinned_text() -> str:
    """Describe every public module and its names, one a line."""
    lines: list[str] = []
    for module_name in public_modules():
        lines += [module_name, *(f"  {name}" for name in names_in(module_name)), ""]
    return "\n".join(lines)


def test_public_names_are_as_pinned() -> None:
    """`__all__` of penstock and of every public module holds exactly the names in public_names.txt."""
    assert pinned_text().splitlines() == SNAPSHOT.read_text().splitlines(), f"if it is meant: {__doc__}"


def test_public_names_can_be_had() -> None:
    """Each name in an `__all__`, also one that is loaded lazily, is there to import."""
    missing = [
        f"{module_name}.{name}"
        for module_name in public_modules()
        for name in names_in(module_name)
        if not hasattr(importlib.import_module(module_name), name)
    ]
    assert missing == []


def test_no_public_name_is_taken_by_a_future_import() -> None:
    """Each module is to be had from its package before it was ever imported, also `annotations`; so is each name.

    `from __future__ import annotations` in a package hides a module of that name, and `from package import annotations`
    then gives an object of `__future__`, without an error.
    """
    program = f"""
import importlib, sys, types
for module_name in {public_modules()!r}:
    package, _, last = module_name.rpartition(".")
    if package:
        found = {{}}
        exec(f"from {{package}} import {{last}} as it", found)
        assert isinstance(found["it"], types.ModuleType), (module_name, found["it"])
    module = importlib.import_module(module_name)
    for name in getattr(module, "__all__", ()):
        assert type(getattr(module, name)).__module__ != "__future__", (module_name, name)
import penstock
assert penstock.annotations is sys.modules["penstock.annotations"]
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["annotations", "states", "runtime", "exceptions"])
def test_a_module_can_be_had_by_its_path(name: str) -> None:
    """`import penstock` is enough to write `penstock.states`; nothing is loaded before that."""
    program = f"import penstock, sys; assert penstock.{name} is sys.modules['penstock.{name}']"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_there_is_no_such_name() -> None:
    """An attribute that is neither a name nor a module is missing, as in any module."""
    with pytest.raises(AttributeError, match="module 'penstock' has no attribute 'nonsense'"):
        _ = penstock.nonsense
    assert not hasattr(penstock, "_nonsense")


if __name__ == "__main__":
    SNAPSHOT.write_text(pinned_text())
