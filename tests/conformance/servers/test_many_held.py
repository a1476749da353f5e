"""However many runs are held, a sweep finds the dead ones, in pages and in few statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, insert, select
from support.requests import OTHER, flow_run

from penstock.core import clock
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.tables import flow_runs
from penstock.server.dispatcher import Dispatcher
from penstock.server.services import crashes, leases
from penstock.server.sweep import PAGE
from penstock.wire import operations as op
from penstock.wire.requests import ById

MANY = 12_000
HOUR = timedelta(hours=1)


@pytest.fixture
def crowd(server: Dispatcher) -> Dispatcher:
    """A server with 12,000 runs whose processes live; thousands of leases end at the same instant."""
    made = server.call(op.FLOW_RUNS_CREATE, flow_run()).id

    def multiply(connection: Any) -> None:
        row = dict(connection.execute(select(flow_runs).where(flow_runs.c.id == made)).mappings().one())
        now = clock.now()
        rows = [
            {**row, "id": uuid7(), "lease_expires": now + HOUR + timedelta(seconds=number // 5_000)}
            for number in range(MANY)
        ]
        connection.execute(insert(flow_runs), rows)

    server.ledger.write(multiply)
    return server


@contextmanager
def counted(server: Dispatcher) -> Iterator[list[str]]:
    """Give the statements that are sent within the block."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = server.database._opened()
    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def dead_run(server: Dispatcher, expires_in: timedelta) -> UUID:
    """Begin a run of another process, whose lease ends so much later than now."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run(owner=OTHER)).id
    expires = clock.now() + expires_in
    server.ledger.write(
        lambda connection: connection.execute(
            flow_runs.update().where(flow_runs.c.id == run_id).values(lease_expires=expires)
        )
    )
    return run_id


def test_an_ended_lease_is_found_at_once(crowd: Dispatcher) -> None:
    """To a judge by leases alone only those that have ended are shown: 12,000 others cost not one statement."""
    run_id = dead_run(crowd, -HOUR)
    shown: list[UUID] = []

    def gone(run: leases.HeldRun) -> str:
        shown.append(run.id)
        return "gone"

    with counted(crowd) as statements:
        assert crowd.sweep(gone, expired_before=clock.now()) == 1
    assert shown == [run_id]
    assert len(statements) < 15
    assert crowd.call(op.FLOW_RUNS_READ, ById(run_id)).state.type is StateType.CRASHED


def test_the_last_of_many_is_found(crowd: Dispatcher) -> None:
    """A judge by locks is shown every held run once, however many there are: the very last one is found dead, too."""
    run_id = dead_run(crowd, 3 * HOUR)
    shown: list[UUID] = []

    def of_other(run: leases.HeldRun) -> str | None:
        shown.append(run.id)
        return "gone" if run.owner == OTHER else None

    with counted(crowd) as statements:
        assert crowd.sweep(of_other) == 1
    assert len(shown) == len(set(shown)) == MANY + 2
    assert shown[-1] == run_id
    assert len(statements) < MANY / PAGE + 15
    live = crowd.database.ask(
        lambda connection: leases.count_live(clock.now(), Context(connection, crowd.database.dialect))
    )
    assert live == leases.MOST_LEASES_COUNTED


def test_one_that_cannot_be_crashed_is_set_aside(
    server: Dispatcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A run whose row makes the sweep fail costs the others nothing, and is logged."""
    ids = [server.call(op.FLOW_RUNS_CREATE, flow_run()).id for _ in range(5)]
    enter = crashes.enter

    def fail_once(row: Any, *rest: Any) -> None:
        if row["id"] == ids[2]:
            raise ValueError("The row is damaged.")
        enter(row, *rest)

    monkeypatch.setattr(crashes, "enter", fail_once)
    assert server.sweep(lambda run: "gone") == 4
    states = [server.call(op.FLOW_RUNS_READ, ById(run_id)).state.type for run_id in ids]
    assert states == [StateType.CRASHED] * 2 + [StateType.RUNNING] + [StateType.CRASHED] * 2
    assert f"Run {ids[2]}" in caplog.text
