"""`timeout_seconds` bounds the time that generators work, wherever their values are taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest

from penstock import flow, task
from penstock.core.errors import FlowRunTimeoutError
from penstock.futures import may_help
from penstock.states import State
from penstock.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner

SOON = 0.05


@task
def one() -> int:
    return 1


@task(timeout_seconds=SOON)
def endless() -> Iterator[int]:
    yield 1
    while True:
        time.sleep(0.001)


@task(timeout_seconds=SOON)
async def endless_async() -> AsyncIterator[int]:
    yield 1
    await asyncio.Event().wait()


@task(timeout_seconds=SOON)
def returns_endless() -> Iterator[int]:
    return endless.fn()  # type: ignore[no-any-return]


@pytest.mark.parametrize("runner", [ThreadPoolTaskRunner, ProcessPoolTaskRunner])
@pytest.mark.parametrize("made", [endless, endless_async, returns_endless])
def test_a_submitted_generator_ends_as_timed_out(runner: Callable[..., Any], made: Any) -> None:
    """Its values are made within its time, whether the function yields or returns something that does."""

    @flow(task_runner=runner(max_workers=1))
    def around() -> str:
        return made.submit(return_state=True).name  # type: ignore[no-any-return]

    assert around() == "TimedOut"


def test_a_generator_that_a_function_returns_is_part_of_its_time() -> None:
    """Called, as a task and as a flow, sync and async; a retry makes the values anew."""
    assert returns_endless(return_state=True).name == "TimedOut"
    assert flow(timeout_seconds=SOON, name="f")(returns_endless.fn)(return_state=True).name == "TimedOut"
    attempts: list[int] = []

    def values() -> Iterator[int]:
        attempts.append(1)
        yield 1
        if len(attempts) == 1:
            raise ValueError("first")

    @task(retries=1)
    async def tries() -> Iterator[int]:
        return values()

    @task(retries=1)
    def tries_here() -> Iterator[int]:
        return values()

    assert tries_here() == [1]
    attempts.clear()
    assert asyncio.run(tries()) == [1]
    assert len(attempts) == 2


def test_generator_flows_end_as_timed_out() -> None:
    """Values that were yielded in time were taken; the caller gets the flow's error."""

    @flow(timeout_seconds=SOON)
    def numbers() -> Iterator[int]:
        yield from endless.fn()

    @flow(timeout_seconds=SOON)
    async def numbers_async() -> AsyncIterator[int]:
        async for number in endless_async.fn():
            yield number

    walk = numbers()
    assert next(walk) == 1
    with pytest.raises(FlowRunTimeoutError):
        next(walk)

    async def take() -> None:
        walk = numbers_async()
        assert await anext(walk) == 1
        await anext(walk)

    with pytest.raises(FlowRunTimeoutError):
        asyncio.run(take())


def test_no_task_runs_on_top_of_a_generator_that_has_a_limit() -> None:
    """The limit would strike that task; between the values, and without a limit, one may."""

    def tells() -> Iterator[bool]:
        yield may_help()

    assert list(task(name="bounded", timeout_seconds=30)(tells)()) == [False]
    assert list(task(name="unbounded")(tells)()) == [True]
    walk = task(name="between", timeout_seconds=30)(tells)()
    next(walk)
    assert may_help()
    walk.close()


def test_a_generator_is_sync_or_async_as_its_function_is() -> None:
    """What serves both by one name gives a value to the one and an awaitable to the other, whoever takes the values."""

    @task
    def sync() -> Iterator[Any]:
        state: State[Any] = one(return_state=True)
        yield state.result()

    @task
    async def not_sync() -> AsyncIterator[Any]:
        state: Any = one(return_state=True)
        yield await state.result()

    @flow
    async def takes_sync() -> list[Any]:
        return list(sync())

    async def take() -> list[Any]:
        return [value async for value in not_sync()]

    @flow
    def takes_async() -> list[Any]:
        return asyncio.run(take())

    assert asyncio.run(takes_sync()) == [1]
    assert takes_async() == [1]
