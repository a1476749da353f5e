"""What is asked of events often finds its way by an index, at 50,000 of them, and a search looks at a bounded number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, insert
from support import databases
from support.requests import NOON

from penstock.core.ids import uuid7
from penstock.server.context import Context
from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.database.tables import events
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.events import listing
from penstock.server.streams.feeds.events import EventFeed
from penstock.server.streams.feeds.logs import LogFeed
from penstock.wire import operations as op
from penstock.wire.events import EventFilter
from penstock.wire.requests import EventQuery

ROWS = 50_000
_DETOUR = {
    # A table is looked through in the order of its numbers for a page of all events, which ends with the page.
    "sqlite": re.compile(r"TEMP B-TREE FOR ORDER BY"),
    "postgresql": re.compile(r"Seq Scan on events|Sort .*rows=\d{4,}"),
}


@pytest.fixture(scope="module", params=databases.KINDS)
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dispatcher]:
    """A server whose database holds 50,000 events of a hundred resources, one of them painted."""
    if request.param == "sqlite":
        server = Dispatcher(databases.sqlite(tmp_path_factory.mktemp("events")))
        _fill(server)
        yield server
        server.close()
        return
    databases.require_postgresql()
    with databases.own_postgresql() as address:
        server = Dispatcher(Database(Postgresql(databases.settings_for(address)), 5.0))
        _fill(server)
        databases.on_server("VACUUM ANALYZE", address)
        yield server
        server.close()


def _fill(server: Dispatcher) -> None:
    red = [{"penstock.resource.id": "colour.red", "penstock.resource.role": "paint"}]
    rows = [
        {
            "workspace_id": 1,
            "id": uuid7(),
            "occurred": NOON + timedelta(seconds=number),
            "event": f"shop.{number % 10}",
            "resource_id": f"shop.{number % 100}",
            "resource": {"penstock.resource.id": f"shop.{number % 100}"},
            "related": red if number == ROWS - 1 else [],
        }
        for number in range(ROWS)
    ]
    server.ledger.write(lambda connection: connection.execute(insert(events), rows))


def plans(server: Dispatcher, work: Any) -> list[str]:
    """Return the steps of what `work` asks."""
    asked: list[tuple[str, Any]] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith("SELECT"):
            asked.append((statement, parameters))

    engine = server.database._opened()
    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with server.database.read() as connection:
        driver: Any = connection.connection.driver_connection
        return [str(row[-1]) for statement, values in asked for row in driver.execute(f"{explain} {statement}", values)]


QUERIES = [
    EventQuery(),
    EventQuery(newest_first=True),
    EventQuery(EventFilter(events=["shop.1"])),
    EventQuery(EventFilter(resource_ids=["shop.1"]), newest_first=True),
    EventQuery(EventFilter(after=NOON, before=NOON + timedelta(hours=1))),
    EventQuery(EventFilter(position_after=1_000)),
    EventQuery(EventFilter(events=["shop.*"], position_after=1_000)),
    EventQuery(EventFilter(related_ids=["colour.red"]), newest_first=True),
]


@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_lists(full: Dispatcher, query: EventQuery) -> None:
    """No list of events is sorted, or reads the table past an index."""
    steps = plans(full, lambda: full.call(op.EVENTS_LIST, query))
    assert steps
    assert [step for step in steps if _DETOUR[kind(full)].search(step)] == []


def test_the_feed(full: Dispatcher) -> None:
    """What streams ask of events at every commit goes by the number."""

    def work() -> None:
        with full.database.read() as connection:
            context = Context(connection, full.database.dialect)
            EventFeed().read(EventFeed().head(context) - 10, None, context)

    steps = plans(full, work)
    assert [step for step in steps if _DETOUR[kind(full)].search(step) or step.startswith("SCAN events")] == []


def test_the_feed_of_lines(full: Dispatcher) -> None:
    """What streams ask of log lines goes by the number, and for one flow run by the index of its lines, without sorting."""

    def work() -> None:
        with full.database.read() as connection:
            context = Context(connection, full.database.dialect)
            LogFeed().read(0, None, context)
            LogFeed().read(0, frozenset([uuid7()]), context)

    steps = plans(full, work)
    assert [step for step in steps if step.startswith("SCAN logs") or "TEMP B-TREE" in step] == []


def kind(server: Dispatcher) -> str:
    """Return the kind of the server's database."""
    return server.database._opened().dialect.name


def test_a_search_is_bounded(full: Dispatcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A search for what is rare goes on from page to page, some of them empty, and finds it once."""
    monkeypatch.setattr(listing, "LOOKED_AT", 7_000)
    query = EventQuery(EventFilter(related_ids=["colour.red"]))
    counts, found = [], []
    while True:
        page = full.call(op.EVENTS_LIST, query)
        counts.append(len(page.items))
        found += page.items
        if page.next is None:
            break
        query = EventQuery(query.filter, after=page.next)
    assert counts == [0] * 7 + [1]
    assert found[0].resource_id == "shop.99"
