"""Migrations: equal to the schema, forward on stored data, by one of many, whole or not at all; a newer schema is refused."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from support import databases
from support.requests import flow_run

from penstock.core.errors import StorageError, StorageTooNew
from penstock.core.state_type import StateType
from penstock.server.database import schema
from penstock.server.database.database import Database
from penstock.server.database.dialect import Dialect
from penstock.server.database.migrations import running
from penstock.server.database.tables import metadata
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.requests import FlowRunQuery, LogQuery, TaskRunQuery

STORED = Path(__file__).parent / "stored"


class Place:
    """A place for one database, which can be filled, and opened several times at once."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.kind = kind
        self.folder = folder
        self.schema = databases.new_schema() if kind == "postgresql" else ""
        self.opened: list[Database] = []

    def database(self) -> Database:
        """Return a database object of its own on the place."""
        database = databases.postgresql(self.schema) if self.schema else databases.sqlite(self.folder)
        self.opened.append(database)
        return database

    def carry_out(self, script: str) -> None:
        """Carry SQL out, past Penstock."""
        if self.schema:
            databases.on_server(f"SET search_path TO {self.schema}; {script}")
            return
        with sqlite3.connect(self.folder / "penstock.db") as connection:
            connection.executescript(script)
        connection.close()

    def close(self) -> None:
        """Close all that was opened, and leave nothing on the server."""
        for database in self.opened:
            assert database.checked_out() == 0
            database.close()
        if self.schema:
            databases.drop_schema(self.schema)


@pytest.fixture(params=databases.KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A place with nothing in it."""
    if request.param == "postgresql":
        databases.require_postgresql()
    place = Place(request.param, tmp_path)
    yield place
    place.close()


@pytest.fixture
def old(place: Place) -> Place:
    """A place with a database as the first version left it."""
    place.carry_out((STORED / f"{place.kind}_0001.sql").read_text())
    return place


def _revision(database: Database) -> str | None:
    found = database.alter(lambda connection: schema.revision_of(connection, database.dialect))
    assert found is None or isinstance(found, str)
    return found


def _definitions(connection: Connection) -> set[str]:
    """Return what the database itself says of its tables and indexes, in an order and spelling of no meaning."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")).scalars()
        return {"".join(sorted(re.findall(r"[^\s,()]+", row.replace('"', "")))) for row in rows}
    here = "current_schema()"
    statements = (
        f"SELECT indexdef FROM pg_indexes WHERE schemaname = {here} AND tablename <> 'alembic_version'",
        (
            "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, collation_name, column_default,"
            f" character_maximum_length) FROM information_schema.columns WHERE table_schema = {here}"
        ),
        (
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = "
            f"(SELECT oid FROM pg_namespace WHERE nspname = {here})"
        ),
    )
    return {row for statement in statements for row in connection.execute(text(statement)).scalars()}


def test_the_steps_are_those_that_are_known() -> None:
    """The revisions that are known without loading Alembic are those of the steps, in their order."""
    found = [script.revision for script in running.steps().walk_revisions()]
    assert tuple(reversed(found)) == schema.REVISIONS


def test_migrations_lead_to_the_schema(place: Place) -> None:
    """All steps from nothing lead to the tables that a new database is given, to the index's condition."""
    database = place.database()
    database.alter(running.upgrade)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return compare_metadata(context, metadata)

    assert database.alter(differences) == []
    migrated = database.alter(_definitions)
    database.alter(metadata.drop_all)
    database.alter(schema.make)
    made = database.alter(_definitions)
    assert isinstance(made, set)
    assert isinstance(migrated, set)
    named = {line for line in made ^ migrated if "version_num" not in line and "alembic_version" not in line}
    assert named == set()


def test_a_stored_database_is_brought_up(old: Place) -> None:
    """A database of the first version is migrated when it is opened, and everything in it is still there."""
    server = Dispatcher(old.database())
    runs = server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items
    assert [run.state.type for run in runs] == [StateType.RUNNING, StateType.FAILED, StateType.COMPLETED]
    assert (runs[2].parameters, runs[2].tags) == ({"n": 1}, ["nightly"])
    assert len(server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items) == 3
    assert [line.message for line in server.call(op.LOGS_LIST, LogQuery()).items] == ["ÄRGER", "hello"]
    assert server.sweep(lambda run: "gone") == 1
    again = flow_run("other", idempotency_key="once")
    assert server.call(op.FLOW_RUNS_CREATE, again).id == runs[1].id
    assert _revision(server.database) == schema.REVISION


