"""A server whose database is locked says so, and is well again by itself."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from support.requests import creation
from support.servers import running


def test_a_locked_database_is_503_and_still_read(tmp_path: Path) -> None:
    """While another program keeps the file locked, writes are refused with Retry-After and reads answered; then all is well."""
    with running(tmp_path, PENSTOCK_DATABASE_BUSY_TIMEOUT_SECONDS="0.1") as server:
        asked = creation()
        with closing(sqlite3.connect(tmp_path / "penstock.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            answers = [server.ask("POST", "/api/flow_runs", json=asked) for _ in range(12)]
            assert {answer.status for answer in answers} == {503}
            assert {answer.headers["retry-after"] for answer in answers} == {"1"}
            assert json.loads(answers[0].data)["type"] == "urn:penstock:storage-busy"
            assert server.ask("GET", "/api/ready").status == 200
            assert server.ask("POST", "/api/flows/filter", json={}).status == 200
            other.execute("ROLLBACK")
        assert server.ask("POST", "/api/flow_runs", json=asked).status == 200
