"""Retention: what has been kept long enough is deleted in bounded steps, and nothing else is."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import event, func, insert, select, update
from support.requests import batch, flow_run, line, proposal, state, task_run

from penstock.core import clock
from penstock.core.ids import first_uuid7
from penstock.server.caretaker import Caretaker
from penstock.server.database.tables import LOCAL_WORKSPACE, audit, events, flow_runs, metadata
from penstock.server.dispatcher import Dispatcher
from penstock.server.loop import Turn
from penstock.server.loops.purger import Purger
from penstock.server.rules.retention import Keeping
from penstock.wire import operations as op
from penstock.wire.bulk import AuditQuery
from penstock.wire.flow_runs import FlowRunStart
from penstock.wire.requests import ById, FlowRunQuery, LogQuery, StartFlowRun, TaskRunQuery

LONG_AGO = clock.now() - timedelta(days=100)
NO_EVENTS = Keeping(events_days=0)
FOR_EVER = Keeping(0, 0, 0, 0, 0)


def _ended(server: Dispatcher, kind: str = "COMPLETED", **fields: Any) -> UUID:
    """Make a flow run that ended a hundred days ago, with two task runs and two lines of that time."""
    start = FlowRunStart("here:1:first", LONG_AGO)
    run = flow_run(states=[state("PENDING", at=LONG_AGO)], start=start, tags=["x"], **fields)
    server.call(op.FLOW_RUNS_CREATE, run)
    tasks = [_old_task(run.id) for _ in range(2)]
    lines = [line(run.id, timestamp=LONG_AGO), line(run.id, timestamp=LONG_AGO)]
    server.call(op.JOURNAL_APPEND, batch(*tasks, *lines, owner=str(run.id)))
    asked = proposal(run.id, kind)
    ended = msgspec.structs.replace(asked.proposal, state=state(kind, at=LONG_AGO))
    server.call(op.FLOW_RUNS_PROPOSE, msgspec.structs.replace(asked, proposal=ended))
    made = update(flow_runs).where(flow_runs.c.id == run.id).values(created=LONG_AGO)
    server.ledger.write(lambda connection: connection.execute(made))
    return run.id


def _old_task(flow_run_id: UUID | None = None) -> Any:
    return task_run(flow_run_id, states=[state("RUNNING", at=LONG_AGO), state("COMPLETED", at=LONG_AGO)], tags=["x"])


def _left(server: Dispatcher) -> dict[str, int]:
    def count(connection: Any) -> dict[str, int]:
        tables = [
            metadata.tables[name] for name in ("flow_runs", "task_runs", "logs", "flow_run_tags", "task_run_tags")
        ]
        return {table.name: connection.execute(select(func.count()).select_from(table)).scalar() for table in tables}

    return server.database.ask(count)


def test_what_is_past_its_time_is_deleted_with_all_that_belongs_to_it(server: Dispatcher) -> None:
    """Runs that ended long ago go, however they ended, with their task runs, lines and tags; others stay whole."""
    for kind in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
        _ended(server, kind)
    recent, live = flow_run(tags=["x"]), flow_run(states=[state("PENDING", at=LONG_AGO)])
    for run in (recent, live):
        server.call(op.FLOW_RUNS_CREATE, run)
    server.call(op.JOURNAL_APPEND, batch(_old_task(live.id), task_run(recent.id), line(recent.id)))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(recent.id, "COMPLETED"))
    purged = server.purge(NO_EVENTS, 1_000)
    assert (purged.flow_runs, purged.rows) == (4, 4 + 8 + 8)
    assert {run.id for run in server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items} == {recent.id, live.id}
    assert _left(server) == {"flow_runs": 2, "task_runs": 2, "logs": 1, "flow_run_tags": 1, "task_run_tags": 1}
    assert server.purge(NO_EVENTS, 1_000).rows == 0


def test_steps_are_bounded(server: Dispatcher) -> None:
    """Each step deletes no more rows than it may; a run goes last, after all that belongs to it."""
    for _ in range(3):
        _ended(server)
    steps = []
    while not steps or steps[-1].rows:
        steps.append(server.purge(NO_EVENTS, 4))
    assert max(step.rows for step in steps) == 4
    assert sum(step.rows for step in steps) == 3 * 5
    assert sum(step.flow_runs for step in steps) == 3
    assert set(_left(server).values()) == {0}


def test_task_runs_outside_of_flows(server: Dispatcher) -> None:
    """Those that ended long ago go with their tags; those that have not ended stay, however old they are."""
    unfinished = task_run(states=[state("RUNNING", at=LONG_AGO)])
    server.call(op.JOURNAL_APPEND, batch(_old_task(), unfinished, task_run()))
    assert server.purge(Keeping(flow_runs_days=0, logs_days=0, events_days=0), 10).rows == 1
    left = server.call(op.TASK_RUNS_LIST, TaskRunQuery()).items
    assert (len(left), unfinished.id in {run.id for run in left}) == (2, True)
    assert _left(server)["task_run_tags"] == 0


def test_lines_have_a_time_of_their_own(server: Dispatcher) -> None:
    """Old lines go, of a run that still goes on as well; where they are kept for ever, nothing goes."""
    run = flow_run()
    server.call(op.FLOW_RUNS_CREATE, run)
    server.call(op.JOURNAL_APPEND, batch(line(run.id, "old", timestamp=LONG_AGO), line(run.id, "new")))
    assert server.purge(FOR_EVER, 10).rows == 0
    assert server.purge(Keeping(logs_days=30, events_days=0), 10).rows == 1
    assert [one.message for one in server.call(op.LOGS_LIST, LogQuery()).items] == ["new"]


def test_the_loop_goes_on_until_all_is_gone(server: Dispatcher) -> None:
    """The server's loop deletes in as many steps as it takes, and can be stopped."""
    for _ in range(4):
        _ended(server)
    purger = Purger(server, NO_EVENTS, interval_seconds=0.001, batch_rows=3)
    purger.run_once(Turn(threading.Event(), lambda: True))
    assert set(_left(server).values()) == {0}
    _ended(server)
    deleted = _Signal(server)
    caretaker = Caretaker(server, [purger])
    caretaker.start()
    deleted.wait()
    caretaker.stop(10)
    assert set(_left(server).values()) == {0}


