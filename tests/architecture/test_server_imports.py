"""The server never imports, unpickles or evaluates what users send."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src/penstock"

MODULES_THAT_UNPICKLE = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "marshal", "shelve", "joblib"}
MODULES_THAT_RUN_CODE = {"importlib", "imp", "runpy", "code", "codeop", "pkgutil", "zipimport"}
MODULES_THAT_ONLY_READ = {"importlib.resources", "importlib.metadata"}
CALLS_THAT_RUN_CODE = {"eval", "exec", "compile", "__import__"}
FLOORS_THE_SERVER_SEES = {"server", "wire", "settings", "core"}


def imported_modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{alias.name}".strip(".") for alias in node.names)


def called_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def is_within(module: str, packages: set[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def faults(source: str) -> list[str]:
    """List what a module of the server may not import or call."""
    tree = ast.parse(source)
    banned = MODULES_THAT_UNPICKLE | MODULES_THAT_RUN_CODE
    imports = [
        module
        for module in imported_modules(tree)
        if is_within(module, banned) and not is_within(module, MODULES_THAT_ONLY_READ)
    ]
    strangers = [
        module
        for module in imported_modules(tree)
        if module.partition(".")[0] == "penstock"
        and not is_within(module, {f"penstock.{floor}" for floor in FLOORS_THE_SERVER_SEES})
    ]
    return imports + strangers + [name for name in called_names(tree) if name in CALLS_THAT_RUN_CODE]


def files(floor: str) -> list[Path]:
    found = sorted((PACKAGE / floor).rglob("*.py"))
    assert found, f"no Python file under penstock/{floor}: the check would check nothing"
    return found


def test_the_server_imports_nothing_that_runs_user_code() -> None:
    """No module under `server` imports a pickler or an importer, calls eval or exec, or sees a floor of the SDK."""
    found = {str(path.relative_to(PACKAGE)): faults(path.read_text()) for path in files("server")}
    assert {path: what for path, what in found.items() if what} == {}


@pytest.mark.parametrize("floor", ["wire", "settings", "core"])
def test_what_the_server_stands_on_does_not_unpickle(floor: str) -> None:
    """The floors below the server, which it imports, import no pickler either."""
    found = {
        str(path.relative_to(PACKAGE)): [
            module
            for module in imported_modules(ast.parse(path.read_text()))
            if is_within(module, MODULES_THAT_UNPICKLE)
        ]
        for path in files(floor)
    }
    assert {path: modules for path, modules in found.items() if modules} == {}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import pickle", ["pickle"]),
        ("def read():\n    from cloudpickle import loads", ["cloudpickle.loads"]),
        ("from importlib import import_module", ["importlib.import_module"]),
        ("import importlib.util", ["importlib.util"]),
        ("from importlib.resources import files", []),
        ("from penstock.engine.invocation import effects", ["penstock.engine.invocation.effects"]),
        ("from penstock import flow", ["penstock.flow"]),
        ("from penstock.core.state import State", []),
        ("eval('1')", ["eval"]),
    ],
)
def test_the_ban_list_finds(source: str, expected: list[str]) -> None:
    """The check sees every way of importing what is banned, and lets the rest pass."""
    assert faults(source) == expected
