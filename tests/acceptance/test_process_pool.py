"""Submitted tasks in processes behave as they do in threads: values, errors, records and logs."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.recorded import flow_run, log_messages, task_runs

from penstock import State, flow, get_run_logger, runtime, settings, tags, task
from penstock.client.transport import call
from penstock.context import FlowRunContext, TaskRunContext
from penstock.exceptions import PenstockException, SerializationError
from penstock.reporting.recorder import current_recorder
from penstock.settings import temporary_settings
from penstock.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner
from penstock.testing import penstock_test_harness
from penstock.wire.operations import FLOW_RUNS_COUNTS
from penstock.wire.requests import ById

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
def kind_of(value: Any) -> str:
    return type(value).__name__


def test_functions_run_there_and_the_engine_runs_here() -> None:
    """Functions are called in another process, the same one again; hooks and names of runs stay in this one."""
    seen: list[tuple[int, str]] = []

    def note(_: Any, run: Any, state: State[Any]) -> None:
        seen.append((os.getpid(), f"{run.name} {state.name}"))

    @task(task_run_name="add-{x}", on_running=[note], on_completion=[note])
    def add(x: int, y: int = 1) -> int:
        return x + y

    @flow(task_runner=ONE)
    def busy() -> tuple[set[int], list[int]]:
        processes = {process.submit().result() for _ in range(3)}
        return processes, [add.submit(1).result(), add.submit(2, y=5).result()]

    processes, sums = busy()
    assert len(processes - {os.getpid()}) == 1
    assert sums == [2, 7]
    here = os.getpid()
    assert seen == [(here, f"add-{x} {state}") for x in (1, 2) for state in ("Running", "Completed")]
    assert [run.state.name for run in task_runs("process")] == ["Completed"] * 3


def test_a_fan_of_a_thousand_and_a_chain_complete() -> None:
    """A thousand tasks through two processes, and a chain of futures, give what they give in threads."""

    @flow(task_runner=ProcessPoolTaskRunner(max_workers=2))
    def wide() -> tuple[int, int]:
        link = square.submit(2)
        for _ in range(3):
            link = square.submit(link)
        return sum(square.map(range(1000)).result()), link.result()

    assert wide() == (sum(number**2 for number in range(1000)), 2**16)
    assert current_recorder().flush()
    counts = call(FLOW_RUNS_COUNTS, ById(flow_run("wide").id))
    assert counts.by_type == {"COMPLETED": 1004}


@task
async def later(number: int) -> int:
    await asyncio.sleep(0)
    return number


@task
def counted(number: int) -> Iterator[int]:
    yield from range(number)


@task
async def counted_later(number: int) -> Any:
    for one in range(number):
        await asyncio.sleep(0)
        yield one


class Scale:
    """A class with tasks for methods."""

    def __init__(self, factor: int) -> None:
        self.factor = factor

    @task
    def times(self, number: int) -> int:
        return self.factor * number

    @classmethod
    @task
    def name(cls) -> str:
        return cls.__name__

    @task
    @staticmethod
    def plain(number: int) -> int:
        return number


def test_every_kind_of_function_runs() -> None:
    """Async functions, generators of both kinds, methods, and functions within functions that use what is around them."""

    @flow(task_runner=ONE)
    def kinds() -> list[Any]:
        offset = 100

        @task
        def shifted(number: int) -> int:
            return number + offset

        futures = [
            later.submit(1),
            counted.submit(2),
            counted_later.submit(2),
            Scale(3).times.submit(5),
            Scale.name.submit(),
            Scale.plain.submit(4),
            shifted.submit(1),
            square.with_options(name="other").submit(3),
        ]
        return [future.result() for future in futures]

    assert kinds() == [1, [0, 1], [0, 1], 15, "Scale", 4, 101, 9]


class Plain(Exception):
    """Travels."""


class Needy(Exception):
    """Can be pickled, but not read back."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(f"{name} {number}")


