"""The survey runs a whole pipeline over the standard library of the Python that runs it."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

SURVEY = Path(__file__).parents[2] / "examples" / "survey.py"


def python(*command: str | Path) -> str:
    """Run Python with these arguments and return what it printed; it must end well."""
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def record(*command: str) -> Any:
    """Return what a command of the CLI prints as JSON."""
    return json.loads(python("-m", "penstock", *command, "--output", "json"))


def number(pattern: str, text: str) -> int:
    """Return the number that `pattern` finds."""
    found = re.search(pattern, text)
    assert found, text
    return int(found[1].replace(",", ""))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A home in which the survey ran twice, and what it printed."""
    home = tmp_path_factory.mktemp("survey-home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PENSTOCK_HOME", str(home))
        return home, python(SURVEY), python(SURVEY)


@pytest.fixture(autouse=True)
def _home_of_the_survey(outputs: tuple[Path, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENSTOCK_HOME", str(outputs[0]))


def test_it_reports(outputs: tuple[Path, str, str]) -> None:
    """The report is plain text with real figures: `os` is there, and hundreds of modules were measured and loaded."""
    home, first, _ = outputs
    assert "\x1b" not in first
    measured = number(r"files, ([\d,]+) modules", first)
    assert measured > 300
    with closing(sqlite3.connect(home / "survey.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM module").fetchone() == (measured,)
        (lines,) = database.execute("SELECT lines FROM module WHERE name = 'os'").fetchone()
        assert lines == len(Path(os.__file__).read_text(encoding="utf-8").split("\n"))
        assert database.execute("SELECT round(sum(weight), 6) FROM module").fetchone() == (1.0,)


def test_it_sets_bad_rows_aside(outputs: tuple[Path, str, str]) -> None:
    """Every file that was found was either measured or set aside, with a reason for each."""
    _, first, _ = outputs
    found = number(r"library: ([\d,]+) files", first)
    set_aside = number(r"([\d,]+) were set aside", first)
    assert found == number(r"files, ([\d,]+) modules", first) + set_aside
    assert set_aside == sum(
        int(count) for count in re.findall(r"^ +(\d+)  \w", first.split("set aside:")[1], re.MULTILINE)
    )


def test_the_second_run_comes_from_the_cache(outputs: tuple[Path, str, str]) -> None:
    """The first run hits nothing, the second one hits everything; the report is the same, and so says the record."""
    _, first, second = outputs
    measured = number(r"files, ([\d,]+) modules", first)
    hits = r"([\d,]+) of [\d,]+ measurements came from the cache"
    assert [number(hits, first), number(hits, second)] == [0, measured]
    assert (
        first.split(" measurements came")[0].rpartition("\n")[0]
        == second.split(" measurements came")[0].rpartition("\n")[0]
    )
    runs = record("flow-run", "ls", "--flow", "survey")
    assert [run["state"]["name"] for run in runs] == ["Completed", "Completed"]
    measuring = record("task-run", "ls", "--flow-run", runs[0]["id"], "--name", "measure", "--limit", "5000")
    assert [run["state"]["name"] for run in measuring] == ["Cached"] * measured


def test_failed_reads_are_retried(outputs: tuple[Path, str, str]) -> None:
    """The files that failed once are the ones that the record shows with two attempts, both told in their history."""
    _, _, second = outputs
    (extract, *_) = record("flow-run", "ls", "--flow", "extract")
    reads = record("task-run", "ls", "--flow-run", extract["id"], "--name", "read_file", "--limit", "5000")
    twice = [run for run in reads if run["run_count"] == 2]
    assert len(twice) == number(r"([\d,]+) files were read at the second attempt", second) > 0
    for run in twice:
        names = [state["name"] for state in run["states"]]
        assert names[-4:] == ["Running", "AwaitingRetry", "Retrying", "Completed"]


def test_the_run_is_drawn(outputs: tuple[Path, str, str]) -> None:
    """Below the report stands the run as a tree, and where its record lies."""
    home, first, _ = outputs
    tree = first.split("$ penstock flow-run inspect")[1]
    for name in ("survey", "extract", "find_files", "read_file", "validate", "measure", "rank", "load"):
        assert name in tree
    assert str(home / "survey.sqlite") in tree
    assert (home / "penstock.db").exists()
