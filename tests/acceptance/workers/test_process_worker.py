"""The process worker, as a user starts it, against a real server: runs are carried out, watched, ended and told of."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from support.deploying.workers import Deployed, working
from support.programs import command, written
from support.servers import Server
from support.streams import following

from penstock.core.state_type import StateType
from penstock.wire.bulk import CancelFlowRuns
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.operations import FLOW_RUNS_CANCEL_MANY


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_run_is_carried_out(server: Server, flows: Path) -> None:
    """A run that is asked for is claimed and carried out in the folder of its code; what it prints is in its log."""
    deployed = Deployed(server, flows, "adds", parameters={"other": 5})
    with working(server) as worker, deployed.watched() as watching:
        run = deployed.run(number=4)
        ended = watching.ended(run)
        worker.end()
    assert (ended.state.type, ended.attempt, ended.run_count) == (StateType.COMPLETED, 1, 1)
    names = [state.name for state in deployed.read(run).states]
    assert names == ["Scheduled", "Pending", "Running", "Completed"]
    logged = deployed.logged(run)
    assert f"adding in {flows.parent}" in logged
    assert "printed by the process" in logged
    assert "written to standard error" in logged


def test_warm_runs_see_edited_code(server: Server, flows: Path) -> None:
    """A second run is forked from the same parent, in a process of its own; once a file has changed it runs the new code."""
    deployed = Deployed(server, flows, "adds")
    with working(server), deployed.watched() as watching:
        for _ in range(2):
            assert watching.ended(deployed.run()).state.type is StateType.COMPLETED
        flows.write_text(flows.read_text().replace("adding in", "adding anew in"))
        run = deployed.run()
        assert watching.ended(run).state.type is StateType.COMPLETED
    assert any(line.startswith("adding anew in") for line in deployed.logged(run))


def test_a_failing_flow_has_failed(server: Server, flows: Path) -> None:
    """What a flow raises is its own failure, with the error on record."""
    deployed = Deployed(server, flows, "fails")
    with working(server), deployed.watched() as watching:
        ended = watching.ended(deployed.run())
    assert ended.state.type is StateType.FAILED
    assert ended.error is not None
    assert "no luck" in ended.error.message


@pytest.mark.parametrize(
    ("flow_name", "reason"),
    [("dies", "ended by SIGKILL"), ("leaves", "exit code 7")],
)
def test_a_dead_process_is_told_of(server: Server, flows: Path, flow_name: str, reason: str) -> None:
    """A run whose process dies is Crashed by its worker, with how it died; the next run is fine (FAULTS 2)."""
    dead, fine = Deployed(server, flows, flow_name), Deployed(server, flows, "adds")
    with working(server), fine.watched() as watching:
        ended = watching.ended(dead.run())
        assert ended.state.type is StateType.CRASHED
        assert reason in (ended.state.message or "")
        assert watching.ended(fine.run()).state.type is StateType.COMPLETED


@pytest.mark.parametrize(("times", "name"), [(1, "Completed"), (2, "Completed"), (100, "Crashed")])
def test_a_warm_parent_that_dies(server: Server, tmp_path: Path, times: int, name: str) -> None:
    """A run whose warm parent dies is forked from another, then started afresh; only where that dies as well is it Crashed."""
    (tmp_path / "code").mkdir()
    file = written(
        tmp_path / "code",
        f"""
        import os
        from pathlib import Path

        from penstock import flow

        deaths = Path(__file__).with_suffix(".deaths")
        deaths.touch()
        if len(deaths.read_text()) < {times}:
            deaths.write_text(deaths.read_text() + "x")
            os.abort()

        @flow
        def survives():
            pass
        """,
        "fatal.py",
    )
    deployed = Deployed(server, file, "survives")
    with working(server), deployed.watched() as watching:
        ended = watching.ended(deployed.run())
    assert (ended.state.name, ended.attempt) == (name, 1)
    assert len(file.with_suffix(".deaths").read_text()) == min(times, 3)
    if name == "Crashed":
        assert "SIGABRT" in (ended.state.message or "")


def test_memory_is_bounded(server: Server, flows: Path) -> None:
    """A run that wants more memory than its deployment allows fails with that reason; the next run is fine (FAULTS 37)."""
    eats = Deployed(server, flows, "eats", job_variables={"memory_limit_mb": 1024})
    fine = Deployed(server, flows, "adds")
    with working(server), fine.watched() as watching:
        ended = watching.ended(eats.run())
        assert ended.state.type is StateType.FAILED
        assert "MemoryError" in (ended.state.message or "")
        assert watching.ended(fine.run()).state.type is StateType.COMPLETED


def test_time_is_bounded(server: Server, flows: Path, tmp_path: Path) -> None:
    """A process that runs for longer than its deployment allows is ended, and its run Crashed."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    deployed = Deployed(server, flows, "waits", job_variables={"time_limit_seconds": 1})
    with working(server), deployed.watched() as watching:
        ended = watching.ended(deployed.run(fifo=str(fifo)))
    assert ended.state.type is StateType.CRASHED


