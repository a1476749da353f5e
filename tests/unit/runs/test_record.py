"""What the record says after a run: history, timings, tags, edges, errors, logs; asked through the operations."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from support.record import flow_runs, history, logs, messages, only_flow_run, only_task_run, task_runs

from penstock import flow, get_run_logger, tags, task
from penstock.client.owner import owner_id
from penstock.client.transport import call
from penstock.testing import moving_clock
from penstock.wire import operations as o
from penstock.wire.flow_runs import FlowRun
from penstock.wire.requests import ById, FlowQuery
from penstock.wire.task_runs import TaskRun


@task(tags=["io"], retries=1)
def double(x: int) -> int:
    return 2 * x


@task
def boom(word: str) -> None:
    raise ValueError(word)


def in_order(run: FlowRun | TaskRun) -> bool:
    times = [state.timestamp for state in run.states]
    return times == sorted(times)


def test_a_flow_run_in_full() -> None:
    """Every field of a flow run, after a flow with a task."""

    @flow(name="full", flow_run_name="the run", version="v1", retries=2)
    def full(x: int, y: str = "why") -> int:
        get_run_logger().info("line")
        return double(x)

    with tags("b", "a"):
        full(3)
    run = only_flow_run()
    assert (run.flow_name, run.name, run.flow_version, run.retries, run.recoveries) == ("full", "the run", "v1", 2, 0)
    assert (run.parameters, run.tags) == ({"x": 3, "y": "why"}, ["a", "b"])
    assert history(run) == "Pending Running Completed"
    assert [state.type.value for state in run.states] == ["PENDING", "RUNNING", "COMPLETED"]
    assert run.states[-1] == run.state
    assert in_order(run)
    assert (run.run_count, run.attempt) == (1, 1)
    assert (run.start_time, run.end_time) == (run.states[1].timestamp, run.states[2].timestamp)
    assert run.expected_start == run.states[0].timestamp
    assert run.total_run_seconds == pytest.approx((run.end_time - run.start_time).total_seconds())  # type: ignore[operator]
    assert (run.parent_flow_run_id, run.parent_task_run_id, run.upstreams) == (None, None, {})
    assert (run.error, run.lease, run.result) == (None, None, None)
    flows = call(o.FLOWS_LIST, FlowQuery()).items
    assert [(one.name, one.run_count, one.id) for one in flows] == [("full", 1, run.flow_id)]


def test_a_task_run_in_full() -> None:
    """Every field of a task run, called and submitted."""

    @flow
    def around() -> int:
        with tags("b"):
            first = double(1)
            return double.submit(first + 10**6).result()

    around()
    flow_run = only_flow_run()
    runs = task_runs()
    for run in runs:
        assert (run.task_key, run.task_name) == (f"{__name__}.double", "double")
        assert (run.flow_run_id, run.flow_run_attempt, run.parent_task_run_id) == (flow_run.id, 1, None)
        assert (run.tags, run.retries, run.run_count) == (["b", "io"], 1, 1)
        assert history(run) == "Pending Running Completed"
        assert in_order(run)
        assert (run.error, run.cache_key, run.result) == (None, None, None)
        assert run.name == f"double-{run.id.hex[-3:]}"
        assert run.total_run_seconds >= 0
        assert call(o.TASK_RUNS_READ, ById(run.id)) == run
    counts = call(o.FLOW_RUNS_COUNTS, ById(flow_run.id)).by_type
    assert {kind: count for kind, count in counts.items() if count} == {"COMPLETED": 2}


def test_times_by_a_clock_that_moves() -> None:
    """Time in Running is counted without the time between two attempts."""
    with moving_clock() as clock:
        attempts: list[int] = []

        @task(retries=1, retry_delay_seconds=100)
        def slow() -> None:
            clock.move(7)
            attempts.append(1)
            if len(attempts) == 1:
                raise ValueError("again")

        @flow(retries=1, retry_delay_seconds=1000)
        def around() -> None:
            clock.move(3)
            slow()
            if len(attempts) == 2:
                raise ValueError("again")

        around()
        run, (first, second) = only_flow_run(), task_runs()
    assert history(first) == "Pending Running AwaitingRetry Retrying Completed"
    assert (first.total_run_seconds, second.total_run_seconds) == (14, 7)
    assert first.end_time is not None
    assert first.start_time is not None
    assert first.end_time - first.start_time == timedelta(seconds=114)
    assert run.total_run_seconds == (3 + 114) + (3 + 7)
    assert run.end_time is not None
    assert run.start_time is not None
    assert run.end_time - run.start_time == timedelta(seconds=3 + 114 + 1000 + 3 + 7)


def test_errors_are_kept_with_their_traceback() -> None:
    """The class with its module, the message, and a traceback that begins in the user's code."""

    class Odd(Exception):
        """An error of the program's own."""

    def deeper() -> None:
        try:
            {}["cause"]
        except KeyError as error:
            raise Odd("odd one") from error

    failing = task(name="failing")(deeper)
    with pytest.raises(Odd):
        flow(name="around")(failing.__call__)()
    for run in (only_task_run(), only_flow_run()):
        assert run.error is not None
        assert run.error.type.endswith("Odd")
        assert run.error.type.startswith(f"{__name__}.")
        assert run.error.message == "Odd: odd one"
        lines = run.error.traceback.splitlines()
        assert lines[0] == "Traceback (most recent call last):"
        assert "KeyError: 'cause'" in lines
        assert "The above exception was the direct cause of the following exception:" in lines
        assert "in deeper" in run.error.traceback
        assert "engine/" not in run.error.traceback
        assert run.state.message == "Run failed with an exception: Odd: odd one"


