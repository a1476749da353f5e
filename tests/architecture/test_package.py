"""What users install is whole: the built package holds what it needs and nothing of ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from penstock import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture
def wheel(tmp_path: Path) -> ZipFile:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = tmp_path.glob("*.whl")
    return ZipFile(path)


def test_the_wheel_is_whole(wheel: ZipFile) -> None:
    """The wheel has every module, the mark that it is typed, the licence, the command and the one version."""
    with wheel:
        names = set(wheel.namelist())
        information = f"penstock-{__version__}.dist-info"
        assert {f"{information}/licenses/LICENSE", "penstock/py.typed"} <= names
        assert "penstock = penstock.cli:main" in wheel.read(f"{information}/entry_points.txt").decode()
        modules = {str(path.relative_to(ROOT / "src")) for path in (ROOT / "src").rglob("*.py")}
        assert {name for name in names if name.endswith(".py")} == modules
        assert {name.split("/")[0] for name in names} == {"penstock", information}
