"""Graphs of runs that hold much are kept: never wrong of a run that has ended, and of one that goes on not for long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from support.requests import NOON, batch, flow_run, proposal, task_run

from penstock.core import clock
from penstock.core.errors import ObjectNotFound
from penstock.server.database import outbox
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.charts import graphs, kept_graphs
from penstock.testing.clock import ManualClock
from penstock.wire import operations as op
from penstock.wire.charts import Graph, GraphQuery
from penstock.wire.requests import ById
from penstock.wire.task_runs import TaskRun


@pytest.fixture
def hands() -> Iterator[ManualClock]:
    """Put a clock in use whose hands a test can move."""
    mine = ManualClock()
    replaced = clock.use(mine)
    yield mine
    clock.use(replaced)


class Drawn:
    """How often graphs were drawn."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.times = 0
        draw = kept_graphs.draw

        def counted(*values: Any) -> Graph:
            self.times += 1
            return draw(*values)

        monkeypatch.setattr(kept_graphs, "draw", counted)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Have all graphs kept, however small, and count how often one is drawn."""
    monkeypatch.setattr(graphs, "MOST_DRAWN_AT_ONCE", 0)
    return Drawn(monkeypatch)


def _run(server: Dispatcher, count: int = 3) -> tuple[UUID, list[TaskRun]]:
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    runs = [task_run(run_id, "PENDING RUNNING") for _ in range(count)]
    server.call(op.JOURNAL_APPEND, batch(*runs))
    return run_id, runs


def _ended(run: TaskRun) -> TaskRun:
    return task_run(run.flow_run_id, id=run.id)


def _graph(server: Dispatcher, run_id: UUID, **options: Any) -> Graph:
    return server.call(op.FLOW_RUNS_GRAPH, GraphQuery(run_id, **options))


def _types(graph: Graph) -> list[dict[str, int]]:
    return [node.by_type for node in graph.nodes]


def test_what_has_not_changed_is_drawn_once(server: Dispatcher, drawn: Drawn, hands: ManualClock) -> None:
    """However long ago it was drawn and whatever else is written, the answer is the same one, and of this moment."""
    run_id, _ = _run(server)
    first = _graph(server, run_id)
    hands.move(3_600)
    _run(server)
    assert _graph(server, run_id) == first
    assert (drawn.times, first.age_seconds) == (1, 0.0)
    _graph(server, run_id, nodes=20)
    _graph(server, run_id, started_after=NOON + timedelta(hours=1))
    assert drawn.times == 3  # other questions have answers of their own


def test_an_ended_run_is_never_shown_as_it_was(server: Dispatcher, drawn: Drawn, hands: ManualClock) -> None:
    """A record that comes after the end of the run is in the next answer that is not said to be old."""
    run_id, runs = _run(server)
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED"))
    _graph(server, run_id)
    server.call(op.JOURNAL_APPEND, batch(_ended(runs[0]), number=2))
    hands.move(kept_graphs.OLDEST_SECONDS + 1)
    graph = _graph(server, run_id)
    assert _types(graph) == [{"COMPLETED": 1}, {"RUNNING": 1}, {"RUNNING": 1}]
    assert graph.age_seconds == 0.0


def test_a_run_that_goes_on_is_drawn_while_nobody_waits(server: Dispatcher, drawn: Drawn, hands: ManualClock) -> None:
    """The last drawing is shown with its age, and the next one is made meanwhile."""
    run_id, runs = _run(server)
    _graph(server, run_id)
    hands.move(7)
    server.call(op.JOURNAL_APPEND, batch(_ended(runs[0]), number=2))
    old = _graph(server, run_id)
    assert (_types(old)[0], old.age_seconds) == ({"RUNNING": 1}, 7.0)
    server.graphs.close()  # returns when it is made
    new = _graph(server, run_id)
    assert (_types(new)[0], new.age_seconds, drawn.times) == ({"COMPLETED": 1}, 0.0, 2)


def test_a_run_that_goes_on_rests_between_drawings(server: Dispatcher, drawn: Drawn, hands: ManualClock) -> None:
    """What was drawn at this moment is shown as it is: a page that asks all the time does not have it drawn all the time."""
    run_id, runs = _run(server)
    _graph(server, run_id)
    server.call(op.JOURNAL_APPEND, batch(_ended(runs[0]), number=2))
    assert _types(_graph(server, run_id))[0] == {"RUNNING": 1}
    server.graphs.close()
    assert drawn.times == 1


def test_subflows_are_looked_at(
    server: Dispatcher, drawn: Drawn, hands: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A flow run that the run called and that goes on is a change, also where there are too many to look at each."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    children = [server.call(op.FLOW_RUNS_CREATE, flow_run("child", parent_flow_run_id=run_id)).id for _ in range(3)]
    for number, most in enumerate((kept_graphs.MOST_CHILDREN, 2)):
        monkeypatch.setattr(kept_graphs, "MOST_CHILDREN", most)
        _graph(server, run_id)
        server.call(op.FLOW_RUNS_PROPOSE, proposal(children[number], "COMPLETED"))
        hands.move(kept_graphs.OLDEST_SECONDS + 1)
        assert _types(_graph(server, run_id))[number] == {"COMPLETED": 1}


def test_what_is_no_longer_known_is_taken_for_a_change(
    server: Dispatcher, drawn: Drawn, hands: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only so many changes are remembered: where others came in between, a drawing that nobody asked for is made anew."""
    monkeypatch.setattr(outbox, "CHANGES_KEPT", 2)
    run_id, _ = _run(server)
    _graph(server, run_id)
    for _ in range(4):
        _run(server)
        _graph(server, run_id)
    assert drawn.times == 1  # it was asked for, so it is known of each change whether it was of this run
    for _ in range(4):
        _run(server)
    hands.move(kept_graphs.OLDEST_SECONDS + 1)
    assert _graph(server, run_id).age_seconds == 0.0
    assert drawn.times == 2


def test_graphs_are_kept_within_a_bound(
    server: Dispatcher, drawn: Drawn, hands: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that was not asked for the longest goes first; one that is larger than the bound is kept alone."""
    monkeypatch.setattr(kept_graphs, "MOST_KEPT", 6)
    run_ids = [_run(server)[0] for _ in range(3)]
    for number in (0, 1, 0, 2, 0, 1):
        _graph(server, run_ids[number])
    assert drawn.times == 4
    large, _ = _run(server, 7)
    for _ in range(2):
        _graph(server, large)
    assert drawn.times == 5


def test_a_deleted_run_has_no_graph(server: Dispatcher, drawn: Drawn, hands: ManualClock) -> None:
    """What is kept of a run that is deleted is shown to nobody."""
    run_id, _ = _run(server)
    _graph(server, run_id)
    server.call(op.FLOW_RUNS_DELETE, ById(run_id))
    with pytest.raises(ObjectNotFound):
        _graph(server, run_id)
