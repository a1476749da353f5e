"""What loops ask every other second is found by indexes among 50,000 rows, and deployments are listed without sorting."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from support import databases
from support.deploying.hands import BEGIN
from support.deploying.specs import apply, hourly, run

from penstock.core.ids import uuid7
from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.database.tables import deployment_schedules, deployments, flow_runs
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.deployments.schedule_rows import take_back
from penstock.server.services.scheduling import backfill_steps, late, made_ahead
from penstock.wire import operations as op
from penstock.wire.deploying.deployments import DeploymentFilter, DeploymentQuery

ROWS = 50_000
FAR = BEGIN + timedelta(days=40_000)
_LARGE = ("deployment_schedules", "flow_runs", "deployments")
_DETOUR = {
    "sqlite": re.compile(rf"^SCAN (?:{'|'.join(_LARGE)})\b(?! USING (?:COVERING )?INDEX)|USE TEMP B-TREE FOR ORDER BY"),
    "postgresql": re.compile(rf"Seq Scan on (?:{'|'.join(_LARGE)})\b|Sort .*rows=\d{{4,}}"),
}


@pytest.fixture(scope="module", params=databases.KINDS)
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Dispatcher]]:
    """A database with 50,000 deployments, schedules and waiting runs, of which next to nothing is due."""
    if request.param == "sqlite":
        server = Dispatcher(databases.sqlite(tmp_path_factory.mktemp("plans")))
        _fill(server)
        yield request.param, server
        server.close()
        return
    databases.require_postgresql()
    with databases.own_postgresql() as address:
        server = Dispatcher(Database(Postgresql(databases.settings_for(address)), 5.0))
        _fill(server)
        databases.on_server("VACUUM ANALYZE", address)  # as PostgreSQL does by itself, sooner or later
        yield request.param, server
        server.close()


def _fill(server: Dispatcher) -> None:
    made = apply(server, schedules=[hourly()])
    kept = run(server, made.id, scheduled_time=FAR).flow_run

    def copies(connection: Any) -> None:
        for table, id_, values in (
            (deployments, made.id, lambda number: {"name": f"copy-{number:06}"}),
            (deployment_schedules, made.schedules[0].id, lambda _: {"look_at": FAR, "deployment_id": uuid7()}),
            (flow_runs, kept.id, lambda _: {"late_at": FAR, "schedule_id": uuid7()}),
        ):
            row = connection.execute(select(table).where(table.c.id == id_)).mappings().one()
            rows = [{**row, "id": uuid7(), **values(number)} for number in range(ROWS)]
            connection.execute(insert(table), rows)

    server.ledger.write(copies)


def _steps(kind: str, server: Dispatcher, work: Any) -> list[str]:
    """Return the steps of the plans of all that `work` asks."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")):
            asked.append((statement, parameters))

    engine = server.database._opened()
    event.listen(engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert asked
    found: list[str] = []
    with server.database.read() as connection:
        driver: Any = connection.connection.driver_connection
        for statement, parameters in asked:
            given = parameters[0] if isinstance(parameters, list) else parameters
            if "pg_" in statement:
                continue
            explain = "EXPLAIN QUERY PLAN" if kind == "sqlite" else "EXPLAIN"
            found += [row[3 if kind == "sqlite" else 0] for row in driver.execute(f"{explain} {statement}", given)]
    return found


WORKS: list[tuple[Any, str]] = [
    (lambda server: server.ask(made_ahead.is_any_due), "ix_deployment_schedules_look_at"),
    (
        lambda server: server.write(lambda context: made_ahead.make_ahead(50, context)),
        "ix_deployment_schedules_look_at",
    ),
    (lambda server: server.ask(late.is_any_late), "ix_flow_runs_late"),
    (lambda server: server.write(lambda context: late.name_late(50, context)), "ix_flow_runs_late"),
    (lambda server: server.ask(backfill_steps.is_any_running), "backfills"),
    (lambda server: server.write(lambda context: take_back([uuid7()], BEGIN, context)), "ix_flow_runs_schedule"),
    (lambda server: server.call(op.DEPLOYMENTS_LIST, DeploymentQuery()), "deployments"),
    (lambda server: server.call(op.DEPLOYMENTS_LIST, DeploymentQuery(DeploymentFilter(paused=False))), "deployments"),
]


@pytest.mark.parametrize(("work", "index"), WORKS)
def test_by_indexes(full: tuple[str, Dispatcher], work: Any, index: str) -> None:
    """Nothing looks at all rows of a large table, or sorts them."""
    kind, server = full
    steps = _steps(kind, server, lambda: work(server))
    detours = [step for step in steps if _DETOUR[kind].search(step)]
    if index == "ix_flow_runs_schedule":
        # The few runs of a schedule are sorted by id: all lock them in that order.
        detours = [step for step in detours if step != "USE TEMP B-TREE FOR ORDER BY"]
    assert not detours, steps
    assert any(index in step for step in steps), steps


def test_a_page_in_the_middle(full: tuple[str, Dispatcher]) -> None:
    """A later page of deployments begins by the index as well."""
    kind, server = full
    after = server.call(op.DEPLOYMENTS_LIST, DeploymentQuery()).next
    steps = _steps(kind, server, lambda: server.call(op.DEPLOYMENTS_LIST, DeploymentQuery(after=after)))
    assert not [step for step in steps if _DETOUR[kind].search(step)], steps
