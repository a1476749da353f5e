"""Random graphs of tasks, with failures, retries, allowed failures and nested submits, against a plain evaluation."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.record import flow_run, fresh_record, task_runs

from penstock import allow_failure, flow, runtime, task
from penstock.exceptions import UpstreamTaskError
from penstock.futures import PenstockFuture, as_completed, wait
from penstock.task_runners import ThreadPoolTaskRunner
from penstock.wire.flow_runs import FlowRun
from penstock.wire.task_runs import TaskRun

PATIENCE_SECONDS = 60
WORTH_OF_A_FAILURE = 1000


class Refused(Exception):
    """What a task raises that is to fail."""


@dataclass(frozen=True)
class Node:
    """One task of a graph.

    Attributes:
        upstreams: which earlier nodes it is given the results of, by how far back they are.
        waits: which earlier nodes it waits for without taking their results.
        tolerant: whether it allows its upstreams to fail.
        failures: how many times it fails before it succeeds.
        retries: how many times it is tried again.
        children: how many tasks it submits, and waits for, when it succeeds.
        is_async: whether it is an async task.
        way: whether it is submitted, submitted and waited for at once, or called.
    """

    upstreams: tuple[int, ...]
    waits: tuple[int, ...]
    tolerant: bool
    failures: int
    retries: int
    children: int
    is_async: bool
    way: str


def nodes() -> st.SearchStrategy[Node]:
    back = st.lists(st.integers(1, 6), max_size=3).map(tuple)
    return st.builds(
        Node,
        upstreams=back,
        waits=st.one_of(st.just(()), back),
        tolerant=st.booleans(),
        failures=st.sampled_from([0, 0, 0, 1, 2]),
        retries=st.sampled_from([0, 0, 1, 2]),
        children=st.sampled_from([0, 0, 0, 1, 3]),
        is_async=st.booleans(),
        way=st.sampled_from(["submit", "submit", "submit and wait", "call"]),
    )


@dataclass
class Graph:
    """Nodes, each of which depends on earlier ones only; all that lie before the first are left out."""

    nodes: list[Node]
    attempts: dict[int, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def upstreams(self, index: int) -> list[int]:
        return [index - back for back in self.nodes[index].upstreams if back <= index]

    def waits(self, index: int) -> list[int]:
        return [index - back for back in self.nodes[index].waits if back <= index]

    def attempt(self, index: int) -> int:
        """Count an attempt of a node, and return which one it is."""
        with self.lock:
            self.attempts[index] = self.attempts.get(index, 0) + 1
            return self.attempts[index]


def worth(value: Any) -> int:
    return WORTH_OF_A_FAILURE if isinstance(value, BaseException) else value


def evaluated(graph: Graph) -> list[tuple[str, int]]:
    """Return what each node must come to, by plain evaluation: its kind of ending and its value."""
    outcomes: list[tuple[str, int]] = []
    for index, node in enumerate(graph.nodes):
        given = [outcomes[one] for one in graph.upstreams(index)]
        needed = [outcomes[one] for one in graph.waits(index)]
        if not node.tolerant and any(kind != "completed" for kind, _ in given + needed):
            outcomes.append(("not ready", WORTH_OF_A_FAILURE))
        elif node.failures > node.retries:
            outcomes.append(("failed", WORTH_OF_A_FAILURE))
        else:
            outcomes.append(("completed", index + sum(value for _, value in given) + sum(range(node.children))))
    return outcomes


@task
def child(number: int) -> int:
    return number


def collected(futures: list[PenstockFuture[int]], style: int) -> int:
    """Wait for tasks that a task submitted, in one of the ways there are."""
    if style == 0:
        return sum(future.result() for future in futures)
    if style == 1:
        return sum(future.result() for future in as_completed(futures))
    return sum(future.result() for future in wait(futures, timeout=PATIENCE_SECONDS).done)


def work(graph: Graph, index: int, given: list[Any]) -> int:
    node = graph.nodes[index]
    if graph.attempt(index) <= node.failures:
        raise Refused(index)
    assert runtime.task_run.run_count == node.failures + 1
    below = [child.submit(number) for number in range(node.children)]
    return index + sum(map(worth, given)) + collected(below, index % 3)


def started(graph: Graph, index: int, futures: list[Any]) -> Any:
    """Start the task of a node; return its future, or its state where it was called."""
    node = graph.nodes[index]
    given: Any = [futures[one] for one in graph.upstreams(index)]
    needed: Any = [futures[one] for one in graph.waits(index)]
    if node.tolerant:
        given, needed = allow_failure(given), [allow_failure(one) for one in needed]

    def plain(given: list[Any]) -> int:
        return work(graph, index, given)

    async def later(given: list[Any]) -> int:
        return work(graph, index, given)

    is_called = node.way == "call"
    one = task(name=f"node-{index}", retries=node.retries)(later if node.is_async and not is_called else plain)
    if is_called:
        return one(given, wait_for=needed, return_state=True)
    future = one.submit(given, wait_for=needed)
    if node.way == "submit and wait":
        future.wait()
    return future


def run_in_time(graph: Graph, workers: int) -> tuple[str, list[Any]]:
    """Run the graph as a flow; return the flow run's id and the final states. Fail where it does not end."""

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=workers))
    def graph_flow() -> tuple[str, list[Any]]:
        started_ones: list[Any] = []
        for index in range(len(graph.nodes)):
            started_ones.append(started(graph, index, started_ones))
        states = []
        for one in started_ones:
            if isinstance(one, PenstockFuture):
                one.wait()
                states.append(one.state)
            else:
                states.append(one)
        kept.append((runtime.flow_run.id, states))

    kept: list[Any] = []
    thread = threading.Thread(target=graph_flow, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive(), "the flow did not end"
    return kept[0]


def check_history(run: FlowRun | TaskRun) -> None:
    """A history begins with Pending, has one final state, its last, and does not go back in time."""
    kinds = [state.type for state in run.states]
    assert kinds[0].value == "PENDING"
    assert [kind.is_terminal for kind in kinds] == [False] * (len(kinds) - 1) + [True]
    times = [state.timestamp for state in run.states]
    assert times == sorted(times)
    assert run.run_count == sum(kind.value == "RUNNING" for kind in kinds)
    names = [state.name for state in run.states[1:-1]]
    assert names == ["Running", *["Retrying"] * (len(names) - 1)] * bool(names)


def check_recorded(graph: Graph, flow_run_id: str, expected: list[tuple[str, int]]) -> None:
    """The record has every task run once, with a legal history of as many attempts as were made."""
    run = flow_run(flow_run_id)
    check_history(run)
    runs = task_runs(flow_run_ids=[run.id])
    by_node = {one.task_name: one for one in runs if one.task_name != "child"}
    completed = [index for index, (kind, _) in enumerate(expected) if kind == "completed"]
    assert len(runs) == len(graph.nodes) + sum(graph.nodes[index].children for index in completed)
    for one in runs:
        check_history(one)
    for index, (kind, _) in enumerate(expected):
        recorded, node = by_node[f"node-{index}"], graph.nodes[index]
        names = {"completed": "Completed", "failed": "Failed", "not ready": "NotReady"}
        assert recorded.state.name == names[kind]
        assert recorded.run_count == graph.attempts.get(index, 0)
        if kind != "not ready":
            assert recorded.run_count == min(node.failures, node.retries) + 1
        assert set(recorded.upstreams) <= {"given", "wait_for"}
        given = {by_node[f"node-{one}"].id for one in graph.upstreams(index)}
        assert set(recorded.upstreams.get("given", [])) == given
        needed = {by_node[f"node-{one}"].id for one in graph.waits(index)}
        assert set(recorded.upstreams.get("wait_for", [])) == needed


@pytest.mark.hypothesis  # the plugin looks at the test only, not at what stands within
def test_random_graphs_end_as_plain_evaluation_says() -> None:
    """Whatever the graph and the number of threads: all tasks end, once, with the right value or failure, recorded."""

    @settings(max_examples=max(120, settings.default.max_examples))
    @given(graph=st.lists(nodes(), min_size=1, max_size=25), workers=st.integers(1, 4))
    def check(graph: list[Node], workers: int) -> None:
        whole = Graph(graph)
        expected = evaluated(whole)
        flow_run_id, states = run_in_time(whole, workers)
        for (kind, value), state in zip(expected, states, strict=True):
            assert state.is_final()
            got = state.result(raise_on_failure=False)
            if kind == "completed":
                assert (state.name, got) == ("Completed", value)
            else:
                assert type(got) is (Refused if kind == "failed" else UpstreamTaskError)
        check_recorded(whole, flow_run_id, expected)

    with fresh_record():
        check()
