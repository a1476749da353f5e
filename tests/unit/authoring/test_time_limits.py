"""What a time limit means for the runs around the one whose time is up, and for those it waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from support.record import flow_runs, history, only_task_run, task_runs

from penstock import flow, task
from penstock.exceptions import FlowRunTimeoutError, TaskRunTimeoutError
from penstock.futures import as_completed, wait
from penstock.task_runners import ThreadPoolTaskRunner

SOON = 0.05
PATIENCE_SECONDS = 30


def run_on() -> None:
    """Run until somebody interrupts."""
    for _ in range(10_000):
        time.sleep(0.001)


@task(timeout_seconds=SOON)
def slow() -> None:
    run_on()


@flow(timeout_seconds=SOON)
def slow_flow() -> None:
    run_on()


def test_the_message_and_the_record() -> None:
    """A run whose time was up is Failed, named TimedOut, with its name and limit in the message, and can be retried."""
    with pytest.raises(TaskRunTimeoutError) as raised:
        slow.with_options(task_run_name="patience", retries=1)()
    run = only_task_run()
    assert str(raised.value) == run.state.message == "Task run 'patience' exceeded its timeout of 0.05 second(s)."
    assert history(run) == "Pending Running Retrying TimedOut"
    assert run.error is not None
    assert run.error.type == "penstock.core.errors.TaskRunTimeoutError"
    state = slow_flow.with_options(flow_run_name="f")(return_state=True)
    assert (state.name, state.message) == ("TimedOut", "Flow run 'f' exceeded its timeout of 0.05 second(s).")
    assert history(flow_runs()[0]) == "Pending Running TimedOut"


@pytest.mark.parametrize("limit", [None, PATIENCE_SECONDS])
def test_who_called_it_failed_and_is_not_timed_out(limit: float | None) -> None:
    """A task or flow that lets a timeout of another run pass has failed; its own time was not up."""
    caller = task(name="caller", timeout_seconds=limit)(slow.__call__)
    around = flow(name="around", timeout_seconds=limit)(slow_flow.__call__)
    for one, error in ((caller, TaskRunTimeoutError), (around, FlowRunTimeoutError)):
        state = one(return_state=True)
        assert (state.name, state.type.value) == ("Failed", "FAILED")
        assert isinstance(state.result(raise_on_failure=False), error)


def test_tasks_beside_a_subflow_that_timed_out_are_waited_for() -> None:
    """The time of a subflow being up does not end what the flow around it has submitted."""
    release, done = threading.Event(), []

    @task
    def beside() -> None:
        release.wait(PATIENCE_SECONDS)
        done.append("beside")

    @flow
    def around() -> None:
        future = beside.submit()
        while not future.state.is_running():
            time.sleep(0.001)
        try:
            slow_flow()
        finally:
            release.set()

    assert around(return_state=True).name == "Failed"
    assert done == ["beside"]
    assert [history(run) for run in task_runs()] == ["Pending Running Completed"]


def test_the_limit_of_a_task_does_not_strike_the_one_it_waits_for() -> None:
    """A submitted task whose time is up while it waits for another one ends alone: the other goes on."""
    release = threading.Event()

    @task
    def other() -> str:
        release.wait(PATIENCE_SECONDS)
        return "other"

    @task(timeout_seconds=SOON)
    def waits() -> Any:
        return futures.setdefault("other", other.submit()).result()

    futures: dict[str, Any] = {}

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=1))
    def around() -> tuple[str, str]:
        name = waits.submit(return_state=True).name
        release.set()
        return name, futures["other"].result()

    assert around() == ("TimedOut", "other")


def test_a_submitted_generator_has_a_limit() -> None:
    """All that a submitted task yields together must come in time."""

    @task(timeout_seconds=SOON)
    def yields() -> Iterator[int]:
        yield 1
        run_on()

    @flow
    def around() -> str:
        return yields.submit(return_state=True).name

    assert around() == "TimedOut"


def test_a_user_s_own_timeout_error_is_a_failure() -> None:
    """TimeoutError raised by a program is no time limit of ours."""

    @task(timeout_seconds=PATIENCE_SECONDS)
    def raises() -> None:
        raise TimeoutError("of a socket")

    assert raises(return_state=True).name == "Failed"


@pytest.mark.parametrize("way", ["result", "wait", "as_completed", "call"])
def test_a_flow_is_interrupted_while_it_waits(way: str) -> None:
    """The time of a flow holds while it waits for a task, in whatever way it does."""
    release = threading.Event()

    @task
    def held(x: object = None) -> None:
        release.wait(PATIENCE_SECONDS)

    @flow(timeout_seconds=SOON)
    def around() -> None:
        future = held.submit()
        if way == "result":
            future.result()
        elif way == "wait":
            wait([future])
        elif way == "as_completed":
            list(as_completed([future]))
        else:
            held(future)

    try:
        assert around(return_state=True).name == "TimedOut"
    finally:
        release.set()