def test_a_missing_module_is_said(server: Server, flows: Path) -> None:
    """A run whose code can't be loaded has Failed, and says why; the worker lives on (FAULTS 44)."""
    lost = Deployed(server, flows, "adds", path="/nowhere/at/all")
    fine = Deployed(server, flows, "fails")
    with working(server), fine.watched() as watching:
        ended = watching.ended(lost.run())
        assert ended.state.type is StateType.FAILED
        assert "/nowhere/at/all" in (ended.state.message or "")
        assert watching.ended(fine.run()).state.type is StateType.FAILED


def test_cancelling_ends_the_process(server: Server, flows: Path, tmp_path: Path) -> None:
    """A run that is cancelled while it runs ends in good order: its hook is called, and it is Cancelled."""
    fifo, mark = tmp_path / "fifo", tmp_path / "mark"
    os.mkfifo(fifo)
    deployed = Deployed(server, flows, "waits", job_variables={"env": {"MARK": str(mark)}})
    with working(server), deployed.watched() as watching:
        run = deployed.run(fifo=str(fifo))
        watching.is_in(run, "Running")
        deployed.client.call(FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(FlowRunFilter(ids=[run.id]), dry_run=False))
        ended = watching.ended(run)
    assert ended.state.type is StateType.CANCELLED
    assert mark.read_text() == "Cancelled"


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="strays are found on Linux only")
def test_nothing_of_a_run_outlives_it(server: Server, flows: Path, tmp_path: Path) -> None:
    """What a run started is gone when it has ended, also what made a session of its own (FAULTS 38)."""
    note = tmp_path / "note"
    deployed = Deployed(server, flows, "leaves-others")
    with working(server) as worker, deployed.watched() as watching:
        assert watching.ended(deployed.run(note=str(note))).state.type is StateType.CRASHED
        worker.end()
    assert not any(_alive(int(pid)) for pid in note.read_text().split())


def test_what_holds_the_output_holds_no_run(server: Server, flows: Path, tmp_path: Path) -> None:
    """A run whose process died has ended, though something that left it held its output, which is kept (FAULTS 2)."""
    note = tmp_path / "note"
    deployed = Deployed(server, flows, "leaves-daemon")
    with working(server) as worker, deployed.watched() as watching:
        run = deployed.run(note=str(note))
        assert watching.ended(run).state.type is StateType.CRASHED
        assert worker.end()[0] == 0
    assert "the last word" in deployed.logged(run)


def test_the_environment_is_minimal(server: Server, flows: Path) -> None:
    """A run finds what it needs in its environment, what its deployment says, and nothing else of the worker's."""
    deployed = Deployed(server, flows, "environment", job_variables={"env": {"OWN": "value"}})
    with working(server, SECRET_OF_WORKER="hunter2", PENSTOCK_SERVER_API_KEY="k" * 32), deployed.watched() as watching:
        run = deployed.run()
        assert watching.ended(run).state.type is StateType.COMPLETED
    said = "\n".join(deployed.logged(run))
    assert "OWN=value" in said
    assert f"PENSTOCK_API_URL={server.url}" in said
    assert "hunter2" not in said
    assert "k" * 32 not in said


