"""What a server tells of itself: its database is measured, but never for long."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import Connection
from support.requests import flow_run

from penstock.core.errors import Forbidden
from penstock.core.version import __version__
from penstock.server.context import Principal
from penstock.server.database.database import Database
from penstock.server.database.dialect import TableSize
from penstock.server.database.schema import REVISION
from penstock.server.database.tables import metadata
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.retention import Keeping
from penstock.server.services.servers import info
from penstock.wire import operations as op
from penstock.wire.servers.info import ReadInfo, ServerInfo


def info_of(server: Dispatcher) -> ServerInfo:
    return server.call(op.SERVERS_INFO, ReadInfo())


def test_it_says_what_it_is_and_what_it_keeps(database: Database) -> None:
    """Its version, its database without a password, the rows of each table, and for how long they stay."""
    server = Dispatcher(database, keeping=replace(Keeping(), logs_days=7.5, audit_days=0))
    for _ in range(3):
        server.call(op.FLOW_RUNS_CREATE, flow_run())
    told = info_of(server)
    assert msgspec.json.encode(told)
    assert told.version == __version__
    assert told.database.place == database.dialect.place
    assert told.database.revision == REVISION
    assert (told.retention.logs_days, told.retention.audit_days, told.retention.events_days) == (7.5, 0, 90)
    tables = {line.name: line for line in told.database.tables or ()}
    assert tables.keys() == metadata.tables.keys()
    assert (tables["flow_runs"].rows, tables["flow_runs"].is_exact) == (3, True)
    assert 0 < tables["flow_runs"].bytes <= told.database.bytes
    assert [line.bytes for line in told.database.tables or ()] == sorted(
        (line.bytes for line in tables.values()), reverse=True
    )


def test_a_database_that_takes_long_to_measure_is_measured_as_a_whole(
    server: Dispatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at its tables is broken off; the transaction goes on, and so does the next one, with its own time."""
    monkeypatch.setattr(info, "MEASURED_SECONDS", 1e-9)
    dialect = server.database.dialect
    measure, slow = dialect.table_sizes, _SLOW[type(dialect).__name__]

    def measured(connection: Connection) -> dict[str, TableSize]:
        connection.exec_driver_sql(slow).all()
        return measure(connection)

    monkeypatch.setattr(dialect, "table_sizes", measured)
    told = info_of(server)
    assert told.database.tables is None
    assert told.database.bytes > 0
    monkeypatch.undo()
    assert info_of(server).database.tables is not None


_SLOW = {
    "Sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT max(i) FROM n",
    "Postgresql": "SELECT pg_sleep(1)",
}


def test_it_takes_a_right_to_be_told(server: Dispatcher) -> None:
    """Where the database is, not everybody need know."""
    with pytest.raises(Forbidden, match="read servers"):
        server.call(op.SERVERS_INFO, ReadInfo(), Principal("somebody", frozenset({"read:flow_runs"})))
