"""A question that takes too long is broken off, and the next one is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text
from support import databases

from penstock.core.errors import StorageError
from penstock.server.database.database import Database
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.requests import FlowRunQuery

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def _impatient(kind: str, folder: Path) -> Database:
    if kind == "sqlite":
        return Database(Sqlite(folder / "penstock.db", 5.0, 1.0), 5.0)
    databases.require_postgresql()
    databases.empty(databases.shared_schema())
    return databases.postgresql(databases.shared_schema(), statement_timeout_seconds=1.0)


@pytest.mark.parametrize("kind", databases.KINDS)
def test_an_endless_question_is_broken_off(kind: str, tmp_path: Path) -> None:
    """The bound holds on every kind of database, the error says which setting it is, and the connection is as good as new."""
    server = Dispatcher(_impatient(kind, tmp_path))
    server.call(op.FLOW_RUNS_LIST, FlowRunQuery())
    with pytest.raises(StorageError, match=r"longer than 1 s .*PENSTOCK_DATABASE_STATEMENT_TIMEOUT_SECONDS"):
        server.database.ask(lambda connection: connection.execute(text(ENDLESS)).scalar())
    assert server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items == []
    assert server.database.checked_out() == 0
    server.close()
