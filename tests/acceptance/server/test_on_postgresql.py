"""Servers that share one PostgreSQL: what is told to one is known to all, and any of them may die."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import databases
from support.programs import command, ran, written
from support.servers import running

PROGRAM = """
    from penstock import flow, task

    @task
    def double(x):
        return 2 * x

    @flow
    def doubles():
        return [future.result() for future in double.map(range(20))]

    if __name__ == "__main__":
        print(sum(doubles()))
"""


@pytest.fixture
def url() -> Iterator[str]:
    """The address of a schema with nothing in it."""
    databases.require_postgresql()
    schema = databases.new_schema()
    yield databases.schema_url(schema)
    databases.drop_schema(schema)


def test_two_servers_on_one_database(tmp_path: Path, url: str) -> None:
    """A program reports to one server, a command asks the other; one is killed, and the other goes on."""
    program = written(tmp_path, PROGRAM)
    with (
        running(tmp_path / "a", PENSTOCK_DATABASE_URL=url) as first,
        running(tmp_path / "b", PENSTOCK_DATABASE_URL=url) as second,
    ):
        assert ran(program, tmp_path / "home", PENSTOCK_API_URL=first.url).stdout == "380\n"
        told = command(tmp_path / "home", "flow-run", "ls", "-o", "json", PENSTOCK_API_URL=second.url)
        assert [run["state"]["type"] for run in json.loads(told.stdout)] == ["COMPLETED"]
        first.end(signal.SIGKILL)
        assert ran(program, tmp_path / "home", PENSTOCK_API_URL=second.url).stdout == "380\n"
        code, words = second.end()
        assert (code, "Traceback" in words) == (0, False)
    stats = command(tmp_path / "a", "server", "database", "stats", "-o", "json", PENSTOCK_DATABASE_URL=url)
    rows = {one["table"]: one["rows"] for one in json.loads(stats.stdout)}
    assert (rows["flow_runs"], rows["task_runs"]) == (2, 40)
    assert not (tmp_path / "a/penstock.db").exists()


@pytest.mark.parametrize("background", [(), ("--background",)])
def test_a_database_that_is_not_there(tmp_path: Path, background: tuple[str, ...]) -> None:
    """A server whose database does not answer says so in one line, without the password, and does not start."""
    databases.require_postgresql()
    done = command(
        tmp_path,
        "server",
        "start",
        "--port",
        "0",
        *background,
        PENSTOCK_DATABASE_URL="postgresql://ann:canary@127.0.0.1:1/penstock",
    )
    assert done.returncode == 1
    assert "postgresql://ann@127.0.0.1:1/penstock can't be reached" in done.stderr
    assert "Start PostgreSQL, or correct PENSTOCK_DATABASE_URL" in done.stderr
    assert "canary" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