def test_a_worker_drains(server: Server, flows: Path, tmp_path: Path) -> None:
    """A worker that is asked to end takes nothing more, and ends when what it carries on has ended (FAULTS 4)."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    deployed, others = Deployed(server, flows, "waits"), Deployed(server, flows, "adds")
    with working(server) as worker, deployed.watched() as watching:
        run = deployed.run(fifo=str(fifo))
        watching.is_in(run, "Running")
        worker.process.send_signal(signal.SIGTERM)
        later = others.run()
        with open(fifo, "w") as end:
            end.write("done")
        assert watching.ended(run).state.type is StateType.COMPLETED
        assert worker.process.wait(60) == 0
        assert deployed.read(later).state.type is StateType.SCHEDULED


def test_a_worker_that_drains_hears_of_cancellations(server: Server, flows: Path, tmp_path: Path) -> None:
    """What goes on on a worker that drains is cancelled as soon as it is asked for, and then the worker ends."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    deployed = Deployed(server, flows, "waits")
    with working(server, PENSTOCK_WORKER_HEARTBEAT_SECONDS="600") as worker, deployed.watched() as watching:
        run = deployed.run(fifo=str(fifo))
        watching.is_in(run, "Running")
        with following(server, "/api/events/stream?events=penstock.worker.draining") as events:
            worker.process.send_signal(signal.SIGTERM)
            assert events.next().kind == "event"
        deployed.client.call(FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(FlowRunFilter(ids=[run.id]), dry_run=False))
        assert watching.ended(run).state.type is StateType.CANCELLED
        assert worker.process.wait(60) == 0


def test_a_killed_worker_takes_its_runs_along(server: Server, flows: Path, tmp_path: Path) -> None:
    """The process of a run whose worker is killed ends with it, and says that the run Crashed (FAULTS 3)."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    deployed = Deployed(server, flows, "waits")
    with working(server) as worker, deployed.watched() as watching:
        run = deployed.run(fifo=str(fifo))
        watching.is_in(run, "Running")
        worker.end(signal.SIGKILL)
        assert watching.ended(run).state.type is StateType.CRASHED


def test_run_once(server: Server, flows: Path) -> None:
    """With --run-once a worker carries out what is due, and ends."""
    deployed = Deployed(server, flows, "adds")
    run = deployed.run()
    done = command(server.home, "worker", "start", "--pool", "pool", "--run-once", PENSTOCK_API_URL=server.url)
    assert done.returncode == 0, done.stderr
    assert deployed.read(run).state.type is StateType.COMPLETED


def test_another_type_is_refused(server: Server, flows: Path) -> None:
    """A worker of another type than its pool's is refused in one line."""
    Deployed(server, flows, "adds")
    with working(server):
        pass
    done = command(server.home, "worker", "start", "--pool", "pool", "--type", "nothing", PENSTOCK_API_URL=server.url)
    assert done.returncode == 1
    assert "There is no type of worker 'nothing' here" in done.stderr


def test_last_words_after_the_end(server: Server, flows: Path, tmp_path: Path) -> None:
    """A process whose run has ended goes on to its own end, whatever heartbeats say of the run: its last words are kept."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    deployed, others = Deployed(server, flows, "lingers"), Deployed(server, flows, "adds")
    with working(server, PENSTOCK_WORKER_HEARTBEAT_SECONDS="0.05") as worker, deployed.watched() as watching:
        run = deployed.run(fifo=str(fifo))
        assert watching.ended(run).state.type is StateType.COMPLETED
        assert watching.ended(others.run()).state.type is StateType.COMPLETED  # heartbeats have come meanwhile
        with open(fifo, "w") as end:
            end.write("done")
        worker.end()
    assert "last words" in deployed.logged(run)
