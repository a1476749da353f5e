"""What happens in one microsecond has an order all the same: that of its numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID

import msgspec
import pytest
from support.requests import NOON, batch, flow_run, proposal, state, task_run

from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.events import Event, EventFilter
from penstock.wire.flow_runs import FlowRunStart
from penstock.wire.requests import ById, EventQuery, FlowRunQuery
from penstock.wire.sorts import FlowRunSort

OF_RUNS = EventFilter(events=["penstock.flow-run.*"])
STEPS = ("PAUSED", "RUNNING", "SCHEDULED", "RUNNING", "COMPLETED")


def hastened(server: Dispatcher, number: int) -> UUID:
    """Have a run go through all its states at noon, to the microsecond."""
    run = flow_run(states=[state("PENDING", at=NOON)], start=FlowRunStart("here:1:first", NOON))
    server.call(op.FLOW_RUNS_CREATE, run)
    for step, kind in enumerate(STEPS):
        asked = proposal(run.id, kind)
        at_noon = msgspec.structs.replace(asked.proposal, state=state(kind, f"{kind.capitalize()} {step}", at=NOON))
        server.call(op.FLOW_RUNS_PROPOSE, msgspec.structs.replace(asked, proposal=at_noon))
    return run.id


def told(server: Dispatcher) -> list[Event]:
    """Return all events, page by page."""
    found: list[Event] = []
    after = None
    while True:
        page = server.call(op.EVENTS_LIST, EventQuery(OF_RUNS, limit=7, after=after))
        found += page.items
        after = page.next
        if after is None:
            return found


def test_transitions_of_one_run(server: Dispatcher) -> None:
    """States of one microsecond stand in the order in which they were entered, and each event follows the one before."""
    run_id = hastened(server, 0)
    run = server.call(op.FLOW_RUNS_READ, ById(run_id))
    assert {one.timestamp for one in run.states} == {NOON}
    assert [one.type.value for one in run.states] == ["PENDING", "RUNNING", *STEPS]
    events = told(server)
    assert [event.event.rpartition(".")[2] for event in events] == [one.name for one in run.states]
    assert all(later.follows == earlier.id for earlier, later in pairwise(events))


def test_transitions_of_many_runs(server: Dispatcher) -> None:
    """Of many runs at once, every event is read once, in the order of numbers, and each run's in the order of its states."""
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: hastened(server, number), range(16)))
    events = told(server)
    assert len({event.id for event in events}) == len(events) == len(ids) * (len(STEPS) + 2)
    again = server.call(op.EVENTS_LIST, EventQuery(OF_RUNS, limit=200)).items
    assert [event.id for event in again] == [event.id for event in events]
    for run_id in ids:
        names = [one.name for one in server.call(op.FLOW_RUNS_READ, ById(run_id)).states]
        mine = [event for event in events if event.resource["penstock.resource.id"].endswith(str(run_id))]
        assert [event.event.rpartition(".")[2] for event in mine] == names


@pytest.mark.parametrize("sort", [FlowRunSort.START_TIME_ASC, FlowRunSort.START_TIME_DESC])
def test_lists_have_one_order(server: Dispatcher, sort: FlowRunSort) -> None:
    """Runs that began in one microsecond are listed page by page, each once."""
    ids = sorted(hastened(server, number) for number in range(7))
    listed: list[UUID] = []
    after = None
    while len(listed) <= len(ids):
        page = server.call(op.FLOW_RUNS_LIST, FlowRunQuery(limit=2, sort=sort, after=after))
        listed += [run.id for run in page.items]
        after = page.next
        if after is None:
            break
    assert listed == (ids if sort is FlowRunSort.START_TIME_ASC else ids[::-1])


def test_states_of_a_task_run(server: Dispatcher) -> None:
    """The history of a task run keeps its order, though all of it happened in one microsecond."""
    run = server.call(op.FLOW_RUNS_CREATE, flow_run())
    kinds = ["PENDING", "RUNNING", "SCHEDULED", "RUNNING", "COMPLETED"]
    record = task_run(run.id, states=[state(kind, at=NOON) for kind in kinds])
    server.call(op.JOURNAL_APPEND, batch(record))
    assert [one.type.value for one in server.call(op.TASK_RUNS_READ, ById(record.id)).states] == kinds
