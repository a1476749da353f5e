"""What every kind of database must do is tested once, on each of them. PostgreSQL joins the list with its dialect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from penstock.server.database.database import Database
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.server.dispatcher import Dispatcher

KINDS = ("sqlite",)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new database; when the test is over, none of its connections may still be in use."""
    assert request.param == "sqlite"
    database = Database(Sqlite(tmp_path / "penstock.db", 5.0), 5.0)
    yield database
    assert database.checked_out() == 0
    database.close()


@pytest.fixture
def server(database: Database) -> Dispatcher:
    """A server's core on the database."""
    return Dispatcher(database)
