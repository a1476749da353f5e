"""Whole programs on one record: many at once, and one that is killed."""

from __future__ import annotations

import os
import signal
import sqlite3
from pathlib import Path

import pytest
from support.programs import command, listed, ran, started, written

THOUSAND_TASKS = """
    from penstock import flow, task

    @task
    def step(number: int) -> int:
        return number

    @flow
    def thousand() -> int:
        return sum(step(number) for number in range(500)) + sum(step.map(range(500)).result())

    if __name__ == "__main__":
        print(thousand())
"""

WAITS = """
    import signal
    from penstock import flow, task

    @task
    def quick() -> int:
        return 1

    @task
    def endless() -> None:
        print("waiting", flush=True)
        signal.pause()

    @flow
    def stuck() -> None:
        for _ in range(50):
            quick()
        endless()

    if __name__ == "__main__":
        stuck()
"""


def test_eight_processes_share_one_record(tmp_path: Path) -> None:
    """Eight flows of 1,000 tasks at once complete, all 8,000 task runs are recorded, and nobody met a lock."""
    program, home = written(tmp_path, THOUSAND_TASKS), tmp_path / "home"
    processes = [started(program, home) for _ in range(8)]
    for process in processes:
        out, err = process.communicate(timeout=120)
        assert (process.returncode, out.strip()) == (0, str(2 * sum(range(500)))), err
        assert "locked" not in err
    runs = listed(home, "flow-run", "ls")
    assert [run["state"]["type"] for run in runs] == ["COMPLETED"] * 8
    with sqlite3.connect(home / "penstock.db") as database:
        counts = dict(database.execute("SELECT state_type, count(*) FROM task_runs GROUP BY state_type"))
    database.close()
    assert counts == {"COMPLETED": 8000}


def test_the_next_command_marks_a_killed_run_crashed(tmp_path: Path) -> None:
    """After kill -9 the file opens, what was acknowledged is there, and the run and its tasks are Crashed with a reason."""
    program, home = written(tmp_path, WAITS), tmp_path / "home"
    process = started(program, home)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "waiting"
    process.kill()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL

    (run,) = listed(home, "flow-run", "ls")
    assert run["state"]["type"] == "CRASHED"
    assert str(process.pid) in run["state"]["message"]
    tasks = listed(home, "task-run", "ls", "--flow-run", run["id"], "--limit", "200")
    assert {task["states"][-1]["type"] for task in tasks} <= {"COMPLETED", "CRASHED"}
    assert command(home, "flow-run", "inspect", run["id"]).returncode == 0


@pytest.mark.skipif(os.name != "posix", reason="SIGTERM is a signal of POSIX")
def test_a_terminated_run_says_so_and_ends_by_the_signal(tmp_path: Path) -> None:
    """SIGTERM to a running flow: the run is Crashed with the reason, and the process ends as any other would."""
    program, home = written(tmp_path, WAITS), tmp_path / "home"
    process = started(program, home)
    assert process.stdout is not None
    process.stdout.readline()
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGTERM
    (run,) = listed(home, "flow-run", "ls")
    assert run["state"]["type"] == "CRASHED"
    assert "signal 15" in run["state"]["message"]


def test_a_run_goes_on_where_its_record_can_not_be_kept(tmp_path: Path) -> None:
    """A file that is no database: one clear message, and the flow's own work is done all the same."""
    program, home = written(tmp_path, THOUSAND_TASKS), tmp_path / "home"
    home.mkdir()
    (home / "penstock.db").write_bytes(b"this is not a database" * 1000)
    done = ran(program, home)
    assert (done.returncode, done.stdout.strip()) == (0, str(2 * sum(range(500))))
    complaints = [line for line in done.stderr.splitlines() if line.startswith("penstock:")]
    assert len(complaints) == 1, done.stderr
    assert "penstock.db" in complaints[0]
    assert "Traceback" not in done.stderr
