"""Flows and tasks that yield, sync and async: taken in full, in part, sent to, thrown into, submitted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator
from typing import Any

import pytest
from support.record import history, only_flow_run, only_task_run, task_runs

from penstock import flow, runtime, tags, task
from penstock.context import FlowRunContext, TaskRunContext
from penstock.states import Completed

cleaned: list[str] = []


@pytest.fixture(autouse=True)
def _forget_cleaned() -> None:
    cleaned.clear()


@task
def count(n: int) -> Iterator[int]:
    try:
        yield from range(n)
    finally:
        cleaned.append("task")


@task
async def acount(n: int) -> AsyncIterator[int]:
    try:
        for number in range(n):
            await asyncio.sleep(0)
            yield number
    finally:
        cleaned.append("async task")


@flow
def produce(n: int) -> Iterator[int]:
    try:
        for number in count(n):
            yield number * 10
    finally:
        cleaned.append("flow")


@flow
async def aproduce(n: int) -> AsyncIterator[int]:
    try:
        async for number in acount(n):
            yield number * 10
    finally:
        cleaned.append("async flow")


async def taken(source: AsyncIterator[Any], most: int = 100) -> list[Any]:
    got: list[Any] = []
    async for value in source:
        got.append(value)
        if len(got) == most:
            break
    await source.aclose()  # type: ignore[attr-defined]
    return got


def test_values_come_as_they_are_yielded() -> None:
    """Nothing runs before the first value is asked for; each value comes before the next is made."""
    made: list[int] = []

    @task
    def notes() -> Iterator[int]:
        for number in range(3):
            made.append(number)
            yield number

    walk = notes()
    assert made == []
    for number in walk:
        assert made == list(range(number + 1))
    assert history(only_task_run()) == "Pending Running Completed"


def test_flows_and_tasks_that_yield() -> None:
    """A generator flow over a generator task, and the async pair."""
    assert list(produce(3)) == [0, 10, 20]
    assert asyncio.run(taken(aproduce(3))) == [0, 10, 20]
    assert cleaned == ["task", "flow", "async task", "async flow"]
    assert [history(run) for run in task_runs()] == ["Pending Running Completed"] * 2


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_caller_that_takes_no_more(kind: str) -> None:
    """Who leaves after two values completes the run: the function cleans up, and the state says so."""
    if kind == "sync":
        got = []
        walk = produce(10)
        for value in walk:
            got.append(value)
            if len(got) == 2:
                break
        walk.close()
    else:
        got = asyncio.run(taken(aproduce(10), most=2))
    assert got == [0, 10]
    assert sorted(cleaned) == (["flow", "task"] if kind == "sync" else ["async flow", "async task"])
    run = only_flow_run()
    assert history(run) == "Pending Running Completed"
    assert run.state.message == "The caller took no more of the values that the run yields."


def test_a_generator_that_is_dropped_at_once() -> None:
    """One that is never walked, or closed before its first value, leaves no run behind that seems to go on."""
    count(3)
    count(3).close()
    list(count(1))
    assert [history(run) for run in task_runs()] == ["Pending Running Completed"]


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_a_failure_midway(kind: str) -> None:
    """The values before it were taken; the exception is the run's and the caller's."""

    @task
    def fails() -> Iterator[int]:
        yield 1
        raise ValueError("midway")

    @task
    async def afails() -> AsyncIterator[int]:
        yield 1
        raise ValueError("midway")

    got: list[int] = []

    async def awalk() -> None:
        async for value in afails():
            got.append(value)  # noqa: PERF401 - what came before the failure is to be seen

    def walk() -> None:
        for value in fails():
            got.append(value)  # noqa: PERF402

    with pytest.raises(ValueError, match="^midway$"):
        walk() if kind == "sync" else asyncio.run(awalk())
    assert got == [1]
    run = only_task_run()
    assert history(run) == "Pending Running Failed"
    assert run.error is not None
    assert run.error.message == "ValueError: midway"


def test_a_failure_of_the_caller() -> None:
    """What the caller raises between two values is the caller's; the task completed as far as it was asked."""

    @flow
    def breaks() -> None:
        for _ in count(5):
            raise KeyError("caller")

    with pytest.raises(KeyError, match="caller"):
        breaks()
    assert only_flow_run().state.name == "Failed"


