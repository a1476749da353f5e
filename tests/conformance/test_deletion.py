"""Deleting a flow run deletes all that belongs to it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select
from support.requests import NOON, batch, flow_run, line, task_run

from penstock.core.errors import ObjectAlreadyExists, ObjectNotFound
from penstock.server.context import Context
from penstock.server.database import tables
from penstock.server.database.database import Database
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.retention import Keeping
from penstock.server.services.deletion import requests
from penstock.server.streams.feed import Feed
from penstock.server.streams.feeds.logs import LogFeed
from penstock.server.streams.feeds.task_runs import TaskRunFeed
from penstock.wire import operations as op
from penstock.wire.bulk import AuditQuery
from penstock.wire.charts import GraphQuery, TaskRunHistogramQuery
from penstock.wire.logs import LogFilter
from penstock.wire.requests import (
    ById,
    FlowQuery,
    FlowRunQuery,
    LogContextQuery,
    LogQuery,
    TaskRunCountQuery,
    TaskRunQuery,
)
from penstock.wire.task_runs import TaskRunFilter

FOR_EVER = Keeping(0, 0, 0, 0, 0)


def test_children_task_runs_and_lines_go_too(server: Dispatcher) -> None:
    """A run goes with the runs it called, to any depth, with their task runs, lines and tags."""
    root = flow_run(tags=["x"])
    child = flow_run(parent_flow_run_id=root.id, tags=["x"])
    grandchild = flow_run(parent_flow_run_id=child.id)
    other = flow_run(tags=["x"])
    for request in (root, child, grandchild, other):
        server.call(op.FLOW_RUNS_CREATE, request)
    entries = [task_run(request.id, tags=["x"]) for request in (root, child, grandchild, other)]
    lines = [line(request.id) for request in (root, child, grandchild, other)]
    server.call(op.JOURNAL_APPEND, batch(*entries, *lines))
    assert server.call(op.FLOW_RUNS_DELETE, ById(root.id)).affected == 3
    assert [run.id for run in server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items] == [other.id]
    assert [run.flow_run_id for run in server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items] == [other.id]
    assert [one.flow_run_id for one in server.call(op.LOGS_LIST, LogQuery()).items] == [other.id]
    assert [flow.run_count for flow in server.call(op.FLOWS_LIST, FlowQuery()).items] == [1]
    with server.database.read() as connection:
        for table in (tables.flow_run_tags, tables.task_run_tags):
            assert connection.execute(select(func.count()).select_from(table)).scalar() == 1


def test_many_children(server: Dispatcher) -> None:
    """More children than one statement takes go as well, and runs that name each other as parents do not hang it."""
    root = flow_run()
    children = [flow_run(parent_flow_run_id=root.id) for _ in range(450)]
    loop = flow_run(parent_flow_run_id=root.id)
    looped = flow_run(parent_flow_run_id=loop.id, id=root.id)
    for request in (looped, loop, *children):
        server.call(op.FLOW_RUNS_CREATE, request)
    assert server.call(op.FLOW_RUNS_DELETE, ById(root.id)).affected == 452
    assert server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items == []


@pytest.fixture
def hasty(database: Database) -> Dispatcher:
    """A server that leaves all but the first transaction of a deletion to the purge."""
    return Dispatcher(database, patience_seconds=0.0)


def _large(server: Dispatcher, task_runs: int = 30, lines: int = 30) -> UUID:
    run = server.call(op.FLOW_RUNS_CREATE, flow_run(tags=["x"]))
    tasks = [task_run(run.id, tags=["x"]) for _ in range(task_runs)]
    server.call(op.JOURNAL_APPEND, batch(*tasks, *[line(run.id, "needle") for _ in range(lines)], owner=str(run.id)))
    return run.id


def _left(server: Dispatcher) -> dict[str, int]:
    """Return how many rows there are that tell of flow runs; the events and the audit tell of them ever after."""
    names = ("flow_runs", "flow_run_tags", "task_runs", "task_run_tags", "logs", "deletions")
    counts = {name: select(func.count()).select_from(tables.metadata.tables[name]) for name in names}
    return server.database.ask(
        lambda connection: {name: rows for name in names if (rows := connection.execute(counts[name]).scalar_one())}
    )


@contextmanager
def _transactions(server: Dispatcher) -> Iterator[list[int]]:
    """Gather how many rows each transaction deleted of task runs and lines."""
    sizes = [0]
    engine = server.database._opened()

    def executed(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("DELETE FROM task_runs", "DELETE FROM logs")):
            sizes[-1] += cursor.rowcount

    def committed(connection: Any) -> None:
        sizes.append(0)

    event.listen(engine, "after_cursor_execute", executed)
    event.listen(engine, "commit", committed)
    yield sizes
    event.remove(engine, "after_cursor_execute", executed)
    event.remove(engine, "commit", committed)


def test_a_large_run_goes_in_small_transactions(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much belongs to a flow run, no transaction deletes more rows than it may; the request deletes them all."""
    for name in ("_FIRST_ROWS", "_FEWEST_ROWS", "_MOST_ROWS"):
        monkeypatch.setattr(requests, name, 7)
    run_id, kept = _large(server), _large(server, 1, 1)
    with _transactions(server) as sizes:
        assert server.call(op.FLOW_RUNS_DELETE, ById(run_id)).affected == 1
    assert max(sizes) == 7
    assert sum(sizes) == 60
    assert _left(server) == dict.fromkeys(("flow_runs", "flow_run_tags", "task_runs", "task_run_tags", "logs"), 1)
    assert [run.id for run in server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items] == [kept]


