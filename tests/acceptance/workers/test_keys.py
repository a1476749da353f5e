"""Workers of a server with a key: each run's process shows a token of its own, and never sees the key."""

from __future__ import annotations

from pathlib import Path

import urllib3
from support.deploying.workers import Deployed, working
from support.servers import running

from penstock.core.state_type import StateType
from penstock.wire.operations import FLOW_RUNS_RESUME
from penstock.wire.requests import ResumeFlowRun

KEY = "a-long-and-random-key-of-the-worker"

FLOW = """
import os

from uuid import UUID

from penstock import flow, get_run_logger, pause_flow_run, runtime, task
from penstock.client.transport import call
from penstock.deployments import run_deployment
from penstock.exceptions import Forbidden
from penstock.input import receive_input, send_input
from penstock.wire.operations import FLOW_RUNS_RESUME
from penstock.wire.requests import ResumeFlowRun


@task
def double(number):
    return 2 * number


@flow
def inner(number):
    return double(number)


@flow
def shows():
    get_run_logger().info("key %s", os.environ["PENSTOCK_API_KEY"])
    everything = "\\n".join(f"{name}={value}" for name, value in os.environ.items())
    get_run_logger().info("has the key of the worker: %s", "a-long-and-random" in everything)
    assert inner(2) == 4


@flow
def asks():
    own = UUID(runtime.flow_run.id)
    send_input(5, own)
    assert receive_input(int, timeout=0).next() == 5
    try:
        call(FLOW_RUNS_RESUME, ResumeFlowRun(own))
    except Forbidden as error:
        get_run_logger().info("refused: %s", error)
    get_run_logger().info("told %s", pause_flow_run(wait_for_input=int))
"""


def test_a_run_shows_its_own_token(tmp_path: Path) -> None:
    """The process of a run does all it must with its token, calls flows and tasks, and the token is worth nothing after."""
    folder = tmp_path / "code"
    folder.mkdir()
    file = folder / "keyed_flows.py"
    file.write_text(FLOW)
    with running(tmp_path / "server", PENSTOCK_SERVER_API_KEY=KEY) as server:
        deployed = Deployed(server, file, "shows", key=KEY)
        with working(server, PENSTOCK_API_KEY=KEY) as worker:
            with deployed.watched(KEY) as watching:
                run = deployed.run()
                ended = watching.ended(run)
            assert ended.state.type is StateType.COMPLETED, (ended.state.message, deployed.logged(run))
            _, err = worker.end()
        logged = deployed.logged(run)
        assert "has the key of the worker: False" in logged
        token = next(line for line in logged if line.startswith("key ")).removeprefix("key ")
        url = f"{server.url}/flow_runs/{run.id}"
        assert urllib3.request("GET", url, headers={"Authorization": f"Bearer {KEY}"}).status == 200
        for path, method in ((url, "DELETE"), (f"{server.url}/work_pools/delete", "POST")):
            refused = urllib3.request(
                method,
                path,
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
                body=b"{}",
            )
            assert refused.status in (401, 403), (path, refused.data)
        assert KEY not in err
        assert token not in err


def test_a_run_asks_a_person_and_answers_none(tmp_path: Path) -> None:
    """With its token it pauses and is told things; it may not resume a run itself: people do, and are named."""
    folder = tmp_path / "code"
    folder.mkdir()
    file = folder / "keyed_flows.py"
    file.write_text(FLOW)
    with running(tmp_path / "server", PENSTOCK_SERVER_API_KEY=KEY) as server:
        deployed = Deployed(server, file, "asks", key=KEY)
        with working(server, PENSTOCK_API_KEY=KEY), deployed.watched(KEY) as watching:
            run = watching.is_in(deployed.run(), "Paused")
            deployed.client.call(FLOW_RUNS_RESUME, ResumeFlowRun(run.id, input={"value": 7}))
            ended = watching.ended(run)
        logged = deployed.logged(run)
    assert ended.state.type is StateType.COMPLETED, ended.state.message
    assert any(line.startswith("refused: ") for line in logged)
    assert "told 7" in logged
    assert any(state.message and state.message.startswith("Resumed by ") for state in ended.states)
