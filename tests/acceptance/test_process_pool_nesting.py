"""Tasks in processes that run tasks and flows themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.recorded import flow_run, task_runs

from penstock import flow, task
from penstock.task_runners import ProcessPoolTaskRunner
from penstock.testing import penstock_test_harness

ONE = ProcessPoolTaskRunner(max_workers=1)


@pytest.fixture(autouse=True)
def _record(tmp_path: Path) -> Iterator[None]:
    with penstock_test_harness(tmp_path / "home"):
        yield


@task
def square(number: int) -> int:
    return number**2


@task
def process() -> int:
    return os.getpid()


@task
def sums(count: int) -> int:
    return sum(square(number) for number in range(count)) + square.submit(10).result()


@task
def sends(count: int) -> Any:
    return square.map(range(count))


@task
def sends_and_forgets(folder: Path) -> str:
    fill.map([folder / str(number) for number in range(20)])
    return "sent"


@task
def fill(path: Path) -> None:
    path.write_text("done")


@task
def deep(depth: int) -> int:
    return 0 if depth == 0 else 1 + int(deep.submit(depth - 1).result())


def test_tasks_run_tasks_there(tmp_path: Path) -> None:
    """Tasks that a task calls and submits run in its process, are recorded as its own, and end before it does.

    Returned futures stand for their states, and submitting five deep does not deadlock.
    """

    @flow(task_runner=ONE)
    def nested() -> list[Any]:
        told = sends_and_forgets.submit(tmp_path).result()
        filled = len(list(tmp_path.glob("[0-9]*")))
        states = sends.submit(3).result()
        return [sums.submit(3).result(), told, filled, [one.result() for one in states], deep.submit(5).result()]

    assert nested() == [5 + 100, "sent", 20, [0, 1, 4], 5]
    (outer,) = task_runs("sums")
    inner = [run for run in task_runs("square") if run.parent_task_run_id == outer.id]
    assert [run.states[-1].name for run in inner] == ["Completed"] * 4
    assert {run.flow_run_id for run in inner} == {outer.flow_run_id}
    assert all(run.task_key.endswith("test_process_pool_nesting.square") for run in inner)


@flow
def inner_flow(count: int) -> int:
    return sum(square.map(range(count)).result())


@flow(task_runner=ProcessPoolTaskRunner(max_workers=1))
def inner_processes() -> int:
    return process.submit().result()


@task
def runs_flows() -> tuple[int, int, int]:
    return inner_flow(3), os.getpid(), inner_processes()


def test_flows_run_there() -> None:
    """A task in a process may call flows, even such as start processes of their own; all is recorded under its run."""

    @flow(task_runner=ONE)
    def outer_flow() -> tuple[int, int, int]:
        return runs_flows.submit().result()

    value, child, grandchild = outer_flow()
    assert value == 5
    assert len({os.getpid(), child, grandchild}) == 3
    (caller,) = task_runs("runs_flows")
    for name in ("inner-flow", "inner-processes"):
        run = flow_run(name)
        assert run.state.name == "Completed"
        assert (run.parent_task_run_id, run.parent_flow_run_id) == (caller.id, flow_run("outer-flow").id)
    assert [run.state.name for run in task_runs("square")] == ["Completed"] * 3


@task
def draws(folder: Path) -> int:
    with (folder / "draws").open("a") as file:
        return file.write("x")


@task
def picks(folder: Path, name: str) -> int:
    drawn: int = draws(folder)
    if not (folder / name).exists():
        (folder / name).touch()
        raise ValueError(name)
    return drawn


def test_the_next_attempt_finds_what_was_done_there(tmp_path: Path) -> None:
    """In a durable flow, equal calls within two tasks are two calls, and neither is made again when the flow is retried."""

    @flow(task_runner=ProcessPoolTaskRunner(max_workers=2), recoveries=1, retries=1)
    def durable() -> int:
        futures = [picks.submit(tmp_path, name) for name in "ab"]
        for future in futures:
            future.wait()
        return sum(future.result() for future in futures)

    assert durable() == 2
    assert (tmp_path / "draws").read_text() == "xx"
    assert sorted(run.state.name for run in task_runs("draws")) == ["Cached", "Cached", "Completed", "Completed"]
