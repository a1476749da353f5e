"""Servers that make runs of a schedule are killed: of each instant there is one run, and none is missing."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from support import databases
from support.deploying.scheduled import runs
from support.deploying.specs import apply, every
from support.servers import Server, running
from support.streams import following

from penstock.server.database.database import Database
from penstock.server.dispatcher import Dispatcher
from penstock.wire.schedules import MissedPolicy

SETTINGS = {"PENSTOCK_SCHEDULING_INTERVAL_SECONDS": "0.2"}
STREAM = "/api/events/stream?events=penstock.flow-run.Scheduled"
EACH_SECOND = every(1, missed=MissedPolicy.ALL, missed_limit=1_000)


@pytest.fixture
def schema() -> Iterator[str]:
    """A schema of the test's own on the PostgreSQL server."""
    databases.require_postgresql()
    name = databases.new_schema()
    yield name
    databases.drop_schema(name)


def _deploy(database: Database) -> None:
    one = Dispatcher(database)
    apply(one, schedules=[EACH_SECOND])
    one.close()


def _check(database: Database, at_least: int) -> None:
    """Check that the instants of all runs follow each other, a second apart."""
    one = Dispatcher(database)
    starts = [run.expected_start for run in runs(one)]
    one.close()
    assert len(starts) >= at_least
    assert {later - earlier for earlier, later in pairwise(starts) if earlier and later} == {timedelta(seconds=1)}


def _wait_for(server: Server, count: int) -> None:
    """Wait until the server tells of so many more runs."""
    with following(server, STREAM) as stream:
        stream.until(count)


def test_a_server_that_is_killed_and_started_again(tmp_path: Path) -> None:
    """`kill -9` of the server while it makes runs: the next one goes on where it was, and makes up for what fell meanwhile."""
    with running(tmp_path, **SETTINGS) as server:
        _deploy(databases.sqlite(tmp_path))
        for _ in range(3):
            _wait_for(server, 3)
            server.end(signal.SIGKILL)
            server.start()
        _wait_for(server, 3)
    _check(databases.sqlite(tmp_path), 12)


def test_a_leader_that_is_killed(schema: str, tmp_path: Path) -> None:
    """`kill -9` of one of two servers on a PostgreSQL: the other one makes the runs, and makes up for what fell meanwhile."""
    settings: dict[str, Any] = {"PENSTOCK_DATABASE_URL": databases.schema_url(schema), **SETTINGS}
    with running(tmp_path / "a", **settings) as first, running(tmp_path / "b", **settings) as second:
        pair = [first, second]
        _deploy(databases.postgresql(schema))
        _wait_for(second, 3)
        leader = next(one for one in pair if b"\npenstock_leads 1.0\n" in one.ask("GET", "/metrics").data)
        other = next(one for one in pair if one is not leader)
        leader.end(signal.SIGKILL)
        _wait_for(other, 6)
    _check(databases.postgresql(schema), 9)
