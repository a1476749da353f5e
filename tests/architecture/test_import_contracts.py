"""The import graph keeps the contracts in pyproject.toml, and the contracts can be broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy_of_the_package(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept() -> None:
    """Each floor imports only what is below it, and the server and the SDK never import each other."""
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_an_import_upwards_breaks_a_contract(copy_of_the_package: Path) -> None:
    """A module in `core` that imports the floor above fails the check."""
    (copy_of_the_package / "src/penstock/core/upwards.py").write_text("import penstock.wire\n")
    result = lint_imports(copy_of_the_package)
    assert result.returncode == 1
    assert "penstock.core is not allowed to import penstock.wire" in result.stdout


def test_a_module_without_a_floor_breaks_a_contract(copy_of_the_package: Path) -> None:
    """A new top-level module must be given its floor before the check passes."""
    (copy_of_the_package / "src/penstock/homeless.py").touch()
    result = lint_imports(copy_of_the_package)
    assert result.returncode == 1
    assert "penstock.homeless" in result.stdout
