"""The page of faults names tests that there are, each fault at least one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "design" / "faults.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[str]:
    """Return the lines of the table, without its head."""
    return [line for line in PAGE.read_text().splitlines() if line.startswith("| ")][1:]


def named_in(path: Path) -> set[str]:
    """Return the names of the tests that a file holds."""
    tree = ast.parse(path.read_text()) if path.is_file() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_each_named_test_is_there() -> None:
    """A test that is renamed or removed is found here."""
    named = TEST.findall(PAGE.read_text())
    assert len(named) > 30
    assert [f"{path}::{name}" for path, name in named if name not in named_in(ROOT / path)] == []


def test_each_fault_has_a_test() -> None:
    """No row promises what nothing tests."""
    assert [row for row in rows() if not TEST.search(row)] == []
