"""The server's process: started, found, stopped, and refused where it can't be."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import threading
from contextlib import closing
from pathlib import Path

import pytest
import urllib3
from support.programs import TIMEOUT_SECONDS, command
from support.requests import batch, creation, flow_run, task_run
from support.servers import Server, running

from penstock.client.http import HttpTransport
from penstock.wire.operations import FLOW_RUNS_CREATE, JOURNAL_APPEND, TASK_RUNS_LIST
from penstock.wire.requests import TaskRunQuery
from penstock.wire.task_runs import TaskRunFilter


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with closing(socket.create_server(("127.0.0.1", 0))) as one:
        port: int = one.getsockname()[1]
        return port


def test_a_server_in_the_background(tmp_path: Path) -> None:
    """`--background` returns when the server answers; status shows it, stop ends it, and then status says so."""
    port = str(free_port())
    done = command(tmp_path, "server", "start", "--background", "--port", port)
    assert done.returncode == 0, done.stderr
    assert f"http://127.0.0.1:{port}/api" in done.stdout
    try:
        assert urllib3.request("GET", f"http://127.0.0.1:{port}/api/ready", retries=False).status == 200
        (one,) = json.loads(command(tmp_path, "server", "status", "-o", "json").stdout)
        assert (one["url"], one["answers"]) == (f"http://127.0.0.1:{port}/api", True)
        assert "answers; process" in command(tmp_path, "server", "status").stdout
    finally:
        done = command(tmp_path, "server", "stop")
    assert (done.returncode, done.stderr.count("Stopped the server at")) == (0, 1), done.stderr
    done = command(tmp_path, "server", "status")
    assert (done.returncode, done.stdout) == (1, "")
    assert "No server of this home runs" in done.stderr
    assert command(tmp_path, "server", "stop").returncode == 0


def test_a_killed_server_is_not_taken_for_one_that_runs(tmp_path: Path) -> None:
    """After `kill -9`, status shows none, stop harms nobody, and the next server starts."""
    with running(tmp_path) as server:
        server.end(signal.SIGKILL)
        assert command(tmp_path, "server", "status").returncode == 1
        assert "No server" in command(tmp_path, "server", "stop").stderr
        server.start(server.port)
        assert server.ask("GET", "/api/health").status == 200


@pytest.mark.parametrize("background", [(), ("--background",)])
def test_a_taken_port_is_said(tmp_path: Path, background: tuple[str, ...]) -> None:
    """Where another program listens, one line names the port, the fact and the remedy."""
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = str(other.getsockname()[1])
        done = command(tmp_path, "server", "start", "--port", port, *background)
    assert done.returncode == 1
    assert f"Port {port} of 127.0.0.1 is taken by another program." in done.stderr
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_server_of_one_file_is_refused(tmp_path: Path) -> None:
    """One SQLite file has one server; the second one says which, and how to stop it."""
    with running(tmp_path):
        done = command(tmp_path, "server", "start", "--port", "0")
    assert done.returncode == 1
    assert f"Another server serves {tmp_path / 'penstock.db'}" in done.stderr
    assert "penstock server stop" in done.stderr


def test_a_database_that_can_not_be_opened_is_said(tmp_path: Path) -> None:
    """A file that is no database keeps the server from starting, with one clear line."""
    (tmp_path / "penstock.db").write_bytes(b"no database at all " * 100)
    done = command(tmp_path, "server", "start", "--port", "0")
    assert done.returncode == 1
    assert "penstock.db" in done.stderr
    assert "Traceback" not in done.stderr


def test_requests_under_way_end_before_the_server_does(tmp_path: Path) -> None:
    """SIGTERM in the middle of a stream of batches: every batch that was answered is there, and the exit code is 0."""
    with running(tmp_path) as server:
        url = server.url
        answered: list[int] = []
        some = threading.Event()
        create = flow_run()

        def report() -> None:
            transport = HttpTransport(url, retry_seconds=0)
            transport.call(FLOW_RUNS_CREATE, create)
            for number in range(1, 10_000):
                try:
                    transport.call(JOURNAL_APPEND, batch(*(task_run(create.id) for _ in range(20)), number=number))
                except Exception:
                    return
                answered.append(20)
                if number == 10:
                    some.set()

        reporter = threading.Thread(target=report)
        reporter.start()
        assert some.wait(TIMEOUT_SECONDS)
        code, err = server.end(signal.SIGTERM)
        reporter.join(TIMEOUT_SECONDS)
        assert (code, err) == (0, "")
        server.start(server.port)
        kept, after = 0, None
        while True:
            query = TaskRunQuery(TaskRunFilter(flow_run_ids=[create.id]), limit=200, after=after)
            page = HttpTransport(server.url).call(TASK_RUNS_LIST, query)
            kept, after = kept + len(page.items), page.next
            if after is None:
                break
        assert kept >= sum(answered)


def test_an_interrupt_ends_it_too(tmp_path: Path) -> None:
    """Ctrl-C ends a server in a terminal as an ordinary command."""
    with running(tmp_path) as server:
        assert server.end(signal.SIGINT) == (0, "")


def test_a_slow_stream_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    """A client that never ends its request is let go of when the time to drain is over."""
    with running(tmp_path, PENSTOCK_SERVER_DRAIN_SECONDS="1") as server:
        with socket.create_connection(("127.0.0.1", server.port)) as line:
            line.sendall(b"POST /api/flows/filter HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n")
            line.sendall(b"Content-Length: 100\r\n\r\n{")
            assert server.ask("GET", "/api/health").status == 200
            code, _ = server.end(signal.SIGTERM)
        assert code == 0


def test_the_own_pages_need_nothing_from_elsewhere(server: Server) -> None:
    """The page that shows the API names no other host, runs no script, and shows every operation."""
    answer = server.ask("GET", "/api/docs")
    text = answer.data.decode()
    assert "script" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "http://" not in text.replace("http://json-schema.org", "")
    assert "<script" not in text
    document = json.loads(server.ask("GET", "/api/openapi.json").data)
    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in text


def test_metrics_are_what_prometheus_reads(server: Server, tmp_path: Path) -> None:
    """The numbers parse, count what was asked, and pass `promtool check metrics` where that is installed."""
    from shutil import which

    from prometheus_client.parser import text_string_to_metric_families

    server.ask("POST", "/api/flows/filter", json={})
    assert server.ask("POST", "/api/flow_runs", json=creation()).status == 200
    answer = server.ask("GET", "/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.data.decode())}
    counted = {tuple(sample.labels.values()): sample.value for sample in families["penstock_http_requests"].samples}
    assert counted["flows.list", "200"] >= 1
    assert "process_resident_memory_bytes" in families
    values = {sample.name: sample.value for family in families.values() for sample in family.samples}
    for name in ("penstock_ledger_waiting", "penstock_live_leases", "penstock_purge_lag_seconds"):
        assert values[name] >= 0
    assert values["penstock_ledger_batch_works_sum"] >= values["penstock_ledger_batch_works_count"] >= 1
    assert values["penstock_ledger_commit_seconds_sum"] > 0
    promtool = which("promtool")
    if promtool is not None:
        done = subprocess.run([promtool, "check", "metrics"], input=answer.data, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
