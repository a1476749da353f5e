"""The benchmark of the server runs, on very little: what it fills, asks and reports is there. No time is looked at."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from support import databases

PROGRAM = Path(__file__).parents[3] / "benchmarks" / "run_server.py"
LITTLE = ("--parts", "5000", "--rounds", "1", "--clients", "5", "--seconds", "0.1")
WHILE_OTHERS_ASK = ("purging", "deleting runs", "deleting the largest run")


def _measured(folder: Path, *options: str) -> dict[str, Any]:
    figures = folder / "figures.json"
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *LITTLE, *options, "--json", str(figures)],
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
        env={**os.environ, "TEST_POSTGRESQL_URL": databases.SERVER},
    )
    assert done.returncode == 0, done.stderr
    results: dict[str, Any] = json.loads(figures.read_text())
    assert [note for note in results["notes"] if "slowest" not in note] == []
    for title in results["rows"]:
        assert title in done.stdout
    return results


@pytest.mark.parametrize("kind", databases.KINDS)
def test_it_measures_everything(tmp_path: Path, kind: str) -> None:
    """Twenty flow runs are filled in, every question is answered, and what is past its time or deleted goes meanwhile."""
    if kind == "postgresql":
        databases.require_postgresql()
    keep = ("--keep", str(tmp_path)) if kind == "sqlite" else ()
    figures = _measured(tmp_path, "--databases", kind, *keep)["figures"]
    column = f"{kind} 1/5000"
    assert all(set(by_column) == {column} for by_column in figures.values())
    for title in (
        "list flow runs",
        "histogram of task runs",
        "graph of the largest run",
        "search all logs, newest first",
    ):
        assert figures[title][column]["count"] == 2.0
    for what in WHILE_OTHERS_ASK:
        assert figures[f"reading while {what}"][column]["count"] > 0
        assert figures[f"writing while {what}"][column]["count"] > 0
    assert figures["task runs reported, for 0.1 s"][column]["one"] > 0
    if kind == "sqlite":
        with closing(sqlite3.connect(tmp_path / "penstock_bench_5000_filled.db")) as filled:
            tables = ("flow_runs", "task_runs", "logs")
            assert [filled.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables] == [20, 200, 1_000]
