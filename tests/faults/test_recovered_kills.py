"""A durable flow whose process is killed at any moment, and which is taken up again and again until it has ended."""

from __future__ import annotations

import random
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest
from support.programs import TIMEOUT_SECONDS, listed, started, written

TASKS = 60

DURABLE = f"""
    import os
    from penstock import flow, task

    @task
    def step(number: int) -> int:
        os.write(1, f"{{number}}\\n".encode())
        return number

    @flow(recoveries=1_000)
    def durable() -> int:
        called = sum(step(number) for number in range({TASKS}))
        return called + sum(step.map(range({TASKS}, {2 * TASKS})).result())
"""

RUNNER = """
    import sys
    from penstock.cli import main

    sys.argv[0] = "penstock"
    main()
"""


def _killed_after(program: Path, home: Path, recovered: list[str], lines: int, spins: int) -> tuple[int, list[int]]:
    """Run the flow and kill it when so many tasks have run; return how the process ended, and which tasks ran."""
    process = started(
        written(program.parent, RUNNER, "runner.py"), home, "flow", "run", f"{program}:durable", *recovered
    )
    assert process.stdout is not None
    said = []
    while len(said) < lines and (line := process.stdout.readline()):
        said.append(line)
    for _ in range(spins):
        pass  # the next tasks are on their way: how far, chance decides
    process.kill()
    said += process.stdout.readlines()
    _, errors = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode in {0, -signal.SIGKILL}, errors
    return process.returncode, [int(line) for line in said if line.strip().isdigit()]


@pytest.mark.parametrize(
    ("seed", "kills"), [(20261121, 4), *(pytest.param(seed, 40, marks=pytest.mark.long) for seed in range(2))]
)
def test_killed_and_recovered(tmp_path: Path, seed: int, kills: int) -> None:
    """However often it is killed, the flow ends as one run with every task done; a kill costs what was under way."""
    chance = random.Random(seed)
    program, home = written(tmp_path, DURABLE), tmp_path / "home"
    recovered: list[str] = []
    ran: Counter[int] = Counter()
    killed = 0
    for left in range(kills, -1, -1):
        # The first kills come early, so that something is left for the last ones; in the end nothing is in the way.
        most = chance.randint(0, 2 * TASKS // kills) if left else sys.maxsize
        code, numbers = _killed_after(program, home, recovered, most, chance.randint(0, 200_000))
        ran.update(numbers)
        runs = listed(home, "flow-run", "ls")
        if not runs:
            continue  # killed before there was a run
        (run,) = runs
        recovered = ["--recover", run["id"]]
        if code == 0:
            break
        killed += 1
        assert run["state"]["type"] in {"CRASHED", "COMPLETED"}
        if run["state"]["type"] == "COMPLETED":
            break  # the run had ended before the process had
    assert run["state"]["type"] == "COMPLETED"
    assert sorted(ran) == list(range(2 * TASKS))
    assert sum(ran.values()) - len(ran) <= killed * 8
    tasks = listed(home, "task-run", "ls", "--flow-run", run["id"], "--limit", "10000")
    assert {task["state"]["type"] for task in tasks} <= {"COMPLETED", "CRASHED"}
    assert len([task for task in tasks if task["state"]["type"] == "COMPLETED"]) >= 2 * TASKS
