"""A server finds out which of the processes that report to it are dead, and refuses those that come back."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import databases
from support.programs import TIMEOUT_SECONDS, started, written
from support.servers import Server, running_on

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

LEASE_SECONDS = "1.5"

WAITS = """
    import itertools, time
    from penstock import flow, task

    @task
    def step(number):
        time.sleep(0.05)

    @flow
    def waits():
        for number in itertools.count():
            step(number)
            print("step", number, flush=True)

    waits()
"""

COUNTS = """
    import time
    from penstock import flow, task

    @task
    def step():
        with open("steps", "a") as file:
            file.write(".")
        time.sleep(0.01)

    @flow
    def counts():
        while True:
            step()
            print("a step", flush=True)

    counts()
"""

BLOCKED = """
    import threading
    from penstock import flow

    @flow
    def blocked():
        print("blocked", flush=True)
        threading.Event().wait()

    blocked()
"""


@pytest.fixture(params=databases.KINDS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """Run a server that sweeps often and to which no lease is sacred for long."""
    settings = {"PENSTOCK_SERVER_SWEEP_SECONDS": "0.2", "PENSTOCK_RECORDING_LEASE_SECONDS": LEASE_SECONDS}
    with running_on(request.param, tmp_path / "server", **settings) as one:
        yield one


def begun(server: Server, folder: Path, source: str, heartbeat_seconds: str = "0.2") -> Any:
    """Start a program that reports to `server`, and return its process when its flow runs."""
    process = started(
        written(folder, source),
        folder / "home",
        PENSTOCK_API_URL=server.url,
        PENSTOCK_RECORDING_LEASE_SECONDS=LEASE_SECONDS,
        PENSTOCK_RECORDING_HEARTBEAT_SECONDS=heartbeat_seconds,
    )
    assert process.stdout.readline()
    return process


def next_crash(server: Server) -> dict[str, Any]:
    """Wait until the server says that it declared a run Crashed, and return the newest run."""
    for line in server.process.stderr:
        if "declared Crashed" in line:
            break
    page = json.loads(server.ask("POST", "/api/flow_runs/filter", json={}).data)
    run: dict[str, Any] = json.loads(server.ask("GET", f"/api/flow_runs/{page['items'][0]['id']}").data)
    return run


def test_a_killed_process_is_found_dead(server: Server, tmp_path: Path) -> None:
    """`kill -9` of a flow's process: its run, and what ran in it, is Crashed when its lease ends, with the reason."""
    process = begun(server, tmp_path, WAITS)
    process.kill()
    process.communicate(timeout=TIMEOUT_SECONDS)
    run = next_crash(server)
    assert run["state"]["type"] == "CRASHED"
    assert f"number {process.pid}" in run["state"]["message"]
    assert "gave no sign of life: its lease ended at" in run["state"]["message"]
    counts = json.loads(server.ask("GET", f"/api/flow_runs/{run['id']}/counts").data)
    assert counts["by_type"].keys() <= {"COMPLETED", "CRASHED"}


@pytest.mark.parametrize("source", [WAITS, BLOCKED], ids=["between tasks", "blocked"])
def test_a_stopped_process_that_wakes_is_refused(server: Server, tmp_path: Path, source: str) -> None:
    """SIGSTOP for longer than the lease, then SIGCONT: the run stays Crashed, and the process ends itself."""
    process = begun(server, tmp_path, source)
    process.send_signal(signal.SIGSTOP)
    run = next_crash(server)
    process.send_signal(signal.SIGCONT)
    _, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == -signal.SIGTERM
    assert "is no longer this process's, which stops" in err
    after = json.loads(server.ask("GET", f"/api/flow_runs/{run['id']}").data)
    assert after["states"] == run["states"]
    assert after["state"]["type"] == "CRASHED"


def test_a_stopped_process_that_wakes_begins_no_task(server: Server, tmp_path: Path) -> None:
    """What was stopped for longer than the lease asks before its next task, also where no heartbeat is due for an hour."""
    process = begun(server, tmp_path, COUNTS, heartbeat_seconds="3600")
    process.send_signal(signal.SIGSTOP)
    next_crash(server)
    before = (tmp_path / "steps").stat().st_size
    process.send_signal(signal.SIGCONT)
    _, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == -signal.SIGTERM
    assert "is no longer this process's, which stops" in err
    assert (tmp_path / "steps").stat().st_size <= before + 1  # one may have been about to begin


@pytest.mark.parametrize("kind", databases.KINDS)
def test_a_living_process_outlives_its_server(kind: str, tmp_path: Path) -> None:
    """A server that was away for longer than a lease gives processes the time to say that they live."""
    settings = {"PENSTOCK_SERVER_SWEEP_SECONDS": "0.2", "PENSTOCK_RECORDING_LEASE_SECONDS": "120"}
    with running_on(kind, tmp_path / "server", **settings) as server:
        process = begun(server, tmp_path, WAITS)
        server.end(signal.SIGKILL)
        port = server.port
        server.let_leases_end(60)  # as if it had been away for a minute
        server.start(port)
        runs = json.loads(server.ask("POST", "/api/flow_runs/filter", json={}).data)["items"]
        assert [run["state"]["type"] for run in runs] == ["RUNNING"]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT_SECONDS)
        runs = json.loads(server.ask("POST", "/api/flow_runs/filter", json={}).data)["items"]
        assert runs[0]["state"]["type"] == "CRASHED"
        assert "signal 15" in runs[0]["state"]["message"]