def test_a_small_run_goes_in_one_transaction(server: Dispatcher) -> None:
    """There is nothing to finish after an ordinary deletion, whatever becomes of its process."""
    run_id = _large(server, 2, 2)
    with _transactions(server) as sizes:
        server.call(op.FLOW_RUNS_DELETE, ById(run_id))
    assert sizes[0] == 4
    assert set(sizes[1:]) == {0}


def test_what_is_left_is_not_seen(hasty: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the first transaction on a deleted run and all of it are gone from every answer, while rows are left."""
    monkeypatch.setattr(requests, "_FIRST_ROWS", 5)
    run_id, other = _large(hasty), _large(hasty, 1, 1)
    alone = task_run(tags=["x"])
    hasty.call(op.JOURNAL_APPEND, batch(alone, line(None, "needle"), number=2))
    task = hasty.call(op.TASK_RUNS_LIST, TaskRunQuery(TaskRunFilter(flow_run_ids=[run_id]))).items[-1]
    hit = hasty.call(op.LOGS_LIST, LogQuery(LogFilter(flow_run_ids=[run_id]))).items[-1]
    assert hit.id is not None
    assert hasty.call(op.FLOW_RUNS_DELETE, ById(run_id)).affected == 1
    left = _left(hasty)
    assert (left["deletions"], left["task_runs"], left["logs"]) == (1, 32, 28)
    for operation, request in (
        (op.FLOW_RUNS_READ, ById(run_id)),
        (op.FLOW_RUNS_COUNTS, ById(run_id)),
        (op.FLOW_RUNS_GRAPH, GraphQuery(run_id)),
        (op.FLOW_RUNS_DELETE, ById(run_id)),
        (op.TASK_RUNS_READ, ById(task.id)),
        (op.TASK_RUNS_EVENTS, ById(task.id)),
        (op.LOGS_AROUND, LogContextQuery(hit.id)),
    ):
        with pytest.raises(ObjectNotFound):
            hasty.call(operation, request)
    ids = {run.id for run in hasty.call(op.TASK_RUNS_LIST, TaskRunQuery()).items}
    assert (len(ids), alone.id in ids) == (2, True)
    assert hasty.call(op.TASK_RUNS_LIST, TaskRunQuery(TaskRunFilter(flow_run_ids=[run_id]))).items == []
    assert hasty.call(op.TASK_RUNS_COUNT, TaskRunCountQuery()).count == 2
    day = TaskRunHistogramQuery(NOON - timedelta(days=1), NOON + timedelta(days=1), buckets=1)
    assert hasty.call(op.TASK_RUNS_HISTOGRAM, day).buckets[0].by_type == {"COMPLETED": 2}
    for asked in (LogFilter(), LogFilter(text="needle")):
        assert [one.flow_run_id for one in hasty.call(op.LOGS_LIST, LogQuery(asked)).items] == [other, None]
    assert [flow.run_count for flow in hasty.call(op.FLOWS_LIST, FlowQuery()).items] == [1]
    assert _fed(hasty, TaskRunFeed()) == 2
    assert _fed(hasty, LogFeed()) == 2
    with pytest.raises(ObjectAlreadyExists, match="is being deleted"):
        hasty.call(op.FLOW_RUNS_CREATE, flow_run(id=run_id))


def _fed(server: Dispatcher, feed: Feed) -> int:
    """Return how many entries a stream that begins anew gets."""
    return len(
        server.database.ask(lambda connection: feed.read(0, None, Context(connection, server.database.dialect))).entries
    )


def test_the_purge_finishes_what_is_left(hasty: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a request did not come to, the loop of a server deletes in its small steps, also where things are kept for ever."""
    monkeypatch.setattr(requests, "_FIRST_ROWS", 5)
    hasty.call(op.FLOW_RUNS_DELETE, ById(_large(hasty)))
    steps = []
    while not steps or steps[-1] == 4:
        steps.append(hasty.purge(FOR_EVER, 4).rows)
    assert len(steps) > 10
    assert _left(hasty) == {}


def test_the_next_deletion_finishes_what_is_left(
    hasty: Dispatcher, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no server purges, whoever deletes next deletes what a killed process left as well."""
    monkeypatch.setattr(requests, "_FIRST_ROWS", 5)
    hasty.call(op.FLOW_RUNS_DELETE, ById(_large(hasty)))
    assert _left(hasty)["task_runs"]
    another = Dispatcher(database)
    another.call(op.FLOW_RUNS_DELETE, ById(_large(another, 1, 1)))
    assert _left(another) == {}


def test_more_subflows_than_a_transaction_takes(hasty: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that the request does not come to are found by the purge, to any depth, and counted in the audit."""
    monkeypatch.setattr(requests, "_FIRST_ROWS", 5)
    root = hasty.call(op.FLOW_RUNS_CREATE, flow_run())
    parents = [hasty.call(op.FLOW_RUNS_CREATE, flow_run(parent_flow_run_id=root.id)).id for _ in range(12)]
    for parent in parents:
        hasty.call(op.FLOW_RUNS_CREATE, flow_run(parent_flow_run_id=parent))
    assert hasty.call(op.FLOW_RUNS_DELETE, ById(root.id)).affected == 1 + 5
    while hasty.purge(FOR_EVER, 5).rows == 5:
        pass
    assert _left(hasty) == {}
    (told,) = hasty.call(op.AUDIT_LIST, AuditQuery()).items
    assert told.affected == 1 + 12 + 12
