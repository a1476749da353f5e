"""Runs that a worker carries out are retried from somewhere, repeated and given states by commands, as a user does it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support.deploying.workers import Deployed, Watching, working
from support.programs import command, written
from support.servers import Server

from penstock.core.state_type import StateType
from penstock.wire.bulk import AuditQuery
from penstock.wire.flow_runs import FlowRun
from penstock.wire.operations import AUDIT_LIST

FLOWS = """
from pathlib import Path

from penstock import flow, task
from penstock.deployments import run_deployment


@task(persist_result=True)
def load(folder, number):
    note(folder, f"load {number}")
    return [number]


@task(persist_result=True)
def double(folder, numbers):
    note(folder, "double")
    return 2 * numbers


@task(persist_result=True)
def store(folder, numbers, others):
    note(folder, "store")
    if not (Path(folder) / "open").exists():
        raise RuntimeError("the store is shut")


def note(folder, what):
    with open(Path(folder) / "ran", "a") as file:
        file.write(f"{what}\\n")


def tell(flow, run, state):
    note(Path(__file__).parent, f"{flow.name} {state.name}")


@flow(on_cancellation=[tell])
def waits(ready: str, never: str):
    Path(ready).write_text("here")
    Path(never).read_text()


@flow
def holds(ready: str, never: str):
    with open(ready, "w") as held:
        held.write("here\\n")
        held.flush()
        Path(never).read_text()


@flow(on_cancellation=[tell])
def calls(ready: str, never: str):
    waits(ready, never)


@flow(on_cancellation=[tell])
def asks(ready: str, never: str):
    run_deployment("waits/tested", parameters={"ready": ready, "never": never})


@flow
def moving(folder: str, others: int = 2):
    store(folder, double(folder, load(folder, 1)), load(folder, others))
"""


@pytest.fixture
def penstock(server: Server, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Return a function that runs `penstock` with arguments against the server, and returns what it printed as JSON."""

    def ran(*arguments: str, code: int = 0) -> Any:
        done = command(server.home, *arguments, "-o", "json", PENSTOCK_API_URL=server.url)
        assert done.returncode == code, done.stderr
        return json.loads(done.stdout) if code == 0 else done.stderr

    return ran


def test_from_where_a_run_is_retried(server: Server, tmp_path: Path, penstock: Callable[..., Any]) -> None:
    """From the failures only what failed runs again, from a task run it and what depends on it, from the start everything."""
    ran = tmp_path / "ran"
    deployed = Deployed(server, written(tmp_path, FLOWS, "moving.py"), "moving", parameters={"folder": str(tmp_path)})

    def again(watching: Watching, run: FlowRun, *options: str, state: StateType = StateType.COMPLETED) -> list[str]:
        ran.write_text("")
        penstock("flow-run", "retry", str(run.id), *options)
        watching.is_in(run, "Retrying")
        assert watching.ended(run).state.type is state
        return sorted(ran.read_text().splitlines())

    with working(server), deployed.watched() as watching:
        run = deployed.run()
        assert watching.ended(run).state.type is StateType.FAILED
        everything = ["double", "load 1", "load 2", "store"]
        assert sorted(ran.read_text().splitlines()) == everything
        assert again(watching, run, state=StateType.FAILED) == ["store"]
        (tmp_path / "open").touch()
        assert again(watching, run) == ["store"]
        assert "from the start, or from a task run" in penstock("flow-run", "retry", str(run.id), code=1)
        chosen = next(
            one for one in penstock("task-run", "ls", "--flow-run", str(run.id)) if one["task_name"] == "double"
        )
        assert again(watching, run, "--from-task", chosen["id"]) == ["double", "store"]
        assert again(watching, run, "--from-start", "--reason", "new data") == everything
        assert again(watching, run, "--from-task", chosen["name"]) == ["double", "store"]
    assert deployed.read(run).attempt == 6