class Locked(Exception):
    """Can't be pickled."""

    def __init__(self) -> None:
        super().__init__("closed")
        self.lock = threading.Lock()


@task
def raises(error: str) -> None:
    if error == "plain":
        raise Plain("bad luck")
    if error == "needy":
        raise Needy("seven", 7)
    if error == "exit":
        raise SystemExit(3)
    raise Locked


@task(retries=2)
def third_time_lucky() -> int:
    if runtime.task_run.run_count < 3:
        raise ValueError("not yet")
    return int(runtime.task_run.run_count)


def test_errors_come_back() -> None:
    """An exception keeps its class and brings its traceback along; one that can't travel is named; retries happen."""
    states: list[Any] = []

    @flow(task_runner=ONE)
    def failing() -> None:
        states.extend(raises.submit(error, return_state=True) for error in ("plain", "needy", "locked", "exit"))
        states.append(third_time_lucky.submit(return_state=True))

    failing()
    plain, needy, locked, left, lucky = states
    assert isinstance(plain.data, Plain)
    assert "in raises" in plain.data.__notes__[0]
    assert plain.message == "Run failed with an exception: Plain: bad luck"
    assert (type(needy.data), str(needy.data)) == (PenstockException, "Needy: seven 7")
    assert (type(locked.data), str(locked.data)) == (PenstockException, "Locked: closed")
    assert "in raises" in locked.data.__notes__[0]
    assert left.is_crashed()
    assert "sys.exit(3)" in left.message
    assert lucky.data == 3
    (run,) = task_runs("third_time_lucky")
    assert run.run_count == 3
    recorded = next(run for run in task_runs("raises") if "Plain" in str(run.error and run.error.type))
    assert recorded.error is not None
    assert "in raises" in recorded.error.traceback


@task
def lock() -> Any:
    return threading.Lock()


def test_what_can_not_travel_is_named() -> None:
    """An argument, a result or a function that can't be pickled fails the task, with its name and a remedy."""
    closed = threading.Lock()

    @task
    def holds() -> bool:
        return closed.locked()

    states: list[Any] = []

    @flow(task_runner=ONE)
    def failing() -> None:
        states.append(kind_of.submit({"deep": [closed]}, return_state=True))
        states.append(lock.submit(return_state=True))
        states.append(holds.submit(return_state=True))
        states.append(kind_of.submit(lambda: 1, return_state=True))

    failing()
    argument, result, function, fine = states
    for state in (argument, result, function):
        assert isinstance(state.data, SerializationError), state
        assert "use ThreadPoolTaskRunner" in str(state.data)
    assert "Task 'kind_of' can't be sent to a process: its argument 'value', of type dict" in str(argument.data)
    assert "Task 'lock' returned a lock that can't be pickled" in str(result.data)
    assert "Task 'holds' can't be sent to a process: its function" in str(function.data)
    assert fine.data == "function"


@task
def surroundings() -> dict[str, Any]:
    flow_context, context = FlowRunContext.get(), TaskRunContext.get()
    assert flow_context is not None
    assert context is not None
    return {
        "flow_run": (runtime.flow_run.id, runtime.flow_run.name, runtime.flow_run.flow_name),
        "parameters": runtime.flow_run.parameters,
        "task_run": (runtime.task_run.name, runtime.task_run.parameters, runtime.task_run.task_name),
        "tags": runtime.task_run.tags,
        "state": context.task_run.state.name,
        "setting": settings.current().tasks.default_retries,
        "flow": flow_context.flow.name,
    }


def test_the_surroundings_are_known_there() -> None:
    """`runtime`, contexts, tags and settings say in a process what they say in a thread; what can't travel is missing."""

    @flow(task_runner=ONE, validate_parameters=False)
    def around(number: int, door: Any) -> tuple[str, dict[str, Any]]:
        with tags("red"):
            return runtime.flow_run.name, surroundings.submit().result()

    with temporary_settings({"tasks.default_retries": 4}):
        name, seen = around(1, threading.Lock())
    run = flow_run("around")
    assert seen["flow_run"] == (str(run.id), name, "around")
    assert seen["parameters"] == {"number": 1}
    assert seen["task_run"] == (task_runs("surroundings")[0].name, {}, "surroundings")
    assert (seen["tags"], seen["state"], seen["setting"], seen["flow"]) == (["red"], "Running", 4, "around")


