"""A hundred runs at once on one process worker."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
from support.deploying.workers import Deployed, working
from support.programs import TIMEOUT_SECONDS, written
from support.servers import running

from penstock.core.state_type import StateType

RUNS = 100

FLOW = """
import socket

from penstock import flow, task


@task
def meets(port):
    with socket.create_connection(("127.0.0.1", port)) as connection:
        return len(connection.recv(2))


@flow
def together(port: int):
    return meets(port)
"""


@pytest.mark.long
def test_a_hundred_runs_at_once(tmp_path: Path) -> None:
    """A hundred runs of one worker go on at the same time: each waits until all are there. All of them complete, once."""
    (tmp_path / "code").mkdir()
    file = written(tmp_path / "code", FLOW, "meeting.py")
    with running(tmp_path / "server") as server, socket.create_server(("127.0.0.1", 0), backlog=RUNS) as meeting:
        meeting.settimeout(TIMEOUT_SECONDS)
        deployed = Deployed(server, file, "together")
        with working(server) as worker, deployed.watched() as watching, ExitStack() as stack:
            runs = [deployed.run(port=meeting.getsockname()[1]) for _ in range(RUNS)]
            connections = [stack.enter_context(meeting.accept()[0]) for _ in range(RUNS)]
            for connection in connections:
                connection.sendall(b"go")
            ended = [watching.ended(run) for run in runs]
            code, err = worker.end()
    assert {run.state.type for run in ended} == {StateType.COMPLETED}
    assert {run.attempt for run in ended} == {1}
    assert (code, "not told that this worker lives" in err) == (0, False), err
