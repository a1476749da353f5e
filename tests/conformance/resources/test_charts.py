"""What is drawn of many runs: histograms and graphs, bounded however many runs there are."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from support.requests import NOON, batch, flow_run, state, task_run

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.charts import histograms
from penstock.wire import operations as op
from penstock.wire.charts import (
    EdgeKind,
    FlowRunHistogramQuery,
    Graph,
    GraphQuery,
    NodeKind,
    RunTime,
    TaskRunHistogramQuery,
)
from penstock.wire.flow_runs import FlowRunFilter
from penstock.wire.task_runs import TaskRun, TaskRunFilter

HOUR = timedelta(hours=1)


def _started(at: datetime, kind: str = "COMPLETED", **fields: Any) -> TaskRun:
    return task_run(states=[state("RUNNING", at=at), state(kind, at=at + HOUR)], **fields)


def test_flow_runs_over_time(server: Dispatcher) -> None:
    """Flow runs are counted by the stretch of time in which they started, or ended, and the type of their state."""
    for hours, kind in ((0, "FAILED"), (0, "COMPLETED"), (0.999, "COMPLETED"), (2, "COMPLETED"), (3, "COMPLETED")):
        at = NOON + hours * HOUR
        states = [state("PENDING", at=at), state("RUNNING", at=at), state(kind, at=at + HOUR)]
        server.call(op.FLOW_RUNS_CREATE, flow_run(owner=None, states=states[:1] + states[1:]))
    server.call(op.FLOW_RUNS_CREATE, flow_run(owner=None))  # has not started: it is left out
    asked = FlowRunHistogramQuery(NOON, NOON + 3 * HOUR, 3)
    answer = server.call(op.FLOW_RUNS_HISTOGRAM, asked)
    assert [bucket.by_type for bucket in answer.buckets] == [{"FAILED": 1, "COMPLETED": 2}, {}, {"COMPLETED": 1}]
    assert [bucket.start for bucket in answer.buckets] == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert (answer.bucket_seconds, answer.counted_from) == (3600.0, None)
    by_end = FlowRunHistogramQuery(NOON, NOON + 3 * HOUR, 3, RunTime.END_TIME)
    answer = server.call(op.FLOW_RUNS_HISTOGRAM, by_end)
    assert [bucket.by_type for bucket in answer.buckets] == [{}, {"FAILED": 1, "COMPLETED": 2}, {}]
    failed = FlowRunFilter(state_types=[StateType.FAILED])
    answer = server.call(op.FLOW_RUNS_HISTOGRAM, FlowRunHistogramQuery(NOON, NOON + HOUR, 1, filter=failed))
    assert [bucket.by_type for bucket in answer.buckets] == [{"FAILED": 1}]


def test_task_runs_over_time(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Task runs are counted too; where there are too many, the newest are, and it is said from when on."""
    runs = [_started(NOON + minute * timedelta(minutes=1)) for minute in range(120)]
    server.call(op.JOURNAL_APPEND, batch(*runs))
    asked = TaskRunHistogramQuery(NOON, NOON + 2 * HOUR, 2, TaskRunFilter(task_names=["double"]))
    answer = server.call(op.TASK_RUNS_HISTOGRAM, asked)
    assert [bucket.by_type for bucket in answer.buckets] == [{"COMPLETED": 60}, {"COMPLETED": 60}]
    monkeypatch.setattr(histograms, "MOST_COUNTED", 89)
    answer = server.call(op.TASK_RUNS_HISTOGRAM, asked)
    assert [bucket.by_type for bucket in answer.buckets] == [{"COMPLETED": 30}, {"COMPLETED": 60}]
    assert answer.counted_from == NOON + timedelta(minutes=30)