def test_a_run_is_repeated_with_other_parameters(server: Server, tmp_path: Path, penstock: Callable[..., Any]) -> None:
    """A new run has the arguments of the old one but for those given, and finds nothing of what that has kept."""
    (tmp_path / "open").touch()
    deployed = Deployed(server, written(tmp_path, FLOWS, "moving.py"), "moving", parameters={"folder": str(tmp_path)})
    with working(server), deployed.watched() as watching:
        run = deployed.run(others=5)
        watching.ended(run)
        made = penstock("flow-run", "rerun", str(run.id), "-p", "others=7", "--watch")
        assert made["state"]["type"] == "COMPLETED"
    assert (made["repeats"], made["parameters"]) == (str(run.id), {"folder": str(tmp_path), "others": 7})
    loaded = [one for one in (tmp_path / "ran").read_text().splitlines() if one.startswith("load")]
    assert loaded == ["load 1", "load 5", "load 1", "load 7"]


def test_a_state_is_set_by_hand(server: Server, tmp_path: Path, penstock: Callable[..., Any]) -> None:
    """A run that has ended takes another state only by force, and the audit keeps who, what, and from which state."""
    deployed = Deployed(server, written(tmp_path, FLOWS, "moving.py"), "moving", enforce_parameter_schema=False)
    run = deployed.run()
    assert penstock("flow-run", "set-state", str(run.id), "cancelled")["state"]["name"] == "Cancelled"
    assert "final" in penstock("flow-run", "set-state", str(run.id), "completed", code=1)
    forced = penstock("flow-run", "set-state", str(run.id), "completed", "--message", "done by hand", "--force")
    assert (forced["state"]["type"], forced["state"]["message"]) == ("COMPLETED", "done by hand")
    audited = deployed.client.call(AUDIT_LIST, AuditQuery(limit=1)).items[0]
    assert audited.details["left_states"] == {str(run.id): "Cancelled"}
    assert "Give one of" in penstock("flow-run", "set-state", str(run.id), "elsewhere", code=2)


@pytest.mark.parametrize("flow_name", ["calls", "asks"])
@pytest.mark.parametrize("options", [["cancel", "--yes"], ["set-state"]], ids=["cancelled", "set"])
def test_a_cancellation_reaches_subflows(
    server: Server, tmp_path: Path, penstock: Callable[..., Any], flow_name: str, options: list[str]
) -> None:
    """A run and what it called, in its process or on a worker, end as Cancelled, and the hooks of both are called."""
    ready, never = tmp_path / "ready", tmp_path / "never"
    for fifo in (ready, never):
        os.mkfifo(fifo)
    file = written(tmp_path, FLOWS, "moving.py")
    called = Deployed(server, file, "waits")
    deployed = Deployed(server, file, flow_name)
    with working(server), called.watched() as watching:
        run = deployed.run(ready=str(ready), never=str(never))
        assert ready.read_text() == "here"
        (within,) = penstock("flow-run", "ls", "--parent", str(run.id))
        verb, *flags = options
        state = ["cancelling"] if verb == "set-state" else []
        penstock("flow-run", verb, str(run.id), *state, *flags)
        inner = watching.ended(called.read(UUID(within["id"])))
        outer = watching.ended(run)
    assert (inner.state.name, outer.state.name) == ("Cancelled", "Cancelled")
    told = sorted((tmp_path / "ran").read_text().splitlines())
    assert told == [f"{flow_name} Cancelled", "waits Cancelled"]


def test_a_forced_cancellation(server: Server, tmp_path: Path, penstock: Callable[..., Any]) -> None:
    """The run is Cancelled at once, its process ends, and what has ended stays as it is."""
    ready, never = tmp_path / "ready", tmp_path / "never"
    for fifo in (ready, never):
        os.mkfifo(fifo)
    deployed = Deployed(server, written(tmp_path, FLOWS, "moving.py"), "holds")
    with working(server, PENSTOCK_RECORDING_HEARTBEAT_SECONDS="0.5"):
        run = deployed.run(ready=str(ready), never=str(never))
        with ready.open() as held:
            assert held.readline() == "here\n"
            assert penstock("flow-run", "cancel", str(run.id), "--force", "--yes") == {"affected": 1, "refused": []}
            assert deployed.read(run).state.name == "Cancelled"
            assert held.read() == ""  # once its process is gone
        assert penstock("flow-run", "cancel", str(run.id), "--force", "--yes")["affected"] == 0
    assert [state.name for state in deployed.read(run).states][-2:] == ["Running", "Cancelled"]
