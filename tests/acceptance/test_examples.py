"""The examples do what they say, each as its own process, and the record tells it."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*command: str | Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments; its exit status must be `status`."""
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def record(*command: str) -> Any:
    """Return what a command of the CLI prints as JSON."""
    return json.loads(run("-m", "penstock", *command, "--output", "json").stdout)


def flow_run(name: str) -> dict[str, Any]:
    """Return the newest run of the flow of that name, with its whole history."""
    newest: dict[str, Any] = record("flow-run", "ls", "--flow", name)[0]
    return newest


def task_runs(flow_run_id: str) -> dict[str, dict[str, Any]]:
    """Return the task runs of a flow run by their names."""
    return {one["name"]: one for one in record("task-run", "ls", "--flow-run", flow_run_id, "--limit", "1000")}


def history(task_run: dict[str, Any]) -> list[str]:
    """Return the names of the states that a task run went through."""
    return [state["name"] for state in task_run["states"]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder to release: two files."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "letter.txt").write_text("Dear reader\n")
    (folder / "table.csv").write_text("a,b\n1,2\n")
    return folder


def test_a_release_is_made_whole(folder: Path, tmp_path: Path) -> None:
    """Every file is released, compressed, and its checksum is right; the staged files are gone."""
    release = tmp_path / "release"
    done = run(EXAMPLES / "release.py", folder, release)

    assert sorted(path.name for path in release.iterdir()) == ["SHA256SUMS", "letter.txt.gz", "table.csv.gz"]
    assert gzip.decompress((release / "letter.txt.gz").read_bytes()) == b"Dear reader\n"
    sums = dict(reversed(line.split("  ")) for line in (release / "SHA256SUMS").read_text().splitlines())
    assert sums == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in release.iterdir() if path.suffix == ".gz"
    }
    size = sum(path.stat().st_size for path in release.iterdir())
    assert f"released {size} bytes" in done.stdout
    assert flow_run("release-folder")["state"]["name"] == "Completed"


def test_a_refused_release_leaves_the_old_one(folder: Path, tmp_path: Path) -> None:
    """A check that fails at the end undoes what was staged, and the last release stands as it stood."""
    release = tmp_path / "release"
    run(EXAMPLES / "release.py", folder, release)
    before = {path.name: path.read_bytes() for path in release.iterdir()}
    (folder / "letter.txt").write_text("Dear writer\n")
    done = run(EXAMPLES / "release.py", folder, release, "--limit-bytes", "20", status=1)

    assert {path.name: path.read_bytes() for path in release.iterdir()} == before
    assert "nothing released: the release has" in done.stderr
    failed = flow_run("release-folder")
    assert failed["state"]["name"] == "Failed"
    assert failed["error"]["type"].endswith("ValueError")
    runs = task_runs(failed["id"])
    assert {name for name, one in runs.items() if one["state"]["type"] == "FAILED"} == {
        next(name for name in runs if name.startswith("check_size"))
    }
    staged = ("stage letter.txt", "stage table.csv", next(name for name in runs if name.startswith("write_checksums")))
    for name in staged:
        assert runs[name]["state"]["type"] == "COMPLETED"
        assert history(runs[name])[-2:] == ["Completed", "RolledBack"]


def test_links_are_checked_at_once() -> None:
    """Of eighteen links one is missing and one times out; a busy page is asked until it answers. The record says so."""
    done = run(EXAMPLES / "link_check.py")

    assert "18 links, 16 well" in done.stdout
    assert re.search(r"^/missing +status 404$", done.stdout, re.MULTILINE)
    assert re.search(r"^/asleep +TimedOut$", done.stdout, re.MULTILINE)
    assert "/busy was asked 3 times" in done.stdout
    runs = task_runs(flow_run("check-links")["id"])
    assert len(runs) == 19
    assert runs["get /busy"]["run_count"] == 3
    assert [name for name in history(runs["get /busy"]) if name != "Pending"] == [
        "Running",
        "AwaitingRetry",
        "Retrying",
        "AwaitingRetry",
        "Retrying",
        "Completed",
    ]
    assert runs["get /missing"]["run_count"] == 1
    assert runs["get /missing"]["error"]["message"] == "BadStatus: status 404"
    assert runs["get /asleep"]["state"] | {"timestamp": None} == {
        "type": "FAILED",
        "name": "TimedOut",
        "timestamp": None,
        "message": runs["get /asleep"]["state"]["message"],
        "scheduled_time": None,
    }


def test_a_durable_flow_outlives_its_process() -> None:
    """After a crash in block 6 the recovered run counts blocks 6 and 7 only, and its sum is right."""
    flow = f"{EXAMPLES / 'durable.py'}:count_primes"
    before = run("-m", "penstock", "flow", "run", flow, "-p", "limit=2000000", "-p", "crash_in_block=6", status=9)
    crashed = flow_run("count-primes")
    assert crashed["state"]["name"] == "Crashed"
    after = run("-m", "penstock", "flow", "run", flow, "--recover", crashed["id"])

    recovered = flow_run("count-primes")
    assert recovered["id"] == crashed["id"]
    assert (recovered["state"]["name"], recovered["attempt"], recovered["run_count"]) == ("Completed", 2, 2)
    assert re.findall(r"block (\d) holds", before.stderr) == ["0", "1", "2", "3", "4", "5"]
    assert re.findall(r"block (\d) holds", after.stderr) == ["6", "7"]
    assert "148933 primes below 2000000" in after.stderr
    runs = record("task-run", "ls", "--flow-run", crashed["id"])
    second = {one["name"]: one for one in runs if one["flow_run_attempt"] == 2 and "block" in one["name"]}
    assert {name: (one["state"]["name"], one["run_count"]) for name, one in second.items()} == {
        f"block {block}": ("Cached", 0) if block < 6 else ("Completed", 1) for block in range(8)
    }
