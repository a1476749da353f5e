"""The docker worker against a real engine: containers are made, watched, ended, and told of."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.deploying.containers import IMAGE, engine, of_this_machine
from support.deploying.workers import Deployed, working
from support.programs import ran, written
from support.servers import Server

from penstock.client import Client
from penstock.client.http import HttpTransport
from penstock.core.state_type import StateType
from penstock.wire.bulk import CancelFlowRuns
from penstock.wire.deploying.work_pools import WorkPoolCreate
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.operations import FLOW_RUNS_CANCEL_MANY, WORK_POOLS_CREATE


@pytest.fixture(scope="module")
def podman() -> Iterator[dict[str, str]]:
    """Run an engine for the tests of this module."""
    folder = Path(tempfile.mkdtemp(prefix="pod-"))
    with engine(folder) as variables:
        yield variables
    shutil.rmtree(folder, ignore_errors=True)


def _deployed(server: Server, file: Path, flow_name: str, tmp_path: Path, **job_variables: Any) -> Deployed:
    variables = of_this_machine(tmp_path)
    variables["env"] = {**variables.pop("env"), **job_variables.pop("env", {})}  # type: ignore[dict-item]
    deployed = Deployed(server, file, flow_name, work_pool_name=None, job_variables={**variables, **job_variables})
    deployed.client.call(WORK_POOLS_CREATE, WorkPoolCreate("containers", "docker", overwrite=True))
    deployed.move("containers")
    return deployed


def _containers(variables: dict[str, str]) -> str:
    command = ["podman", "--url", variables["DOCKER_HOST"], "ps", "--all", "--format", "{{.Names}}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_a_run_in_a_container(server: Server, flows: Path, tmp_path: Path, podman: dict[str, str]) -> None:
    """A run is carried out in a container, what it prints is in its log, and nothing is left of the container."""
    deployed = _deployed(server, flows, "adds", tmp_path)
    with working(server, pool="containers", **podman) as worker, deployed.watched() as watching:
        run = deployed.run(number=3)
        ended = watching.ended(run)
        worker.end()
    assert ended.state.type is StateType.COMPLETED, deployed.logged(run)
    assert "printed by the process" in deployed.logged(run)
    assert run.name not in _containers(podman).split()


def test_what_goes_wrong_is_told(server: Server, flows: Path, tmp_path: Path, podman: dict[str, str]) -> None:
    """An image that is not there, a process that dies, memory that runs out: the run is Crashed, and says why."""
    lost = _deployed(server, flows, "adds", tmp_path, image="localhost/nothing:1")
    with working(server, pool="containers", **podman), lost.watched() as watching:
        ended = watching.ended(lost.run())
        assert ended.state.type is StateType.CRASHED
        assert "localhost/nothing:1" in (ended.state.message or "")
        leaves = _deployed(server, flows, "leaves", tmp_path)
        ended = watching.ended(leaves.run())
        assert ended.state.type is StateType.CRASHED
        assert "exit code 7" in (ended.state.message or "")
        eats = _deployed(server, flows, "eats-pages", tmp_path, mem_limit="256m", memswap_limit="256m")
        ended = watching.ended(eats.run())
        assert ended.state.type is StateType.CRASHED
        assert "memory" in (ended.state.message or "")


def test_a_vanished_container(server: Server, flows: Path, tmp_path: Path, podman: dict[str, str]) -> None:
    """A run whose container somebody removes is Crashed."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    deployed = _deployed(server, flows, "waits", tmp_path)
    with working(server, pool="containers", **podman), deployed.watched() as watching:
        run = deployed.run(fifo=str(fifo))
        watching.is_in(run, "Running")
        command = ["podman", "--url", podman["DOCKER_HOST"], "rm", "--force", "--time", "0", run.name]
        subprocess.run(command, check=True, capture_output=True)
        assert watching.ended(run).state.type is StateType.CRASHED


def test_cancelling_ends_the_container(server: Server, flows: Path, tmp_path: Path, podman: dict[str, str]) -> None:
    """A run that is cancelled is ended in good order within its container: its hook is called, and it is Cancelled."""
    fifo, mark = tmp_path / "fifo", tmp_path / "mark"
    os.mkfifo(fifo)
    deployed = _deployed(server, flows, "waits", tmp_path, env={"MARK": str(mark)})
    with working(server, pool="containers", **podman), deployed.watched() as watching:
        run = deployed.run(fifo=str(fifo))
        watching.is_in(run, "Running")
        deployed.client.call(FLOW_RUNS_CANCEL_MANY, CancelFlowRuns(FlowRunFilter(ids=[run.id]), dry_run=False))
        assert watching.ended(run).state.type is StateType.CANCELLED
    assert mark.read_text() == "Cancelled"


DEPLOYS = """
import json
import sys

from penstock import flow
from penstock.docker import DockerImage


@flow
def held_by_the_image():
    print("the image holds me", flush=True)


if __name__ == "__main__":
    held_by_the_image.deploy(
        "tested",
        work_pool_name="containers",
        image=DockerImage("localhost/penstock-flows", "tested", base_image=sys.argv[1]),
        push=False,
        job_variables=json.loads(sys.argv[2]),
    )
"""


def test_an_image_is_built_by_deploy(server: Server, tmp_path: Path, podman: dict[str, str]) -> None:
    """`deploy` builds an image of the folder, whatever that is called, and a run finds its code there and nowhere else."""
    folder = tmp_path / "my flows"
    folder.mkdir()
    Client(HttpTransport(server.url)).call(WORK_POOLS_CREATE, WorkPoolCreate("containers", "docker", overwrite=True))
    variables = {name: value for name, value in of_this_machine().items() if name != "image"}
    program = written(folder, DEPLOYS, "deploys.py")
    done = ran(program, server.home, IMAGE, json.dumps(variables), PENSTOCK_API_URL=server.url, **podman)
    assert done.returncode == 0, done.stderr
    assert sorted(one.name for one in folder.iterdir() if one.name != "__pycache__") == ["deploys.py"]
    deployed = Deployed.found(server, "held-by-the-image", "tested")
    program.unlink()
    with working(server, pool="containers", **podman) as worker, deployed.watched() as watching:
        run = deployed.run()
        ended = watching.ended(run)
        worker.end()
    assert ended.state.type is StateType.COMPLETED, deployed.logged(run)
    assert "the image holds me" in deployed.logged(run)
