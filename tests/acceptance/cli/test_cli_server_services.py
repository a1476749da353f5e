"""`penstock server services` shows what servers do by themselves."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from pathlib import Path

from support.programs import command
from support.servers import running


def test_the_loops_of_a_server(tmp_path: Path) -> None:
    """Asked of the server or of its file, the command shows each loop, and which process runs it; without one it says so."""
    done = command(tmp_path, "server", "services")
    assert (done.returncode, done.stdout) == (0, "")
    assert "No server is at work" in done.stderr
    with running(tmp_path) as server:
        for asked in ({"PENSTOCK_API_URL": server.url}, {}):
            done = command(tmp_path, "server", "services", **asked)
            assert done.returncode == 0, done.stderr
            head, *lines = done.stdout.splitlines()
            assert head.split()[:3] == ["LOOP", "STATE", "EVERY"]
            assert {line.split()[0] for line in lines} >= {"sweep", "purge"}
            assert all(f"{os.uname().nodename}:{server.process.pid}" in line for line in lines)
        told = json.loads(command(tmp_path, "server", "services", "-o", "json").stdout)
        assert {one["name"]: one["interval_seconds"] for one in told["items"]}["sweep"] == 5.0
        assert told["leader"].split(":")[1] == str(server.process.pid)


def test_an_old_sqlite_is_said(tmp_path: Path) -> None:
    """A server on an SQLite that can damage files in rare cases says so at its start, and what keeps it from that."""
    is_old = sqlite3.sqlite_version_info < (3, 51, 3)
    with running(tmp_path) as server:
        assert server.process.stdout is not None
        server.process.send_signal(signal.SIGTERM)
        said = server.process.stdout.read()
    assert (f"Note: SQLite {sqlite3.sqlite_version} can damage a database" in said) == is_old
