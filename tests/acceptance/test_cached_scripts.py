"""Programs that share a storage share the results of a file that both use, and of no others of the same name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
from penstock import flow, task
from penstock.cache_policies import INPUTS

@task(cache_policy=INPUTS)
def load(x):
    print("loading")
    return {answer!r}

@flow
def etl():
    print("answer", load(1))

if __name__ == "__main__":
    etl()
"""

RUNNER = "from {module} import etl; etl()"


def write(folder: Path, answer: str, name: str = "etl.py") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(PROGRAM.format(answer=answer))
    return path


def run(*command: str, folder: Path) -> list[str]:
    """Return what the program printed, of which logs are no part."""
    environment = {**os.environ, "PYTHONPATH": ""}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if line.startswith(("loading", "answer"))]


def test_scripts_of_one_name_do_not_share_results(tmp_path: Path) -> None:
    """Neither where they are run, nor as the file of an entrypoint, nor as a module that lies beside a script."""
    for answer in ("a", "b"):
        write(tmp_path / answer, answer)
    expected = {"a": ["loading", "answer a"], "b": ["loading", "answer b"]}
    assert {answer: run("etl.py", folder=tmp_path / answer) for answer in "ab"} == expected
    for answer in ("a", "b"):
        folder = tmp_path / answer
        (folder / "runner.py").write_text(RUNNER.format(module="etl"))
        again = [f"answer {answer}"]
        assert run("-m", "penstock", "flow", "run", "etl.py:etl", folder=folder) == again
        assert run("-m", "penstock", "flow", "run", f"{folder}/etl.py", folder=tmp_path) == again
        assert run("runner.py", folder=folder) == again


def test_files_of_packages_of_one_name_do_not_share_results(tmp_path: Path) -> None:
    """A file that is named as an entrypoint is told by its path, also where it lies in a package."""
    for answer in ("a", "b"):
        write(tmp_path / answer / "src", answer)
        (tmp_path / answer / "src" / "__init__.py").touch()
        command = ("-m", "penstock", "flow", "run", "src/etl.py:etl")
        assert run(*command, folder=tmp_path / answer) == ["loading", f"answer {answer}"]
        assert run("src/etl.py", folder=tmp_path / answer) == [f"answer {answer}"]


def test_a_name_that_is_taken_makes_no_difference(tmp_path: Path) -> None:
    """A script that is called like a module of the standard library has the same keys, however it is started."""
    write(tmp_path, "a", "colorsys.py")
    assert run("colorsys.py", folder=tmp_path) == ["loading", "answer a"]
    program = (
        "import colorsys, sys; sys.path.insert(0, '.');"
        "from penstock.engine.entrypoints import load_flow_from_entrypoint as load; flow = load('colorsys.py:etl');"
        "print('answer of', flow.fn.__globals__['load'].task_key); flow()"
    )
    (tmp_path / "elsewhere").mkdir()
    program = program.replace("colorsys.py", "../colorsys.py")
    assert run("-c", program, folder=tmp_path / "elsewhere") == ["answer of colorsys.load", "answer a"]


def test_a_link_is_the_file_it_leads_to(tmp_path: Path) -> None:
    """The path that counts is the one without links."""
    write(tmp_path / "real", "a")
    try:
        (tmp_path / "linked").symlink_to(tmp_path / "real")
    except OSError:
        pytest.skip("links can't be made here")
    assert run("etl.py", folder=tmp_path / "real") == ["loading", "answer a"]
    assert run("etl.py", folder=tmp_path / "linked") == ["answer a"]
