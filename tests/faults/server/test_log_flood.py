"""A flow that logs without measure: its lines are cut, or dropped and counted; its states and its server are untouched."""

from __future__ import annotations

import json
from pathlib import Path

from support.programs import ran, written
from support.servers import running

LINES = 30_000
SHOWN_BYTES = 20_000

FLOODS = f"""
    from penstock import flow, task
    from penstock.logging import get_run_logger

    @task
    def step(number):
        return number

    @flow
    def floods():
        logger = get_run_logger()
        logger.info("long " + "x" * 10_000_000)
        logger.info("half a character: \\ud83d, NUL: \\0, bytes: %s", b"\\xff\\xfe".decode("utf-8", "surrogateescape"))
        for number in range({LINES}):
            logger.info("line %d", number)
        return sum(step(number) for number in range(100))

    print(floods())
"""


def test_a_flood_of_lines(tmp_path: Path) -> None:
    """30,000 lines as fast as they come, a line of 10 MB and bytes that are no text: the run completes, all of it recorded."""
    with running(tmp_path / "server") as server:
        settings = {"PENSTOCK_API_URL": server.url, "PENSTOCK_LOGGING_TO_CONSOLE": "false"}
        done = ran(written(tmp_path, FLOODS), tmp_path / "home", **settings)
        assert done.returncode == 0, done.stderr
        assert done.stdout.split() == [str(sum(range(100)))]
        (run,) = json.loads(server.ask("POST", "/api/flow_runs/filter", json={}).data)["items"]
        assert run["state"]["type"] == "COMPLETED"
        counts = json.loads(server.ask("GET", f"/api/flow_runs/{run['id']}/counts").data)
        assert counts["by_type"] == {"COMPLETED": 100}
        asked = {"filter": {"flow_run_ids": [run["id"]]}, "limit": 4}
        _, first, second, third = json.loads(server.ask("POST", "/api/logs/filter", json=asked).data)["items"]
        assert first["message"].startswith("long xxx")
        assert len(first["message"]) < SHOWN_BYTES
        assert "half a character" in second["message"]
        assert third["message"] == "line 0"
        assert server.ask("GET", "/api/ready").status == 200