def test_logs_of_failures() -> None:
    """A failure is logged once for the task and once for the flow, with its traceback."""
    flow(name="f")(lambda: boom("word"))(return_state=True)
    failures = [line for line in logs() if line.message.startswith("Finished in state Failed")]
    assert [line.task_run_id is None for line in failures] == [False, True]
    for line in failures:
        assert line.message.startswith("Finished in state Failed('Run failed with an exception: ValueError: word')\n")
        assert line.message.endswith("ValueError: word")
        assert line.level == 40


def test_subflows_are_runs_of_their_own() -> None:
    """A subflow has its parent, its own tasks and its own history."""

    @flow
    def inner(x: int) -> int:
        return double(x)

    @flow
    def outer() -> int:
        return inner(1) + inner(2)

    assert outer() == 6
    parent, *children = flow_runs()
    assert [child.parent_flow_run_id for child in children] == [parent.id] * 2
    assert [child.parameters for child in children] == [{"x": 1}, {"x": 2}]
    assert [run.flow_run_id for run in task_runs()] == [child.id for child in children]
    assert [history(run) for run in flow_runs()] == ["Pending Running Completed"] * 3
    assert [run.id for run in flow_runs(roots_only=True)] == [parent.id]


def test_tasks_within_tasks_know_their_parent() -> None:
    """The parent of a called or submitted task is the task that called it."""

    @task
    def outer() -> int:
        return double(1) + double.submit(2).result()

    outer()
    parents = {run.task_name: run.parent_task_run_id for run in task_runs()}
    top = next(run for run in task_runs() if run.task_name == "outer")
    assert parents == {"outer": None, "double": top.id}
    assert {run.flow_run_id for run in task_runs()} == {None}


def test_async_runs_are_recorded_alike() -> None:
    """Gathered async tasks and subflows have whole histories of their own."""

    @task
    async def later(x: int) -> int:
        await asyncio.sleep(0)
        return x

    @flow
    async def inner(x: int) -> int:
        return await later(x)

    @flow
    async def outer() -> list[int]:
        return await asyncio.gather(*[inner(x) for x in range(3)], *[later(x) for x in range(3)])

    assert asyncio.run(outer()) == [0, 1, 2, 0, 1, 2]
    parent = next(run for run in flow_runs() if run.flow_name == "outer")
    children = [run for run in flow_runs() if run.flow_name == "inner"]
    assert {child.parent_flow_run_id for child in children} == {parent.id}
    assert [history(run) for run in flow_runs() + task_runs()] == ["Pending Running Completed"] * 10  # type: ignore[operator]
    of_children = {run.flow_run_id for run in task_runs()} - {parent.id}
    assert of_children == {child.id for child in children}


def test_ten_thousand_tasks_are_all_recorded() -> None:
    """Every run of a large map is there, whole, when the flow has ended."""

    @flow
    def large() -> int:
        return sum(double.map(range(10_000)).result())

    assert large() == 2 * sum(range(10_000))
    counts = call(o.FLOW_RUNS_COUNTS, ById(only_flow_run().id)).by_type
    assert {kind: count for kind, count in counts.items() if count} == {"COMPLETED": 10_000}


def test_while_it_runs_a_flow_run_has_a_lease() -> None:
    """Within the flow the record says that this process runs it; after it nobody does."""
    seen: list[Any] = []

    @flow
    def looks() -> None:
        seen.append(only_flow_run())

    looks()
    (run,) = seen
    assert history(run) == "Pending Running"
    assert run.lease is not None
    assert (run.lease.owner, run.lease.attempt) == (owner_id(), 1)
    assert only_flow_run().lease is None


def test_parameters_are_recorded_bounded_and_without_secrets() -> None:
    """What can't be JSON is described; names that look like secrets are hidden; a huge one is cut."""

    @flow(validate_parameters=False)
    def takes(password: str, thing: Any, large: str, several: tuple[int, ...]) -> None: ...

    takes("hunter2", object(), "x" * 10**6, (1, 2))
    recorded = only_flow_run().parameters
    assert "hunter2" not in str(recorded)
    assert recorded["several"] == [1, 2]
    assert "object" in str(recorded["thing"])
    assert len(str(recorded)) < 100_000


def test_messages_of_a_flow_in_order() -> None:
    """A flow's lines come in the order they were logged, its tasks' among them."""

    @flow(flow_run_name="r")
    def speaks() -> None:
        for number in range(5):
            get_run_logger().info("line %d", number)
            task(name="t")(lambda number=number: get_run_logger().info("task line %d", number))()

    speaks()
    lines = [line for n in range(5) for line in (f"line {n}", f"task line {n}")]
    assert messages() == ["Beginning flow run 'r' for flow 'speaks'", *lines, "Finished in state Completed()"]
