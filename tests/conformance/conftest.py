"""What every kind of database must do is tested once, on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support import databases

from penstock.server.database.database import Database
from penstock.server.dispatcher import Dispatcher


@pytest.fixture(params=databases.KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with nothing in it; when the test is over, none of its connections may still be in use."""
    if request.param == "sqlite":
        database = databases.sqlite(tmp_path)
    else:
        databases.require_postgresql()
        databases.empty(databases.shared_schema())
        database = databases.postgresql(databases.shared_schema())
    yield database
    assert database.checked_out() == 0
    database.close()


@pytest.fixture
def server(database: Database) -> Dispatcher:
    """A server's core on the database."""
    return Dispatcher(database)
