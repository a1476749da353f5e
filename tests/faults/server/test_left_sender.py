"""A program whose server was away until its end leaves a process behind, which tells the server in time."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support import databases
from support.programs import TIMEOUT_SECONDS, environment, ran, started, written
from support.record import history, logs, only_flow_run, task_runs
from support.servers import Server, asked_by_this_process, running_on
from support.streams import following

from penstock import settings
from penstock.reporting.sender import leave_sender

pytestmark = pytest.mark.skipif(os.name != "posix", reason="files whose process is gone are told by locks of POSIX")

PROGRAM = """
    import os
    from penstock import flow, get_run_logger, task

    @task
    def double(x):
        get_run_logger().info("doubling %d", x)
        return 2 * x

    @flow
    def works():
        print("works", double(1), flush=True)
        open("go").read()
        {then}
        return double(2)

    works()
"""

NO_PATIENCE = {
    "PENSTOCK_API_RETRY_SECONDS": "0",
    "PENSTOCK_RECORDING_SHUTDOWN_TIMEOUT_SECONDS": "0",
    "PENSTOCK_RECORDING_LEASE_SECONDS": "45",
}


@pytest.fixture(params=databases.KINDS)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server that sweeps often, and gives processes a minute to say that they live."""
    settings = {"PENSTOCK_SERVER_SWEEP_SECONDS": "0.2", "PENSTOCK_RECORDING_LEASE_SECONDS": "60"}
    with running_on(request.param, tmp_path / "server", **settings) as one:
        yield one


def ended_without_server(
    server: Server, folder: Path, seconds: str, then: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a program whose server is killed in the middle of its flow; it leaves a sender behind for so many seconds."""
    os.mkfifo(folder / "go")
    process: Any = started(
        written(folder, PROGRAM.format(then=then)),
        folder / "home",
        PENSTOCK_API_URL=server.url,
        PENSTOCK_RECORDING_HAND_OVER_SECONDS=seconds,
        **NO_PATIENCE,
    )
    assert process.stdout.readline() == "works 2\n"
    server.end(signal.SIGKILL)
    (folder / "go").write_text("on")
    out, err = process.communicate(timeout=TIMEOUT_SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@pytest.mark.parametrize(
    ("then", "status", "ends"),
    [("", 0, "Completed"), ("os.kill(os.getpid(), 15)", -signal.SIGTERM, "Crashed")],
    ids=["ends", "is ended"],
)
def test_the_end_of_a_program_is_told(server: Server, tmp_path: Path, then: str, status: int, ends: str) -> None:
    """The server comes back after the program's end and its lease's: the run ends as the program said, and all is there."""
    port = server.port
    done = ended_without_server(server, tmp_path, "300", then)
    assert done.returncode == status, done.stderr
    assert ".spool: a process that is left behind tries for 300 s" in done.stderr
    server.let_leases_end(60)
    server.start(port)
    with following(server, "/api/events/stream?events=penstock.flow-run.*&after=0") as stream:
        told = [message.data["event"].rpartition(".")[2] for message in stream.until(3)]
    assert told == ["Pending", "Running", ends]
    with asked_by_this_process(server.url):
        run = only_flow_run()
        assert history(run) == f"Pending Running {ends}"
        assert "gave no sign of life" not in (run.state.message or "")
        doubled = ["doubling 1", "doubling 2"][: len(task_runs())]
        assert [line.message for line in logs() if line.message.startswith("doubling")] == doubled
        assert {history(one) for one in task_runs()} == {"Pending Running Completed"}


def sender(home: Path, url: str, seconds: str) -> int:
    """Run a sender to its end."""
    return subprocess.run(
        [sys.executable, "-m", "penstock.reporting.sender"],
        env=environment(
            home,
            PENSTOCK_API_URL=url,
            PENSTOCK_RECORDING_HAND_OVER_SECONDS=seconds,
            PENSTOCK_API_RETRY_SECONDS="0",
        ),
        timeout=TIMEOUT_SECONDS,
        check=False,
    ).returncode


ALONE = """
    from penstock import flow

    @flow
    def alone():
        return 7

    alone()
"""


def test_a_sender_ends(tmp_path: Path) -> None:
    """It gives up after its time, and at once where another one is at work; what was left stays for the next program."""
    home, url = tmp_path / "home", "http://127.0.0.1:9/api"
    assert ran(written(tmp_path, ALONE), home, PENSTOCK_API_URL=url, **NO_PATIENCE).returncode == 0
    (left,) = home.glob("spool/*/*.spool")
    assert sender(home, url, "2") == 0
    with (left.parent / "sender.lock").open("w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        assert sender(home, url, "3600") == 0
    assert left.exists()


def test_no_sender_where_the_executable_is_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that was packed with its Python is not started a second time."""
    with settings.temporary_settings({"api.url": "http://127.0.0.1:9/api"}):
        monkeypatch.setattr(sys, "executable", "/usr/bin/false")
        assert not leave_sender(settings.current())
        monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
        monkeypatch.setattr(sys, "frozen", True, raising=False)
        assert not leave_sender(settings.current())
