"""Suspended runs on a worker: the process is gone, and the run goes on in another one from what it has finished."""

from __future__ import annotations

import os
import select
from pathlib import Path

import pytest
from support.deploying.workers import Deployed, working
from support.programs import command, written
from support.servers import Server

from penstock.core.state_type import StateType
from penstock.wire.bulk import CancelFlowRuns
from penstock.wire.flow_runs import FlowRun, FlowRunFilter
from penstock.wire.operations import FLOW_RUNS_CANCEL_MANY

FLOWS = """
import os
from pathlib import Path

from penstock import flow, pause_flow_run, suspend_flow_run, task
from penstock.input import RunInput


class Approval(RunInput):
    more: int


@task
def costly(number, note):
    with open(note, "a") as file:
        file.write(f"{number} ")
    return 2 * number


@flow(persist_result=True)
def asks(note: str):
    doubled = costly(1, note)
    Path(note).with_suffix(".pid").write_text(str(os.getpid()))
    approval = suspend_flow_run(wait_for_input=Approval)
    return costly(doubled + approval.more, note)


@flow(persist_result=True)
def lingers(note: str, fifo: str):
    costly(1, note)
    with open(fifo) as end:
        end.read()
    return costly(2, note)


@flow
def waits():
    pause_flow_run(timeout=None)


@flow
def gives_up():
    suspend_flow_run(timeout=0.01)
"""


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """Return a file with flows."""
    folder = tmp_path / "code"
    folder.mkdir()
    return written(folder, FLOWS, "flows_of_tests.py")


def await_end(pid: int) -> None:
    """Wait until a process is gone."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        select.select([handle], [], [])
    finally:
        os.close(handle)


def resumed(server: Server, run: FlowRun, *arguments: str) -> None:
    done = command(server.home, "flow-run", "resume", str(run.id), *arguments, PENSTOCK_API_URL=server.url)
    assert done.returncode == 0, done.stderr


def test_a_run_that_suspends_itself(server: Server, flows: Path, tmp_path: Path) -> None:
    """Its process ends at once, as its worker may; another worker carries the run on, and does nothing again."""
    deployed, note = Deployed(server, flows, "asks"), tmp_path / "note"
    with deployed.watched() as watching:
        with working(server) as worker:
            run = watching.is_in(deployed.run(note=str(note)), "Suspended")
            await_end(int(note.with_suffix(".pid").read_text()))
            assert worker.end()[0] == 0
        assert (run.lease, run.pause is not None) == (None, True)
        with working(server):
            resumed(server, run, "--input", '{"more": 5}', "--reason", "all is well")
            ended = watching.ended(run)
    assert (ended.state.type, ended.attempt) == (StateType.COMPLETED, 2)
    assert note.read_text().split() == ["1", "7"]
    states = deployed.read(run).states
    assert [state.name for state in states[-5:]] == ["Suspended", "Resuming", "Pending", "Running", "Completed"]
    assert states[-4].message == "Resumed by local administrator: all is well"


def test_a_run_that_somebody_suspends(server: Server, flows: Path, tmp_path: Path) -> None:
    """Its process hears of it and ends itself; only then is the run taken up elsewhere."""
    fifo, note = tmp_path / "fifo", tmp_path / "note"
    os.mkfifo(fifo)
    deployed = Deployed(server, flows, "lingers")
    with working(server, PENSTOCK_RECORDING_HEARTBEAT_SECONDS="0.5"), deployed.watched() as watching:
        run = watching.is_in(deployed.run(note=str(note), fifo=str(fifo)), "Running")
        done = command(server.home, "flow-run", "suspend", str(run.id), PENSTOCK_API_URL=server.url)
        assert done.returncode == 0, done.stderr
        resumed(server, run)
        watching.is_in(run, "Running")
        with fifo.open("w"):
            pass
        ended = watching.ended(run)
    assert (ended.state.type, ended.attempt) == (StateType.COMPLETED, 2)
    assert note.read_text().split() == ["1", "2"]
    names = [state.name for state in deployed.read(run).states]
    assert names[2:] == ["Running", "Suspended", "Suspended", "Resuming", "Pending", "Running", "Completed"]


def test_a_run_that_nobody_resumes(server: Server, flows: Path) -> None:
    """The server has it fail once its time is over."""
    deployed = Deployed(server, flows, "gives-up")
    with working(server), deployed.watched() as watching:
        ended = watching.ended(deployed.run())
    assert ended.state.type is StateType.FAILED
    assert "Nobody resumed it in time" in (ended.state.message or "")
    assert [state.name for state in ended.states[-2:]] == ["Suspended", "Failed"]


def test_a_paused_run_is_cancelled(server: Server, flows: Path) -> None:
    """Its process waits for nothing else: it hears of it, and ends the run."""
    deployed = Deployed(server, flows, "waits")
    with working(server), deployed.watched() as watching:
        run = watching.is_in(deployed.run(), "Paused")
        deployed.client.call(FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(FlowRunFilter(ids=[run.id]), dry_run=False))
        ended = watching.ended(run)
    assert (ended.state.type, ended.attempt) == (StateType.CANCELLED, 1)
