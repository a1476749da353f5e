"""Tasks that submit tasks and wait for them: no thread of a small pool may be left waiting for another."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from support.record import task_runs

from penstock import allow_failure, flow, task
from penstock.exceptions import CircularFutures
from penstock.futures import PenstockFuture, as_completed, wait
from penstock.task_runners import ThreadPoolTaskRunner

PATIENCE_SECONDS = 60


@task
def add(x: int, y: int = 1) -> int:
    return x + y


def in_flow(function: Callable[[], Any], workers: int) -> Any:
    """Return what `function` returns within a flow of so many threads; fail where it does not end."""

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=workers))
    def around() -> Any:
        return function()

    outcome: list[Any] = []

    def run() -> None:
        try:
            outcome.append((around(), None))
        except Exception as error:
            outcome.append((None, error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive(), "the flow did not end: its threads wait for one another"
    value, error = outcome[0]
    if error is not None:
        raise error
    return value


@task
def tree(depth: int, collect: Callable[[list[PenstockFuture[int]]], int]) -> int:
    return 1 if depth == 0 else collect([tree.submit(depth - 1, collect) for _ in range(3)])


def in_order(futures: list[PenstockFuture[int]]) -> int:
    return sum(future.result() for future in futures)


def backwards(futures: list[PenstockFuture[int]]) -> int:
    return sum(future.result() for future in reversed(futures))


def patiently(futures: list[PenstockFuture[int]]) -> int:
    return sum(future.result(timeout=PATIENCE_SECONDS) for future in futures)


def together(futures: list[PenstockFuture[int]]) -> int:
    return len(wait(futures).done) * futures[0].result()


def as_they_end(futures: list[PenstockFuture[int]]) -> int:
    return sum(future.result() for future in as_completed(futures))


def as_they_end_in_time(futures: list[PenstockFuture[int]]) -> int:
    return sum(future.result() for future in as_completed(futures, timeout=PATIENCE_SECONDS))


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("collect", [in_order, backwards, patiently, together, as_they_end, as_they_end_in_time])
def test_tasks_submit_and_wait_five_deep(workers: int, collect: Callable[[list[PenstockFuture[int]]], int]) -> None:
    """A tree of tasks five deep ends on four threads, and on one, however the tasks wait."""
    assert in_flow(lambda: tree.submit(5, collect).result(), workers) == 3**5


@task
async def async_tree(depth: int, awaits: bool) -> int:
    await asyncio.sleep(0)
    if depth == 0:
        return 1
    futures = [async_tree.submit(depth - 1, awaits) for _ in range(2)]
    if awaits:
        return sum(await asyncio.gather(*[async_add(future) for future in futures]))
    return sum(future.result() for future in futures)


@task
async def async_add(x: int) -> int:
    return x


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("awaits", [True, False])
def test_async_tasks_submit_and_wait_five_deep(workers: int, awaits: bool) -> None:
    """The same with async tasks, which wait by `result()` or by awaiting a task that is given the future."""
    assert in_flow(lambda: async_tree.submit(5, awaits).result(), workers) == 2**5


def test_a_task_waits_in_a_thread_of_its_own_for_a_task_of_its_pool() -> None:
    """A task that waits by `asyncio.to_thread` has its thread stood in for as well."""

    @task
    async def parent() -> int:
        return await asyncio.to_thread(add.submit(1).result)

    assert in_flow(lambda: parent.submit().result(), 1) == 2


def test_a_sync_task_may_run_an_event_loop_although_an_async_one_waits_for_it() -> None:
    """A task that is waited for from a running event loop is not run on top of it, where `asyncio.run` is refused."""

    @task
    def runs_a_loop() -> str:
        return asyncio.run(asyncio.sleep(0, "ran"))

    @task
    async def parent() -> str:
        return runs_a_loop.submit().result()

    assert in_flow(lambda: parent.submit().result(), 1) == "ran"


@pytest.mark.parametrize("workers", [1, 4])
def test_flows_in_tasks_share_futures_with_the_pool_around_them(workers: int) -> None:
    """A flow called by a task may wait, in its own pool, for tasks that are queued in the pool around it."""

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=1))
    def inner(future: PenstockFuture[int], waits: bool) -> int | None:
        submitted = add.submit(allow_failure(future))
        return submitted.result() if waits else None

    @task
    def calls_a_flow(waits: bool) -> int | None:
        queued = [add.submit(n) for n in range(5)]

        @flow(task_runner=ThreadPoolTaskRunner(max_workers=1))
        def over_a_closure() -> int | None:
            return inner.fn(queued[-1], waits)

        return over_a_closure()

    assert in_flow(lambda: calls_a_flow.submit(True).result(), workers) == 6
    assert in_flow(lambda: calls_a_flow.submit(False).result(), workers) is None


def test_nesting_is_only_bounded_by_the_setting() -> None:
    """Tasks may submit and wait ninety deep: Python's own limit on recursion is not met before ours."""

    @task
    def down(depth: int) -> int:
        return depth if depth == 90 else down.submit(depth + 1).result()

    assert in_flow(lambda: down.submit(1).result(), 2) == 90


