"""One setting has programs and servers log JSON."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from support.programs import ran, written
from support.requests import creation
from support.servers import Server, running

PROGRAM = """
    from penstock import flow, get_run_logger, task

    @task
    def weigh():
        get_run_logger().warning("heavy", extra={"kilograms": 40})
        raise ValueError("too heavy")

    @flow
    def post():
        weigh(return_state=True)
        return 1

    if __name__ == "__main__":
        print(post())
"""


def test_a_program_logs_json(tmp_path: Path, server: Server) -> None:
    """Every line on standard error is one JSON object with its level and its run; a user's own fields are among them."""
    program = written(tmp_path, PROGRAM)
    done = ran(program, tmp_path, PENSTOCK_API_URL=server.url, PENSTOCK_LOGGING_JSON="true")
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    (heavy,) = [line for line in lines if line["message"] == "heavy"]
    assert (heavy["level"], heavy["kilograms"], heavy["task_name"]) == ("WARNING", 40, "weigh")
    assert server.ask("GET", f"/api/flow_runs/{heavy['flow_run_id']}").status == 200
    assert any("too heavy" in line.get("exception", line["message"]) for line in lines if line["level"] == "ERROR")


def test_a_server_logs_json(tmp_path: Path) -> None:
    """What a server warns of is one JSON object a line, and names the request."""
    more = {"PENSTOCK_DATABASE_BUSY_TIMEOUT_SECONDS": "0.1", "PENSTOCK_LOGGING_JSON": "true"}
    with running(tmp_path, **more) as server:
        with closing(sqlite3.connect(tmp_path / "penstock.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answer = server.ask("POST", "/api/flow_runs", json=creation(), headers={"X-Request-ID": "mine"})
            assert answer.status == 503
        _, err = server.end()
    lines = [json.loads(line) for line in err.splitlines()]
    assert ("WARNING", "penstock.server") in {(line["level"], line["logger"]) for line in lines}
    assert any("Request mine" in line["message"] for line in lines)