def test_all_are_counted_as_each_is(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted along the index without a filter, or one by one with a filter that means all: the numbers are the same."""
    kinds = ("COMPLETED", "FAILED", "COMPLETED", "CANCELLED", "COMPLETED", "CRASHED", "RUNNING")
    for number in range(90):
        at = NOON + (number * number) * timedelta(seconds=7)
        kind = kinds[number % len(kinds)]
        states = [state("RUNNING", at=at), *([] if kind == "RUNNING" else [state(kind, at=at + HOUR)])]
        server.call(op.JOURNAL_APPEND, batch(task_run(states=states)))
        if kind != "RUNNING":
            server.call(op.FLOW_RUNS_CREATE, flow_run(owner=None, states=states))
    server.call(op.JOURNAL_APPEND, batch(task_run(kinds="PENDING")))  # has not started: it is left out
    for most in (histograms.MOST_COUNTED, 40):
        monkeypatch.setattr(histograms, "MOST_COUNTED", most)
        for after, hours, buckets in ((NOON, 20, 60), (NOON + HOUR, 7, 11), (NOON - HOUR, 1, 3), (NOON, 1, 1)):
            # Not a whole number of microseconds a bucket: the last one takes what is left.
            before = after + hours * HOUR + timedelta(microseconds=1)
            each, all_ = (
                server.call(op.TASK_RUNS_HISTOGRAM, TaskRunHistogramQuery(after, before, buckets, meant))
                for meant in (TaskRunFilter(all=[]), TaskRunFilter())
            )
            assert all_ == each
            for by in RunTime:
                each, all_ = (
                    server.call(op.FLOW_RUNS_HISTOGRAM, FlowRunHistogramQuery(after, before, buckets, by, meant))
                    for meant in (FlowRunFilter(all=[]), FlowRunFilter())
                )
                assert all_ == each


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (FlowRunHistogramQuery(NOON, NOON + HOUR, 501), "from 1 to 500 buckets"),
        (FlowRunHistogramQuery(NOON, NOON + HOUR, 0), "from 1 to 500 buckets"),
        (FlowRunHistogramQuery(NOON, NOON), "no time for 60 buckets"),
        (FlowRunHistogramQuery(NOON + HOUR, NOON), "no time for 60 buckets"),
        (FlowRunHistogramQuery(NOON.replace(tzinfo=None), NOON), "time zone"),
    ],
)
def test_a_histogram_that_makes_no_sense_is_refused(
    server: Dispatcher, query: FlowRunHistogramQuery, said: str
) -> None:
    """No buckets, too many, no time for them, or no instants: refused with what to do."""
    with pytest.raises(InvalidRequest, match=said):
        server.call(op.FLOW_RUNS_HISTOGRAM, query)


def _graph(server: Dispatcher, flow_run_id: UUID, **options: Any) -> Graph:
    return server.call(op.FLOW_RUNS_GRAPH, GraphQuery(flow_run_id, **options))


def test_a_small_graph_has_a_node_a_run(server: Dispatcher) -> None:
    """Each run is a node with its name and times; edges say what came from what, and what called what."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    load = _started(NOON, name="load-0", flow_run_id=run_id, flow_run_attempt=1)
    child = flow_run("report", name="child", parent_flow_run_id=run_id)
    sums = _started(
        NOON + HOUR,
        "FAILED",
        name="sum-0",
        flow_run_id=run_id,
        flow_run_attempt=1,
        upstreams={"x": [load.id, child.id]},
    )
    inner = task_run(run_id, "PENDING", name="inner-0", parent_task_run_id=sums.id)
    server.call(op.FLOW_RUNS_CREATE, child)
    server.call(op.JOURNAL_APPEND, batch(sums, load, inner, task_run()))
    graph = _graph(server, run_id)
    assert [(node.name, node.count, node.by_type) for node in graph.nodes] == [
        ("load-0", 1, {"COMPLETED": 1}),
        ("sum-0", 1, {"FAILED": 1}),
        ("inner-0", 1, {"PENDING": 1}),
        ("child", 1, {"RUNNING": 1}),
    ]
    assert [node.first for node in graph.nodes] == [load.id, sums.id, inner.id, child.id]
    assert (graph.nodes[0].start_time, graph.nodes[0].end_time) == (NOON, NOON + HOUR)
    assert graph.nodes[2].start_time is None
    assert {(edge.kind, edge.source, edge.target, edge.count) for edge in graph.edges} == {
        (EdgeKind.UPSTREAM, 0, 1, 1),
        (EdgeKind.UPSTREAM, 3, 1, 1),
        (EdgeKind.CALL, 1, 2, 1),
    }
    assert (graph.runs, graph.is_grouped, graph.is_capped) == (4, False, False)


def test_a_large_graph_is_grouped(server: Dispatcher) -> None:
    """Mapped task runs share nodes by task and time; nothing is lost in the sums, and edges join the groups."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    first = [
        task_run(run_id, task_key="m.load", task_name="load", states=[state("RUNNING", at=NOON), state("COMPLETED")])
        for _ in range(3_000)
    ]
    second = [
        task_run(run_id, "PENDING", task_key="m.parse", task_name="parse", upstreams={"page": [one.id]})
        for one in first
    ]
    last = task_run(
        run_id, "PENDING", task_key="m.sum", task_name="sum", name="sum-0", upstreams={"n": [one.id for one in second]}
    )
    subflows = [flow_run("report", parent_flow_run_id=run_id, parent_task_run_id=last.id) for _ in range(20)]
    for number, runs in enumerate((first, second, [last]), 1):
        server.call(op.JOURNAL_APPEND, batch(*runs, number=number))
    for one in subflows:
        server.call(op.FLOW_RUNS_CREATE, one)
    graph = _graph(server, run_id, nodes=10)
    assert (graph.runs, graph.is_grouped, graph.is_capped) == (6_021, True, False)
    # By name: what was created in the course of the test may lie in two steps of time, and so in two groups.
    counts: Counter[str] = Counter()
    for node in graph.nodes:
        counts[node.name] += node.count
    assert counts == {"load": 3_000, "parse": 3_000, "sum-0": 1, "report": 20}
    assert {node.kind for node in graph.nodes if node.name == "report"} == {NodeKind.FLOW_RUNS}
    edges: Counter[tuple[EdgeKind, str, str]] = Counter()
    for edge in graph.edges:
        edges[edge.kind, graph.nodes[edge.source].name, graph.nodes[edge.target].name] += edge.count
    assert edges == {
        (EdgeKind.UPSTREAM, "load", "parse"): 3_000,
        (EdgeKind.UPSTREAM, "parse", "sum-0"): 3_000,
        (EdgeKind.CALL, "sum-0", "report"): 20,
    }


def test_a_part_of_a_graph(server: Dispatcher) -> None:
    """Bounds of the start show a part of a run more closely."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    runs = [_started(NOON + hours * HOUR, flow_run_id=run_id, flow_run_attempt=1) for hours in range(5)]
    server.call(op.JOURNAL_APPEND, batch(*runs))
    graph = _graph(server, run_id, started_after=NOON + HOUR, started_before=NOON + 3 * HOUR)
    assert [node.first for node in graph.nodes] == [runs[1].id, runs[2].id]


def test_a_graph_that_makes_no_sense_is_refused(server: Dispatcher) -> None:
    """Too few or too many nodes, and a flow run that is not there, are refused."""
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run()).id
    for nodes in (9, 2_001):
        with pytest.raises(InvalidRequest, match="from 10 to 2000 nodes"):
            _graph(server, run_id, nodes=nodes)
    with pytest.raises(ObjectNotFound):
        _graph(server, uuid7())
