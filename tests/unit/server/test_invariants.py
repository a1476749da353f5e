"""The checker of what holds after faults finds what is broken: the kill loops rely on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from support import databases
from support.invariants import check
from support.load import USERS_EVENT, Created, Ended, EventKept, LineKept, Notes, Started, TaskRunKept
from support.requests import OTHER, OWNER, batch, flow_run, line, proposal, task_run

from penstock.core import clock
from penstock.core.ids import uuid7
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.events import Event
from penstock.wire.requests import EventBatch


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Dispatcher]:
    one = Dispatcher(databases.sqlite(tmp_path))
    yield one
    one.close()


@pytest.fixture
def notes(server: Dispatcher) -> list[Notes]:
    """What was acknowledged of one run, from its start to its end."""
    run, message = flow_run(), uuid7()
    task = task_run(run.id)
    event = Event(uuid7(), clock.now(), USERS_EVENT, {"penstock.resource.id": "load"})
    server.call(op.FLOW_RUNS_CREATE, run)
    server.call(op.JOURNAL_APPEND, batch(task, line(run.id, str(message))))
    server.call(op.EVENTS_APPEND, EventBatch([event]))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED"))
    return [
        Created(run.id),
        Started(run.id, OWNER, 1),
        TaskRunKept(task.id, "COMPLETED"),
        LineKept(message),
        EventKept(event.id),
        Ended(run.id, "COMPLETED"),
    ]


def test_a_whole_record(server: Dispatcher, notes: list[Notes]) -> None:
    """Nothing is found where nothing is broken."""
    check(server.database, notes)


BREAKS = {
    "DELETE FROM flow_runs": "Flow run .* is lost",
    "DELETE FROM task_runs": "Task run .* ended as None",
    "DELETE FROM logs": "Log line .* is lost",
    "INSERT INTO logs SELECT 99, workspace_id, timestamp, level, logger, message, flow_run_id, task_run_id FROM logs": (
        "Log line .* is there 2 times"
    ),
    f"DELETE FROM events WHERE event = '{USERS_EVENT}'": "Event .* is lost",
    "DELETE FROM events WHERE event = 'penstock.flow-run.Completed'": "state without an event",
    "UPDATE events SET event = 'penstock.flow-run.Failed' WHERE event = 'penstock.flow-run.Completed'": (
        "event without a state"
    ),
    "UPDATE flow_runs SET lease_expires = end_time": "an attempt of it is live",
    "UPDATE flow_runs SET attempt = 2": "in 2 attempts",
    "UPDATE flow_runs SET state_type = 'RUNNING'": "is RUNNING, and its history ends with Completed",
    "UPDATE flow_runs SET end_time = NULL": "does not end once",
}


@pytest.mark.parametrize(("statement", "finding"), BREAKS.items(), ids=range(len(BREAKS)))
def test_a_broken_record(server: Dispatcher, notes: list[Notes], statement: str, finding: str) -> None:
    """Whatever is taken away, doubled or changed behind the server's back is found."""
    server.database.write(lambda connection: connection.execute(text(statement)))
    with pytest.raises(AssertionError, match=finding):
        check(server.database, notes)


def test_broken_promises(server: Dispatcher, notes: list[Notes]) -> None:
    """A run that was given to two processes, and one whose acknowledged end is another, are found."""
    run_id = notes[0].id
    for more, finding in (
        (Started(run_id, OTHER, 1), "was given to 2 processes"),
        (Started(run_id, OTHER, 2), "and none of them died"),
        (Ended(run_id, "FAILED"), "acknowledged as FAILED and ended as"),
        (Created(UUID(int=1)), "is lost"),
    ):
        with pytest.raises(AssertionError, match=finding):
            check(server.database, [*notes, more])