@task(log_prints=True)
def talks() -> None:
    print("printed there")
    get_run_logger().info("logged there by %s", runtime.task_run.name)
    try:
        int("seen there")
    except ValueError:
        get_run_logger().exception("caught there")


def test_logs_and_prints_are_recorded() -> None:
    """Lines come out of this process's loggers, in order and with their run, so every handler of the program sees them."""
    handled: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            handled.append(record)

    ours = logging.getLogger("penstock.task_runs")
    keeping = Keeping()
    ours.addHandler(keeping)
    try:

        @flow(task_runner=ONE)
        def talking() -> None:
            talks.submit().result()

        talking()
    finally:
        ours.removeHandler(keeping)
    (run,) = task_runs("talks")
    lines = [message for message in log_messages() if "there" in message]
    assert lines[:2] == ["printed there", f"logged there by {run.name}"]
    assert lines[2].startswith("caught there\nTraceback")
    assert "ValueError: invalid literal" in lines[2]
    assert [record.task_run_id for record in handled] == [run.id] * 3  # type: ignore[attr-defined]


@task(persist_result=True)
def costly(folder: Path, number: int) -> int:
    with (folder / "calls").open("a") as file:
        file.write("x")
    return number


def test_results_are_kept_here(tmp_path: Path) -> None:
    """A cached task is looked up before a process is troubled, and what it returned there is kept."""

    @flow(task_runner=ONE)
    def caching() -> list[int]:
        return [costly.submit(tmp_path, 1).result() for _ in range(3)]

    assert caching() == [1, 1, 1]
    assert (tmp_path / "calls").read_text() == "x"
    assert [run.state.name for run in task_runs("costly")] == ["Completed", "Cached", "Cached"]


prepared: list[str] = []


def prepare(word: str) -> None:
    prepared.append(word)


@task
def preparations() -> list[str]:
    return prepared


def test_processes_are_prepared() -> None:
    """`initializer` is called in each process, once; where it fails, the task says so."""
    with ProcessPoolTaskRunner(1, initializer=prepare, initargs=("ready",)) as runner:
        assert [runner.submit(preparations, {}).result() for _ in range(2)] == [["ready"], ["ready"]]
    with ProcessPoolTaskRunner(1, initializer=prepare) as runner:
        state = runner.submit(preparations, {})
        state.wait()
        assert state.state.is_crashed()
        assert "its preparation failed with TypeError" in str(state.state.message)


def test_runners_are_plain_values() -> None:
    """A runner has as many processes as there are processors unless told, is equal to its like, and refuses none."""
    assert ProcessPoolTaskRunner().max_workers == len(os.sched_getaffinity(0))
    assert ProcessPoolTaskRunner(3) == ProcessPoolTaskRunner(3) == ProcessPoolTaskRunner(3).duplicate()
    assert ProcessPoolTaskRunner(3) != ProcessPoolTaskRunner(4)
    assert ProcessPoolTaskRunner(3) != ThreadPoolTaskRunner(3)
    with pytest.raises(ValueError, match="max_workers=0; it needs at least 1 process"):
        ProcessPoolTaskRunner(0)


@dataclass
class Row:
    """A value of this module's own class."""

    number: int


def test_large_values_travel() -> None:
    """Values of megabytes go there and back."""

    @task
    def doubled(row: Row, data: bytes) -> tuple[Row, bytes]:
        return Row(row.number * 2), data + data

    @flow(task_runner=ONE, validate_parameters=False)
    def large() -> tuple[Row, int]:
        row, data = doubled.submit(Row(4), b"x" * 20_000_000).result()
        return row, len(data)

    row, size = large()
    assert (row, size) == (Row(8), 40_000_000)