def test_one_of_many_migrates(old: Place) -> None:
    """Processes that open an old database at the same moment all find it migrated, once."""
    opened = [old.database() for _ in range(6)]

    def look(database: Database) -> int:
        return len(Dispatcher(database).call(op.FLOW_RUNS_LIST, FlowRunQuery()).items)

    with ThreadPoolExecutor(len(opened)) as pool:
        assert list(pool.map(look, opened)) == [3] * len(opened)
    assert _revision(opened[0]) == schema.REVISION


def test_one_of_many_makes_the_tables(place: Place) -> None:
    """Processes that open a new database at the same moment make its tables once."""
    opened = [place.database() for _ in range(6)]
    with ThreadPoolExecutor(len(opened)) as pool:
        made = list(pool.map(lambda database: Dispatcher(database).call(op.FLOW_RUNS_CREATE, flow_run()), opened))
    assert len(Dispatcher(opened[0]).call(op.FLOW_RUNS_LIST, FlowRunQuery()).items) == len(made)


def test_a_migration_is_taken_whole_or_not_at_all(old: Place) -> None:
    """A migration that is broken off half-way leaves the old schema, and the next start takes it again."""
    database = old.database()

    def breaks(connection: Connection) -> None:
        running.upgrade(connection)
        raise KeyboardInterrupt

    before = database.alter(_definitions)
    with pytest.raises(KeyboardInterrupt):
        database.alter(breaks)
    assert _revision(database) == "0001"
    assert database.alter(_definitions) == before
    assert len(Dispatcher(database).call(op.FLOW_RUNS_LIST, FlowRunQuery()).items) == 3
    assert _revision(database) == schema.REVISION


def test_back_and_forth(place: Place) -> None:
    """Every step back leads to the schema before, and forth again to the present one."""
    database = place.database()
    Dispatcher(database).call(op.FLOW_RUNS_CREATE, flow_run())
    present = database.alter(_definitions)
    for revision in reversed(schema.REVISIONS[:-1]):
        database.alter(lambda connection, revision=revision: running.downgrade(connection, revision))
        assert _revision(database) == revision
    database.close()
    assert len(Dispatcher(database).call(op.FLOW_RUNS_LIST, FlowRunQuery()).items) == 1
    assert database.alter(_definitions) == present


def test_a_newer_schema_is_refused(place: Place) -> None:
    """A database of a later version is left alone, and the remedy is named."""
    with place.database().read():
        pass
    place.carry_out("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageTooNew, match=r"newer Penstock.*'9999'.*Upgrade Penstock"):
        Dispatcher(place.database()).call(op.FLOW_RUNS_LIST, FlowRunQuery())


@pytest.mark.parametrize("table", ["customers", "alembic_version"])
def test_the_database_of_another_program_is_refused(place: Place, table: str) -> None:
    """A database with others' tables, even with a version by Alembic in it, is left alone."""
    place.carry_out(f"CREATE TABLE {table} (version_num VARCHAR(32) NOT NULL)")
    with pytest.raises(StorageError, match=f"belongs to another program: it holds tables .{table}"):
        Dispatcher(place.database()).call(op.FLOW_RUNS_LIST, FlowRunQuery())


LOADS = """
import sys
from pathlib import Path
from penstock.local.transport import InProcessTransport
from penstock.wire.operations import FLOWS_LIST
from penstock.wire.requests import FlowQuery

transport = InProcessTransport(Path(sys.argv[1]))
transport.call(FLOWS_LIST, FlowQuery())
transport.close()
print("alembic" in sys.modules)
"""


def test_alembic_is_loaded_for_an_old_database_only(tmp_path: Path) -> None:
    """Neither a new nor a current database costs the import of Alembic; an old one is migrated by it."""
    file, stored = tmp_path / "penstock.db", tmp_path / "old.db"
    with sqlite3.connect(stored) as connection:
        connection.executescript((STORED / "sqlite_0001.sql").read_text())
    connection.close()
    told = [
        subprocess.run([sys.executable, "-c", LOADS, str(path)], capture_output=True, text=True, check=True).stdout
        for path in (file, file, stored, stored)
    ]
    assert told == ["False\n", "False\n", "True\n", "False\n"]


def test_a_database_of_a_dialect_is_named_without_secrets() -> None:
    """The place of a database, as messages name it, holds no password."""
    url = "postgresql://ann:s3cret@db.example:5433/penstock?sslmode=require&password=s3cret"
    dialect: Dialect = databases.Postgresql(databases.settings_for(url))
    assert dialect.place == "postgresql://ann@db.example:5433/penstock"
