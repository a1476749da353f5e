"""A process is killed at any moment: what was acknowledged is there, the file is sound, and its run is marked Crashed."""

from __future__ import annotations

import random
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

import pytest
from support.programs import TIMEOUT_SECONDS, started, written

from penstock.core.state_type import StateType
from penstock.local.transport import InProcessTransport
from penstock.wire import operations as op
from penstock.wire.flow_runs import FlowRun
from penstock.wire.requests import ById, FlowRunQuery, TaskRunQuery
from penstock.wire.task_runs import TaskRunFilter

PER_BATCH = 40

APPENDS_FOR_EVER = f"""
    import sys
    sys.path.insert(0, sys.argv[1])
    from support.requests import batch, flow_run, task_run
    from penstock.client.owner import owner_id
    from penstock.client.transport import call
    from penstock.wire import operations as op

    run = call(op.FLOW_RUNS_CREATE, flow_run(owner=owner_id()))
    print("run", run.id, flush=True)
    number = 0
    while True:
        number += 1
        records = [task_run(run.id) for _ in range({PER_BATCH - 1})] + [task_run(run.id, "PENDING RUNNING")]
        call(op.JOURNAL_APPEND, batch(*records, number=number, owner=owner_id()))
        print("acknowledged", number, flush=True)
"""


def _killed_after(process: subprocess.Popen[str], batches: int, spins: int) -> tuple[str, int]:
    """Kill `process` once it has had so many batches acknowledged; return its run's id and the last number it saw."""
    assert process.stdout is not None
    run_id = process.stdout.readline().split()[1]
    for _ in range(batches):
        assert process.stdout.readline()
    for _ in range(spins):
        pass  # the next batch is on its way: how far, chance decides
    process.kill()
    # By the same reader: it may hold lines already, which communicate() would not see.
    rest = process.stdout.read()
    process.communicate(timeout=TIMEOUT_SECONDS)
    numbers = [int(line.split()[1]) for line in rest.splitlines() if len(line.split()) == 2]
    return run_id, max([batches, *numbers])


def _count(transport: InProcessTransport, run: FlowRun, *kinds: StateType) -> int:
    by_type = transport.call(op.FLOW_RUNS_COUNTS, ById(run.id)).by_type
    return sum(by_type.get(kind.value, 0) for kind in kinds)


@pytest.mark.parametrize(
    ("seed", "kills"),
    [(20261120, 15), *(pytest.param(seed, 100, marks=pytest.mark.long) for seed in range(4))],
)
def test_killed_again_and_again(tmp_path: Path, seed: int, kills: int) -> None:
    """So many processes, one after the other on one file, are killed in the middle of appending."""
    chance = random.Random(seed)
    program, home = written(tmp_path, APPENDS_FOR_EVER), tmp_path / "home"
    path = home / "penstock.db"
    acknowledged: dict[str, int] = {}
    for _ in range(kills):
        process = started(program, home, str(Path(__file__).parents[1]))
        run_id, batches = _killed_after(process, chance.randint(0, 6), chance.randint(0, 60_000))
        assert process.returncode == -signal.SIGKILL
        acknowledged[run_id] = batches
        driver = sqlite3.connect(path)
        assert driver.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        driver.close()

    transport = InProcessTransport(path)
    runs = transport.call(op.FLOW_RUNS_LIST, FlowRunQuery(limit=kills + 1)).items
    assert {str(run.id) for run in runs} == set(acknowledged)
    for run in runs:
        assert run.state.type is StateType.CRASHED
        assert run.state.message is not None
        assert f"on {socket.gethostname()}, is gone" in run.state.message
        finished = _count(transport, run, StateType.COMPLETED)
        crashed = _count(transport, run, StateType.CRASHED)
        assert _count(transport, run, *StateType) == finished + crashed
        assert finished % (PER_BATCH - 1) == 0, "a batch is there whole or not at all"
        assert finished // (PER_BATCH - 1) == crashed
        assert crashed in (acknowledged[str(run.id)], acknowledged[str(run.id)] + 1)
    transport.close()
    assert list((home / "owners").iterdir()) == []


IN_THE_MIDDLE = """
    import os, signal, sys
    sys.path.insert(0, sys.argv[1])
    from support.requests import batch, flow_run, task_run
    from penstock.client.owner import owner_id
    from penstock.client.transport import call
    from penstock.local import transport as local
    from penstock.server.services import task_run_rows
    from penstock.wire import operations as op

    run = call(op.FLOW_RUNS_CREATE, flow_run(owner=owner_id()))
    call(op.JOURNAL_APPEND, batch(task_run(run.id), owner=owner_id()))
    moment = sys.argv[2]
    dialect = next(iter(local._transports))._server.database.dialect

    def die(*_, **__):
        os.kill(os.getpid(), signal.SIGKILL)

    if moment == "in the transaction":
        task_run_rows.write_tags = die
    elif moment == "after the commit":
        dialect.after_commit = die
    elif moment == "in the checkpoint":
        dialect._checkpoint_at_bytes = 0
        checkpoint = dialect.after_commit
        def checkpoint_and_die(connection):
            checkpoint(connection)
            die()
        dialect.after_commit = checkpoint_and_die
    call(op.JOURNAL_APPEND, batch(task_run(run.id), number=2, owner=owner_id()))
"""


@pytest.mark.parametrize(
    ("moment", "expected"), [("in the transaction", 1), ("after the commit", 2), ("in the checkpoint", 2)]
)
def test_killed_where_it_hurts(tmp_path: Path, moment: str, expected: int) -> None:
    """Killed within a transaction, nothing of it is there; killed after the commit, all of it is."""
    program, home = written(tmp_path, IN_THE_MIDDLE), tmp_path / "home"
    process = started(program, home, str(Path(__file__).parents[1]), moment)
    _, errors = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == -signal.SIGKILL, errors
    transport = InProcessTransport(home / "penstock.db")
    (run,) = transport.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items
    assert run.state.type is StateType.CRASHED
    found = transport.call(op.TASK_RUNS_LIST, TaskRunQuery(TaskRunFilter(flow_run_ids=[run.id]))).items
    assert len(found) == expected
    transport.close()
