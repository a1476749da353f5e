"""Nothing grows past what one reader can hold: files, functions and folders have a bound."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "tests", "examples", "benchmarks", "docs")

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
MAX_FOLDER_FILES = 15

# The package root holds one thin module for each public path users import; those paths are fixed by compatibility.
# The clients hold one module for each resource, which scripts/generate_client.py writes.
UNBOUNDED_FOLDERS = {ROOT / "src/penstock", *(ROOT / "src/penstock/client" / kind for kind in ("waiting", "awaiting"))}

# scripts/generate_client.py writes these, a file for each noun of the table of operations: they grow with the table.
GENERATED = (ROOT / "src/penstock/client/waiting", ROOT / "src/penstock/client/awaiting")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def python_files() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def function_lines(function: Function) -> int:
    """Count the lines of a function without its docstring: words for users are not what makes it long."""
    assert function.end_lineno is not None
    lines = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


def functions_in(source: str) -> list[Function]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_files_are_short() -> None:
    """No Python file has more than 500 lines, but for generated ones."""
    written = [path for path in python_files() if path.parent not in GENERATED]
    lines = {path: len(path.read_text().splitlines()) for path in written}
    long = [f"{path.relative_to(ROOT)}: {count}" for path, count in lines.items() if count > MAX_FILE_LINES]
    assert not long, f"files over {MAX_FILE_LINES} lines; split each by noun"


def test_functions_are_short() -> None:
    """No function has more than 60 lines beside its docstring."""
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}: {function_lines(function)}"
        for path in python_files()
        for function in functions_in(path.read_text())
        if function_lines(function) > MAX_FUNCTION_LINES
    ]
    assert not long, f"functions over {MAX_FUNCTION_LINES} lines"


def test_folders_are_small() -> None:
    """No folder holds more than 15 Python files beside its `__init__.py`."""
    files = [path for path in python_files() if path.name != "__init__.py"]
    counts = {folder: sum(path.parent == folder for path in files) for folder in {path.parent for path in files}}
    full = [
        f"{folder.relative_to(ROOT)}: {count}"
        for folder, count in sorted(counts.items())
        if count > MAX_FOLDER_FILES and folder not in UNBOUNDED_FOLDERS
    ]
    assert not full, f"folders with more than {MAX_FOLDER_FILES} Python files"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f():\n    return 1\n", 2),
        ('def f():\n    """Say.\n\n    More.\n    """\n    return 1\n', 2),
        ("async def f(\n    a,\n    b,\n):\n    return a\n", 5),
    ],
)
def test_function_lines_leave_out_the_docstring(source: str, lines: int) -> None:
    """The count holds the signature and the body, and not the docstring."""
    assert [function_lines(function) for function in functions_in(source)] == [lines]
