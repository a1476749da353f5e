"""Deleting a flow run deletes all that belongs to it, and nothing else."""

from __future__ import annotations

from sqlalchemy import func, select
from support.requests import batch, flow_run, line, task_run

from penstock.server.database import tables
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.requests import ById, FlowQuery, FlowRunQuery, LogQuery, TaskRunQuery


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