def test_a_chain_a_diamond_and_a_fan_of_ten_thousand_end_on_four_threads() -> None:
    """10,000 tasks each in a chain, in diamonds and in a fan; then a chain that a task waits for from within the pool."""

    def chain(length: int) -> PenstockFuture[int]:
        future = add.submit(0)
        for _ in range(length - 1):
            future = add.submit(future)
        return future

    def diamonds() -> int:
        left = right = add.submit(0, 0)
        for _ in range(5000):
            left, right = add.submit(left, 0), add.submit(right, 0)
            left = right = add.submit(left, 1) if _ % 1000 == 0 else left
        return left.result() + right.result()

    @task
    def from_within() -> int:
        return chain(3000).result()

    @task
    def total(values: list[int]) -> int:
        return sum(values)

    assert in_flow(lambda: chain(10_000).result(), 4) == 10_000
    assert in_flow(diamonds, 4) == 10
    assert in_flow(lambda: total.submit(add.map(range(10_000), 0)).result(), 4) == sum(range(10_000))
    assert in_flow(lambda: from_within.submit().result(), 1) == 3000


def test_ten_thousand_futures_as_they_complete() -> None:
    """`as_completed` over 10,000 futures yields each once, and takes no time that grows with their square."""

    @flow
    def fan() -> int:
        gate = threading.Event()

        @task
        def held(n: int) -> int:
            gate.wait(PATIENCE_SECONDS)
            return n

        futures = [held.submit(n) for n in range(10_000)]
        ending = as_completed(futures)
        gate.set()
        return len({future.result() for future in ending})

    assert fan() == 10_000


def test_a_task_that_waits_for_itself_is_told() -> None:
    """Two tasks that ask for each other's result: one of them fails with an error that says so, and both end."""
    futures: dict[str, PenstockFuture[Any]] = {}
    submitted = threading.Event()

    @task
    def asks(name: str) -> Any:
        submitted.wait(PATIENCE_SECONDS)
        return futures[name].result()

    def circle(*names: str) -> list[Any]:
        submitted.clear()
        for name, other in zip(names, names[1:] + names[:1], strict=True):
            futures[name] = asks.submit(other)
        submitted.set()
        return [futures[name].result(raise_on_failure=False) for name in names]

    for names in (("a",), ("a", "b"), ("a", "b", "c", "d", "e", "f")):
        for workers in (1, 2, 6):
            errors = in_flow(lambda names=names: circle(*names), workers)
            assert {type(error) for error in errors} == {CircularFutures}
            assert "would wait for itself" in str(errors[0])


def test_a_circle_through_arguments_is_told() -> None:
    """A task that asks for the result of one which is given its own future can't be served, and is told."""

    @task
    def parent(holder: list[PenstockFuture[int]], ready: threading.Event) -> int:
        ready.wait(PATIENCE_SECONDS)
        return add.submit(holder.pop()).result()

    def circle() -> Any:
        holder: list[PenstockFuture[int]] = []
        ready = threading.Event()
        future = parent.submit(holder, ready)
        holder.append(future)
        ready.set()
        return future.result(raise_on_failure=False)

    for workers in (1, 4):
        error = in_flow(circle, workers)
        assert isinstance(error, CircularFutures)
        assert "Pass the values it needs as arguments instead." in str(error)


def test_a_task_run_on_top_of_another_knows_its_parent() -> None:
    """Submitted tasks are children of the task that submitted them, whichever thread ran them."""

    @task
    def child(n: int) -> int:
        return n

    @task
    def parent() -> int:
        return child.submit(1).result() + child.submit(2).result()

    in_flow(lambda: parent.submit().result(), 1)
    above, *below = task_runs()
    assert above.parent_task_run_id is None
    assert {one.parent_task_run_id for one in below} == {above.id}
