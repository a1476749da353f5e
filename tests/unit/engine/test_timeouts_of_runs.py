"""`timeout_seconds` holds for every kind of function, called and submitted."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator

import pytest

from penstock import flow, task
from penstock.core.errors import FlowRunTimeoutError, TaskRunTimeoutError
from penstock.engine.timeouts import Watchdog
from penstock.futures import wait

SOON = 0.05


def compute_for_ever() -> None:
    while True:
        time.sleep(0.001)


@task(timeout_seconds=SOON)
def endless_task() -> None:
    compute_for_ever()


@flow(timeout_seconds=SOON)
def endless_flow() -> None:
    compute_for_ever()


def test_a_task_and_a_flow_end_as_timed_out() -> None:
    """Called directly, each raises its error, or returns a TimedOut state."""
    with pytest.raises(TaskRunTimeoutError):
        endless_task()
    with pytest.raises(FlowRunTimeoutError):
        endless_flow()
    state = endless_task(return_state=True)
    assert (state.name, state.is_failed()) == ("TimedOut", True)


def test_a_submitted_task_ends_as_timed_out() -> None:
    """In a thread of the task runner, and for whoever waits for it."""

    @flow
    def around() -> str:
        return endless_task.submit().wait() or endless_task.submit(return_state=True).name

    assert around() == "TimedOut"


def test_a_task_that_is_stuck_is_given_up() -> None:
    """A submitted task whose thread waits where nothing can interrupt it is TimedOut for its flow."""
    release = threading.Event()

    @task(timeout_seconds=SOON)
    def stuck() -> None:
        release.wait()

    @flow
    def around() -> str:
        name = stuck.submit(return_state=True).name
        release.set()
        return name

    assert around() == "TimedOut"


def test_a_flow_s_timeout_ends_the_task_it_waits_in() -> None:
    """The flow is TimedOut, and not its task's error."""

    @task(timeout_seconds=30)
    def patient_task() -> None:
        compute_for_ever()

    @flow(timeout_seconds=SOON)
    def around() -> None:
        patient_task()

    assert around(return_state=True).name == "TimedOut"


def test_a_retry_has_its_own_time() -> None:
    """Each attempt may take as long as the first."""
    attempts: list[int] = []

    @task(timeout_seconds=SOON, retries=1)
    def slow_once() -> str:
        attempts.append(1)
        if len(attempts) == 1:
            compute_for_ever()
        return "done"

    assert slow_once() == "done"


def test_an_async_task_ends_as_timed_out() -> None:
    """Cancelled by its event loop."""

    @task(timeout_seconds=SOON)
    async def waits() -> None:
        await asyncio.Event().wait()

    @flow
    async def around() -> str:
        return (await waits(return_state=True)).name

    assert asyncio.run(around()) == "TimedOut"


def test_our_own_work_is_not_torn_apart() -> None:
    """Flows that are interrupted again and again amid calls of tasks all end as TimedOut, and lock nobody out."""

    @task
    def nothing() -> None:
        pass

    @task
    def calls() -> None:
        nothing()

    @flow
    def busy() -> None:
        while True:
            nothing()
            calls.submit().result()

    for number in range(40):
        assert busy.with_options(timeout_seconds=0.01 + number / 1_000)(return_state=True).name == "TimedOut"


def outlasting(*_: object) -> str:
    """Return when every limit of this module that began before has passed."""
    passed = threading.Event()
    Watchdog.after(3 * SOON, passed.set)
    passed.wait()
    outlasted.append(1)
    return "key"


outlasted: list[int] = []


def test_hooks_and_cache_keys_take_no_time_of_their_run() -> None:
    """The limit is for the function: what is called before and after it may take longer."""
    outlasted.clear()

    @task(timeout_seconds=SOON, cache_key_fn=outlasting, on_running=[outlasting], on_completion=[outlasting])
    def quick() -> int:
        return 1

    @flow(timeout_seconds=SOON, on_running=[outlasting], on_completion=[outlasting])
    def short() -> int:
        return 2

    assert (quick(), short(), len(outlasted)) == (1, 2, 5)


@pytest.mark.parametrize("option", ["on_running", "on_completion", "cache_key_fn", "task_run_name"])
def test_hooks_and_cache_keys_are_not_interrupted(option: str) -> None:
    """Where the limit of the flow passes while one runs, it runs to its end; the flow is interrupted after it."""
    outlasted.clear()
    reached: list[str] = []
    value = [outlasting] if option.startswith("on_") else outlasting

    @task(**{option: value})  # type: ignore[call-overload]
    def quick() -> None:
        pass

    @flow(timeout_seconds=SOON)
    def limited() -> None:
        quick()
        threading.Event().wait()
        reached.append("after the wait")

    assert limited(return_state=True).name == "TimedOut"
    assert (outlasted, reached) == ([1], [])


def test_a_flow_that_only_submits_is_interrupted() -> None:
    """It hardly ever runs code of its own."""

    @task
    def nothing() -> None:
        pass

    @flow(timeout_seconds=SOON)
    def busy() -> None:
        while True:
            wait([nothing.submit()])

    assert busy(return_state=True).name == "TimedOut"


def test_waiting_for_a_retry_is_interrupted() -> None:
    """The flow's time goes on while one of its tasks waits for its next attempt."""

    @task(retries=1, retry_delay_seconds=1_000)
    def fails() -> None:
        raise KeyError

    @flow(timeout_seconds=SOON)
    def around() -> None:
        fails()

    assert around(return_state=True).name == "TimedOut"


def test_a_subflow_that_waits_for_its_tasks_is_interrupted() -> None:
    """A flow does not end before its tasks; the flow around it does not wait for that longer than it may."""
    release = threading.Event()

    @task
    def waits() -> None:
        release.wait()

    @flow
    def inner() -> None:
        waits.submit()

    @flow(timeout_seconds=SOON)
    def around() -> None:
        inner()

    assert around(return_state=True).name == "TimedOut"
    release.set()


def test_only_the_time_that_a_generator_works_counts() -> None:
    """The one who takes the values may take longer; a step that does not end is interrupted."""

    @task(timeout_seconds=2 * SOON)
    def numbers() -> Iterator[int]:
        yield 1
        yield 2
        compute_for_ever()

    taken: list[int] = []

    def take_slowly() -> None:
        for number in numbers():
            taken.append(number)
            later = threading.Event()
            Watchdog.after(3 * SOON, later.set)
            later.wait()

    with pytest.raises(TaskRunTimeoutError):
        take_slowly()
    assert taken == [1, 2]


def test_only_the_time_that_an_async_generator_works_counts() -> None:
    """As for other generators."""

    @task(timeout_seconds=2 * SOON)
    async def numbers() -> AsyncIterator[int]:
        yield 1
        yield 2
        await asyncio.Event().wait()

    taken: list[int] = []

    async def take() -> None:
        async for number in numbers():
            taken.append(number)
            await asyncio.sleep(3 * SOON)

    with pytest.raises(TaskRunTimeoutError):
        asyncio.run(take())
    assert taken == [1, 2]
