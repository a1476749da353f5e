"""How many statements a request costs is bounded, whatever it asks for: none is sent for each row."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event
from support.requests import NOON, OWNER, batch, flow_run, line, proposal, task_run

from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.requests import (
    ById,
    FlowQuery,
    FlowRunQuery,
    LeaseClaim,
    LogQuery,
    RenewLeases,
    StartFlowRun,
    TaskRunQuery,
)

MANY = 300


def _count(server: Dispatcher, operation: Any, request: Any) -> int:
    """Carry `operation` out and return how many statements it sent; one that is sent with many rows counts once."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    engine = server.database._opened()
    event.listen(engine, "before_cursor_execute", note)
    try:
        server.call(operation, request)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


@pytest.fixture
def filled(server: Dispatcher) -> Dispatcher:
    """A server with many runs, task runs and lines."""
    for number in range(30):
        run = flow_run(tags=["x", "y"])
        server.call(op.FLOW_RUNS_CREATE, run)
        tasks = [task_run(run.id, tags=["x"]) for _ in range(10)]
        server.call(op.JOURNAL_APPEND, batch(*tasks, *[line(run.id) for _ in range(10)], number=number))
    return server


def test_reading(filled: Dispatcher) -> None:
    """A page of anything is one statement, and so is one object."""
    run = filled.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items[0]
    task = filled.call(op.TASK_RUNS_LIST, TaskRunQuery()).items[0]
    for operation, request, most in (
        (op.FLOWS_LIST, FlowQuery(), 1),
        (op.FLOW_RUNS_LIST, FlowRunQuery(), 1),
        (op.FLOW_RUNS_LIST, FlowRunQuery(FlowRunFilter(tags_all=["x", "y"], started_after=NOON, roots_only=True)), 1),
        (op.TASK_RUNS_LIST, TaskRunQuery(), 1),
        (op.LOGS_LIST, LogQuery(), 1),
        (op.FLOW_RUNS_READ, ById(run.id), 1),
        (op.TASK_RUNS_READ, ById(task.id), 1),
        (op.FLOW_RUNS_COUNTS, ById(run.id), 2),
    ):
        assert _count(filled, operation, request) <= most, operation.name


def test_writing(filled: Dispatcher) -> None:
    """What a write sends does not grow with what it holds."""
    new, waiting = flow_run(tags=["a", "b", "c"]), flow_run(owner=None)
    filled.call(op.FLOW_RUNS_CREATE, waiting)
    tasks = [task_run(new.id, tags=["x"]) for _ in range(MANY)]
    lines = [line(new.id) for _ in range(MANY)]
    counts = {
        name: _count(filled, operation, request)
        for name, operation, request in (
            ("create", op.FLOW_RUNS_CREATE, new),
            ("journal of one", op.JOURNAL_APPEND, batch(tasks[0], lines[0], number=1_000)),
            ("journal of many", op.JOURNAL_APPEND, batch(*tasks, *lines, number=1_001)),
            ("renew", op.FLOW_RUNS_RENEW, RenewLeases(OWNER, [LeaseClaim(new.id, 1)] * MANY)),
            ("start", op.FLOW_RUNS_START, StartFlowRun(waiting.id, OWNER)),
            ("propose", op.FLOW_RUNS_PROPOSE, proposal(new.id, "COMPLETED")),
        )
    }
    assert counts["journal of many"] == counts["journal of one"]
    most = {"create": 7, "journal of one": 12, "journal of many": 12, "renew": 3, "start": 5, "propose": 5}
    assert {name: count for name, count in counts.items() if count > most[name]} == {}
