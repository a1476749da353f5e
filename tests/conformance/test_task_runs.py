"""Task runs, found and counted."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from support.requests import NOON, batch, flow_run, state, task_run

from penstock.core.errors import InvalidRequest
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.requests import ById, TaskRunQuery
from penstock.wire.sorts import TaskRunSort
from penstock.wire.task_runs import TaskRunFilter


def _ids(server: Dispatcher, **condition: object) -> list[UUID]:
    page = server.call(op.TASK_RUNS_LIST, TaskRunQuery(TaskRunFilter(**condition)))  # type: ignore[arg-type]
    return [run.id for run in page.items]


def test_filters(server: Dispatcher) -> None:
    """Each condition finds what it says; the oldest come first."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    done = task_run(run_id, name="Load", tags=["x", "y"])
    cached = task_run(run_id, task_key="module.other", states=[state("COMPLETED", "Cached", NOON)], tags=["y"])
    failed = task_run(name="éclair", states=[state("RUNNING", at=NOON + timedelta(hours=1)), state("FAILED")])
    running = task_run(kinds="PENDING RUNNING")
    server.call(op.JOURNAL_APPEND, batch(done, cached, failed, running))
    everything = [done.id, cached.id, failed.id, running.id]
    assert _ids(server) == everything
    assert _ids(server, ids=[running.id, done.id]) == [done.id, running.id]
    assert _ids(server, flow_run_ids=[run_id]) == [done.id, cached.id]
    assert _ids(server, name_like="OA") == [done.id]
    assert _ids(server, name_like="ÉC") == [failed.id]
    assert _ids(server, task_keys=["module.other"]) == [cached.id]
    assert _ids(server, state_types=[StateType.FAILED, StateType.RUNNING]) == [failed.id, running.id]
    assert _ids(server, state_types=[StateType.COMPLETED]) == [done.id, cached.id]
    assert _ids(server, state_names=["Cached"]) == [cached.id]
    assert _ids(server, state_names=["Completed", "Failed"]) == [done.id, failed.id]
    assert _ids(server, tags_all=["x", "y"]) == [done.id]
    assert _ids(server, tags_any=["x", "y"]) == [done.id, cached.id]
    assert _ids(server, started_after=NOON + timedelta(seconds=1)) == [done.id, running.id, failed.id]
    assert _ids(server, started_before=NOON + timedelta(minutes=1)) == [done.id, running.id]
    newest = server.call(op.TASK_RUNS_LIST, TaskRunQuery(sort=TaskRunSort.ID_DESC)).items
    assert [run.id for run in newest] == everything[::-1]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("bounded_start", [False, True])
def test_pages(server: Dispatcher, newest_first: bool, bounded_start: bool) -> None:
    """Pages follow each other without a gap or a repeat, in both directions."""
    runs = [task_run() for _ in range(10)]
    server.call(op.JOURNAL_APPEND, batch(*runs))
    condition = TaskRunFilter(started_after=NOON) if bounded_start else TaskRunFilter()
    order = TaskRunSort(f"{'START_TIME' if bounded_start else 'ID'}_{'DESC' if newest_first else 'ASC'}")
    seen: list[UUID] = []
    cursor = None
    for _ in range(4):
        page = server.call(op.TASK_RUNS_LIST, TaskRunQuery(condition, 3, cursor, order))
        seen += [run.id for run in page.items]
        cursor = page.next
    assert cursor is None
    assert seen == [run.id for run in runs][:: -1 if newest_first else 1]
    with pytest.raises(InvalidRequest, match="from 1 to 200"):
        server.call(op.TASK_RUNS_LIST, TaskRunQuery(limit=1000))


def test_counts(server: Dispatcher) -> None:
    """Task runs are counted by the type of their state; a count stops at 10,000."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    others = [task_run(run_id, kinds) for kinds in ("RUNNING FAILED", "RUNNING", "RUNNING FAILED")]
    server.call(op.JOURNAL_APPEND, batch(*others))
    assert server.call(op.FLOW_RUNS_COUNTS, ById(run_id)).by_type == {"FAILED": 2, "RUNNING": 1}
    for number in range(2):
        server.call(op.JOURNAL_APPEND, batch(*[task_run(run_id) for _ in range(6_000)], number=number))
    by_type = server.call(op.FLOW_RUNS_COUNTS, ById(run_id)).by_type
    assert by_type == {"COMPLETED": 10_000, "FAILED": 2, "RUNNING": 1}
