"""The public names are pinned: none appears, moves or goes away unseen.

After a change that is meant, write the snapshot again with `python tests/architecture/test_public_names.py`.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import penstock

SNAPSHOT = Path(__file__).with_name("public_names.txt")

# Floors and programs: what lies in them is reached through the public modules, or not at all.
INTERNAL = {
    "__main__",
    "cli",
    "client",
    "core",
    "engine",
    "hashing",
    "local",
    "reporting",
    "runners",
    "server",
    "storage",
    "wire",
}


def public_modules() -> list[str]:
    """List the modules users import, and the modules inside those that are packages."""
    names = ["penstock"]
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


if __name__ == "__main__":
    SNAPSHOT.write_text(pinned_text())
