"""Copies of code: a folder's own, never over what is something else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.git_hosting import WorkingRepository

from penstock.core.errors import InvalidSource, SourceError
from penstock.sources.git.repository import GitSource
from penstock.sources.local_folder import LocalFolder


def test_a_new_version_replaces_the_old(repository: WorkingRepository, tmp_path: Path) -> None:
    """A folder with an earlier version of the same code is brought up, and files that are no more are gone."""
    source = GitSource(str(repository.path))
    copy = source.pull(tmp_path / "copy")
    repository.git("rm", "--quiet", "readme.txt")
    repository.commit({"flows.py": "two"})
    assert source.pull(tmp_path / "copy") == copy
    assert (copy / "flows.py").read_text() == "two"
    assert not (copy / "readme.txt").exists()
    assert [path.name for path in tmp_path.glob(".copy*")] == []


def test_the_same_version_is_left_alone(repository: WorkingRepository, tmp_path: Path) -> None:
    """A folder that has the version already keeps what was changed in it."""
    source = GitSource(str(repository.path))
    copy = source.pull(tmp_path / "copy")
    (copy / "flows.py").write_text("changed")
    source.pull(tmp_path / "copy")
    assert (copy / "flows.py").read_text() == "changed"


def test_an_empty_folder_is_filled(
    repository: WorkingRepository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is there and empty, even the working directory, is filled and stays the same folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir("empty")
    GitSource(str(repository.path)).pull(Path())
    assert Path("flows.py").read_text() == "one"


@pytest.mark.parametrize("other", ["a file", "a folder", "other code"])
def test_something_else_is_never_replaced(repository: WorkingRepository, tmp_path: Path, other: str) -> None:
    """What is in the way stays as it is."""
    into = tmp_path / "copy"
    if other == "a file":
        into.write_text("mine")
    elif other == "a folder":
        into.mkdir()
        (into / "mine.txt").write_text("mine")
    else:
        second = WorkingRepository.made(tmp_path / "second", {"mine.txt": "mine"})
        GitSource(str(second.path)).pull(into)
    with pytest.raises(SourceError, match="in the way"):
        GitSource(str(repository.path)).pull(into)
    assert (into if into.is_file() else into / "mine.txt").read_text() == "mine"


def test_byte_code_of_shared_code_is_good_for_copies(repository: WorkingRepository, tmp_path: Path) -> None:
    """What Python compiled beside shared code is used from a copy of it: a second run does not compile anew."""
    repository.commit({"flows.py": "x = 1\n"})
    source = GitSource(str(repository.path))
    with source.fetch() as pulled:
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        subprocess.run([sys.executable, "-c", "import flows"], cwd=pulled.path, env=environment, check=True)
    copy = source.pull(tmp_path / "copy")
    assert list(copy.glob("__pycache__/flows.*.pyc"))
    said = subprocess.run(
        [sys.executable, "-v", "-c", "import flows"], cwd=copy, check=True, capture_output=True, text=True
    ).stderr
    assert "flows" in said
    assert f"matches {copy}/flows.py" in said


def test_a_local_folder_is_used_where_it_is(tmp_path: Path) -> None:
    """Code of this machine is not copied; a folder that is not there is named."""
    assert LocalFolder(tmp_path).pull(tmp_path / "copy") == tmp_path
    assert not (tmp_path / "copy").exists()
    assert LocalFolder(tmp_path).to_pull_step() == {
        "penstock.deployments.steps.set_working_directory": {"directory": str(tmp_path)}
    }
    with pytest.raises(SourceError, match="no folder"):
        LocalFolder(tmp_path / "nothing").fetch()
    with pytest.raises(InvalidSource):
        LocalFolder(" ")