def test_send_throw_and_the_return_value() -> None:
    """A task that yields is a generator in full: values and exceptions can be sent in, and it returns a value."""

    @task
    def talks() -> Generator[Any, Any, str]:
        got = yield "ready"
        try:
            yield f"got {got}"
        except KeyError as error:
            yield f"caught {error.args[0]}"
        return "bye"

    talk = talks()
    assert next(talk) == "ready"
    assert talk.send("word") == "got word"
    assert talk.throw(KeyError("k")) == "caught k"
    with pytest.raises(StopIteration) as stop:
        next(talk)
    assert stop.value.value == "bye"

    def delegates() -> Generator[Any, Any, Any]:
        return (yield from talks())

    walk = delegates()
    next(walk)
    assert walk.send(1) == "got 1"
    assert only_or_first_result(walk) == "bye"


def only_or_first_result(walk: Generator[Any, Any, Any]) -> Any:
    """Walk to the end and return what the generator returned."""
    while True:
        try:
            next(walk)
        except StopIteration as stop:
            return stop.value


def test_what_was_yielded_by_a_submitted_task_is_a_list() -> None:
    """A future of a task that yields has all its values, also of an async one and of none."""

    @flow
    def submits() -> Any:
        return (
            count.submit(3).result(),
            acount.submit(2).result(),
            count.submit(0).result(),
            [future.result() for future in count.map([1, 2])],
        )

    assert submits() == ([0, 1, 2], [0, 1], [], [[0], [0, 1]])
    assert {history(run) for run in task_runs()} == {"Pending Running Completed"}


def test_a_submitted_task_that_fails_midway() -> None:
    """The future has the exception, whatever was yielded before."""

    @task(retries=1)
    def fails() -> Iterator[int]:
        yield 1
        raise ValueError("midway")

    @flow
    def submits() -> Any:
        return fails.submit().result(raise_on_failure=False)

    assert str(submits()) == "midway"
    assert history(only_task_run()) == "Pending Running Retrying Failed"


def test_the_contexts_of_generators_do_not_leak() -> None:
    """Between two values the caller is in its own run; within the generator, tags and contexts are its own."""

    @task
    def looks() -> Iterator[tuple[str, list[str]]]:
        with tags("inside"):
            for _ in range(2):
                context = TaskRunContext.get()
                assert context is not None
                yield context.task.name, list(other())

    @task
    def other() -> list[str]:
        return runtime.task_run.tags

    @flow
    def walks() -> list[Any]:
        seen: list[Any] = []
        for value in looks():
            assert TaskRunContext.get() is None
            context = FlowRunContext.get()
            assert context is not None
            seen.append((value, context.flow.name, list(other())))
        return seen

    assert walks() == [(("looks", ["inside"]), "walks", [])] * 2


def test_two_generators_walked_in_turn() -> None:
    """Generators may be walked side by side, sync and async."""

    @flow
    def turns() -> list[Any]:
        return list(zip(count(3), count(5), strict=False))

    @flow
    async def aturns() -> list[Any]:
        first, second = acount(3), acount(3)
        return [(await anext(first), await anext(second)) for _ in range(3)] + await taken(first) + await taken(second)

    assert turns() == asyncio.run(aturns()) == [(0, 0), (1, 1), (2, 2)]


def test_sync_generators_within_async_flows() -> None:
    """A sync generator task walked by an async flow is still sync code: states give their results at once."""

    @task
    def results() -> Iterator[Any]:
        yield count.submit(1, return_state=True).result()
        yield Completed(data=5).result()

    @flow
    async def walks() -> list[Any]:
        return list(results())

    assert asyncio.run(walks()) == [[0], 5]


def test_return_state_of_a_generator_is_refused() -> None:
    """A run that yields has no state to give before it is walked: asking for it says so."""
    for call in (
        lambda: count(1, return_state=True),
        lambda: acount(1, return_state=True),
        lambda: produce(1, return_state=True),
        lambda: aproduce(1, return_state=True),
    ):
        with pytest.raises(TypeError, match="yields its values to its caller, so that it has no state to return. "):
            call()
    assert task_runs() == []


def test_tasks_that_yield_take_futures() -> None:
    """Arguments of generators are resolved as of any other task."""

    @task
    def n() -> int:
        return 2

    @flow
    def walks() -> list[int]:
        return list(count(n.submit()))

    assert walks() == [0, 1]
    assert task_runs(name=None)[1].upstreams
