"""The metrics are what Prometheus reads, by its own tool."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
from support.requests import batch, flow_run, line, task_run
from support.servers import Server

from penstock.client.http import HttpTransport
from penstock.wire import operations as op

PROMTOOL = shutil.which("promtool")


@pytest.fixture
def metrics(server: Server) -> str:
    """The metrics of a server that has done a little of everything."""
    transport = HttpTransport(server.url)
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    transport.call(op.JOURNAL_APPEND, batch(task_run(run.id), line(run.id)))
    transport.close()
    server.ask("GET", "/api/flows/none")
    stream = server.ask("GET", "/api/events/stream", preload_content=False)
    answer = server.ask("GET", "/metrics")
    stream.close()
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return answer.data.decode()


def test_promtool_has_nothing_to_say(metrics: str) -> None:
    """`promtool check metrics` reads them, and finds no name, type or help against the conventions."""
    if PROMTOOL is None and os.environ.get("CI"):
        pytest.fail("There is no promtool. CI needs it: scripts/promtool installs it.")
    if PROMTOOL is None:
        pytest.skip("no promtool: scripts/promtool installs it")
    outcome = subprocess.run([PROMTOOL, "check", "metrics"], input=metrics, capture_output=True, text=True, check=False)
    assert (outcome.returncode, outcome.stdout, outcome.stderr) == (0, "", "")


def test_what_is_measured(metrics: str) -> None:
    """Queues, batches, commits, lag, leases, clients and loops are there, each with what it says."""
    names = set(re.findall(r"^# HELP (\S+) \S", metrics, re.MULTILINE))
    assert names >= {
        "penstock_build",
        "penstock_http_request_seconds",
        "penstock_http_requests_total",
        "penstock_journal_records_total",
        "penstock_ledger_batch_works",
        "penstock_ledger_commit_seconds",
        "penstock_ledger_waiting",
        "penstock_live_leases",
        "penstock_loop_lag_seconds",
        "penstock_purge_lag_seconds",
        "penstock_requests_in_core",
        "penstock_runs_declared_crashed_total",
        "penstock_stream_clients",
    }
    assert re.search(
        r'^penstock_http_requests_total\{operation="journal\.append",status="200"\} [1-9]', metrics, re.MULTILINE
    )
