"""A worker whose server is away, or refuses it, when it starts."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.deploying.workers import Deployed
from support.programs import TIMEOUT_SECONDS, command, environment
from support.servers import Server, running

from penstock.core.state_type import StateType


@pytest.mark.parametrize("more", [("--type", "process"), ()])
def test_a_worker_waits_for_its_server(flows: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    """A worker that starts before its server says so once, waits, and works as soon as the server is there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    with subprocess.Popen(
        [sys.executable, "-m", "penstock", "worker", "start", "--pool", "pool", *more],
        env=environment(tmp_path, PENSTOCK_API_URL=url, PENSTOCK_API_RETRY_SECONDS="0"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as worker:
        try:
            assert worker.stdout is not None
            assert worker.stderr is not None
            warning = worker.stderr.readline()
            assert f"{url} does not answer" in warning
            assert warning.endswith("Until it answers, this worker waits.\n")
            with running(tmp_path / "server", port) as server:
                assert worker.stdout.readline().startswith("Worker ")
                deployed = Deployed(server, flows, "adds")
                with deployed.watched() as watching:
                    assert watching.ended(deployed.run()).state.type is StateType.COMPLETED
                worker.terminate()
                assert worker.wait(TIMEOUT_SECONDS) == 0
                assert "waits" not in worker.stderr.read()
        finally:
            worker.kill()


def test_a_worker_that_is_refused_ends(server: Server, tmp_path: Path) -> None:
    """A wrong key, and a pool of another type, end a worker with one line each: waiting would change nothing."""
    with running(tmp_path / "guarded", PENSTOCK_SERVER_API_KEY="a-long-and-random-key-of-a-server") as guarded:
        wrong = command(
            tmp_path, "worker", "start", "--pool", "pool", PENSTOCK_API_URL=guarded.url, PENSTOCK_API_KEY="x" * 32
        )
    assert (
        command(tmp_path, "work-pool", "create", "boxes", "--type", "docker", PENSTOCK_API_URL=server.url).returncode
        == 0
    )
    unfit = command(tmp_path, "worker", "start", "--pool", "boxes", "--type", "process", PENSTOCK_API_URL=server.url)
    for done in (wrong, unfit):
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert "key" in wrong.stderr
    assert "boxes" in unfit.stderr
