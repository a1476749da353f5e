"""Workers that wait for runs over HTTP."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
from support.servers import Server, running

from penstock.client.http import HttpTransport
from penstock.wire import operations as op
from penstock.wire.deploying.work_pools import WorkPoolCreate
from penstock.wire.deploying.workers import Claimed, ClaimRuns, WorkerHeartbeat

WAITING = "penstock_workers_waiting"


def _waiting(server: Server) -> int:
    lines = server.ask("GET", "/metrics").data.decode().splitlines()
    return int(float(next(line.split()[1] for line in lines if line.startswith(WAITING))))


def _until_waiting(server: Server, count: int) -> None:
    while _waiting(server) != count:
        pass  # each look is a request, and the test's own bound ends it if it never is so


@pytest.fixture
def server(tmp_path: Path) -> Any:
    with running(tmp_path) as server:
        transport = HttpTransport(server.url)
        transport.call(op.WORK_POOLS_CREATE, WorkPoolCreate("docks", "process"))
        transport.call(op.WORKERS_HEARTBEAT, WorkerHeartbeat("w", "w", "process", "docks"))
        yield server


def test_a_server_that_ends_sends_waiting_workers_away(server: Server) -> None:
    """A worker that would wait for a minute gets an empty answer when the server is asked to end, which it does at once."""
    answers: list[Claimed] = []

    def wait() -> None:
        transport = HttpTransport(server.url, timeout_seconds=90)
        answers.append(transport.call(op.FLOW_RUNS_CLAIM, ClaimRuns("w", wait_seconds=60)))

    thread = threading.Thread(target=wait)
    thread.start()
    _until_waiting(server, 1)
    assert server.end() == (0, "")
    thread.join()
    assert answers == [Claimed()]


def test_a_worker_that_goes_away_is_not_waited_for(server: Server) -> None:
    """When the connection of a waiting worker ends, so does its wait."""
    body = json.dumps({"worker_id": "w", "wait_seconds": 60}).encode()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = (
            "POST /api/flow_runs/claim HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        connection.sendall("\r\n".join([*head, "", ""]).encode() + body)
        _until_waiting(server, 1)
    _until_waiting(server, 0)
    assert server.end() == (0, "")
