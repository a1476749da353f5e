"""`penstock server database`: both kinds of database are brought up, taken back, measured, copied and emptied."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import databases
from support.requests import batch, flow_run, line, task_run

from penstock.local.opening import database_at
from penstock.server.database import schema
from penstock.server.dispatcher import Dispatcher
from penstock.settings import current
from penstock.settings.active import forget
from penstock.wire import operations as op
from penstock.wire.requests import FlowRunQuery

if TYPE_CHECKING:
    from conftest import Cli


@pytest.fixture(params=databases.KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Name a new database in PENSTOCK_DATABASE_URL; return how messages name it."""
    if request.param == "postgresql":
        databases.require_postgresql()
        name = databases.new_schema()
        monkeypatch.setenv("PENSTOCK_DATABASE_URL", databases.schema_url(name))
        forget()
        yield database_at(current()).dialect.place
        databases.drop_schema(name)
    else:
        monkeypatch.setenv("PENSTOCK_DATABASE_URL", f"sqlite:///{tmp_path}/own.db")
        forget()
        yield f"{tmp_path}/own.db"


@pytest.fixture
def filled(place: str) -> str:
    """Put one flow run, three task runs and a log line into the database."""
    server = Dispatcher(database_at(current()))
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    server.call(op.JOURNAL_APPEND, batch(*[task_run(run_id) for _ in range(3)], line(run_id)))
    server.close()
    return place


def _count() -> int:
    server = Dispatcher(database_at(current()))
    count = len(server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items)
    server.close()
    return count


def test_up_and_back(cli: Cli, place: str) -> None:
    """The schema is made, found to be current, taken back for an earlier version, and brought up again."""
    assert f"has schema {schema.REVISION} now; it had none." in cli("server", "database", "upgrade").err
    assert f"{place} has schema {schema.REVISION}, which is this" in cli("server", "database", "upgrade").err
    assert "has schema 0001 now" in cli("server", "database", "downgrade", "0001", "--yes").err
    refused = cli("server", "database", "downgrade", "0001", "--yes")
    assert (refused.code, "has schema 0001, which can't be taken back to 0001" in refused.err) == (1, True)
    assert f"has schema {schema.REVISION} now; it had 0001." in cli("server", "database", "upgrade").err


def test_nothing_is_deleted_unasked(cli: Cli, filled: str) -> None:
    """Where nobody can be asked, neither a reset nor a step back is carried out without --yes."""
    for words in (["reset"], ["downgrade", "0001"]):
        outcome = cli("server", "database", *words)
        assert (outcome.code, "Give --yes" in outcome.err) == (2, True)
    assert _count() == 1


def test_reset(cli: Cli, filled: str) -> None:
    """A reset leaves a database with nothing in it, which is used at once."""
    outcome = cli("server", "database", "reset", "--yes")
    assert (outcome.code, outcome.err) == (0, f"{filled} is empty.\n")
    assert _count() == 0


def test_stats(cli: Cli, filled: str) -> None:
    """Every table is listed with its rows and what it takes on the disk, the largest first."""
    told = cli("server", "database", "stats", "-o", "json").json
    rows = {one["table"]: one["rows"] for one in told}
    assert (rows["flow_runs"], rows["task_runs"], rows["logs"], rows["alembic_version"]) == (1, 3, 1, 1)
    assert all(one["bytes"] > 0 for one in told)
    assert [one["bytes"] for one in told] == sorted((one["bytes"] for one in told), reverse=True)
    lines = cli("server", "database", "stats").lines
    assert lines[0].split() == ["TABLE", "ROWS", "SIZE"]
    assert [line.split()[:2] for line in lines if line.startswith("task_runs")] == [["task_runs", "3"]]


def test_backup(cli: Cli, filled: str, tmp_path: Path) -> None:
    """A backup holds all there is, is readable by its owner only, and never replaces a file."""
    target = tmp_path / "copy"
    outcome = cli("server", "database", "backup", str(target))
    assert (outcome.code, f"{filled} is copied to {target}" in outcome.err) == (0, True)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    if filled.endswith(".db"):
        copy = sqlite3.connect(target)
        assert copy.execute("SELECT count(*) FROM task_runs").fetchone() == (3,)
        copy.close()
    else:
        listed = subprocess.run(["pg_restore", "--list", str(target)], capture_output=True, text=True, check=True)
        assert "TABLE DATA" in listed.stdout
    again = cli("server", "database", "backup", str(target))
    assert (again.code, "can't be made: File exists" in again.err) == (1, True)


def test_a_backup_that_fails_leaves_nothing(
    cli: Cli, filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database can't be copied, no half a file is left to be taken for a copy."""
    target = tmp_path / "copy"
    if filled.endswith(".db"):
        Path(filled).write_bytes(b"no database" * 100)
    else:
        monkeypatch.setenv("PATH", str(tmp_path))
    outcome = cli("server", "database", "backup", str(target))
    assert (outcome.code, target.exists()) == (1, False)
    assert "is damaged" in outcome.err or "pg_dump is not on this machine" in outcome.err


def test_a_password_is_not_shown(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that does not answer is named without its password."""
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", "postgresql://ann:canary@127.0.0.1:1/test")
    forget()
    outcome = cli("server", "database", "stats")
    assert outcome.code == 1
    assert "postgresql://ann@127.0.0.1:1/test can't be reached" in outcome.err
    assert "canary" not in outcome.err


def test_a_driver_that_is_not_installed(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the driver of PostgreSQL, one line says what to install."""
    for name in [name for name in sys.modules if "dialects.postgresql" in name and name.startswith("penstock.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setenv("PENSTOCK_DATABASE_URL", "postgresql://ann:canary@db/test")
    forget()
    outcome = cli("server", "database", "stats")
    assert (outcome.code, "pip install 'penstock[postgresql]'" in outcome.err) == (1, True)
    assert "canary" not in outcome.err