def test_events_have_a_time_of_their_own(server: Dispatcher) -> None:
    """Old events go, the newer ones stay."""
    server.call(op.FLOW_RUNS_CREATE, flow_run())

    def count(connection: Any) -> int:
        return connection.execute(select(func.count()).select_from(events)).scalar() or 0

    made = server.database.ask(count)
    server.ledger.write(
        lambda connection: connection.execute(
            update(events)
            .where(events.c.position == select(func.min(events.c.position)).scalar_subquery())
            .values(occurred=LONG_AGO)
        )
    )
    assert server.purge(Keeping(), 100).rows == 1
    assert server.database.ask(count) == made - 1


class _Signal:
    """Set when the last flow run is deleted."""

    def __init__(self, server: Dispatcher) -> None:
        self.seen = threading.Event()
        self.engine = server.database._opened()
        event.listen(self.engine, "commit", self._look)
        self.deleted = False
        event.listen(self.engine, "before_cursor_execute", self._note)

    def _note(self, connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        self.deleted = self.deleted or statement.startswith("DELETE FROM flow_runs")

    def _look(self, connection: Any) -> None:
        if self.deleted:
            self.seen.set()

    def wait(self) -> None:
        assert self.seen.wait(10)


def test_a_run_that_is_retried_meanwhile_stays(server: Dispatcher) -> None:
    """A failed run whose retry began is no longer ended, so it is not past its time."""
    run_id = _ended(server, "FAILED")
    server.call(op.FLOW_RUNS_START, StartFlowRun(run_id, "here:2:again"))
    assert server.purge(Keeping(logs_days=0, events_days=0), 100).rows == 0


def test_a_run_of_a_process_whose_clock_is_wrong_stays(server: Dispatcher) -> None:
    """A run whose process says that it ended long ago is kept for as long as the database has known of it."""
    run_id = _ended(server)
    made = update(flow_runs).where(flow_runs.c.id == run_id).values(created=clock.now())
    server.ledger.write(lambda connection: connection.execute(made))
    assert server.purge(Keeping(logs_days=0, events_days=0), 100).flow_runs == 0
    assert server.call(op.FLOW_RUNS_READ, ById(run_id)).id == run_id


def test_the_audit_has_a_time_of_its_own(server: Dispatcher) -> None:
    """What the audit says is kept for a year; where it is kept for ever, nothing goes."""
    for days in (0, 364, 366, 1_000):
        occurred = clock.now() - timedelta(days=days)
        values = {"occurred": occurred, "principal": "otter", "action": "x", "affected": 1}
        row = {"workspace_id": LOCAL_WORKSPACE, "id": first_uuid7(occurred), **values}
        server.ledger.write(lambda connection, row=row: connection.execute(insert(audit), row))
    assert server.purge(Keeping(audit_days=0), 100).rows == 0
    assert server.purge(Keeping(), 1).rows == 1
    assert server.purge(Keeping(), 100).rows == 1
    assert len(server.call(op.AUDIT_LIST, AuditQuery()).items) == 2
