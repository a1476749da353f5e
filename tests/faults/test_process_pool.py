"""Processes for tasks die, hang and are orphaned: the runs say so, the others go on, and nothing is left behind."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest
from support.programs import listed, started, written
from support.recorded import task_runs

from penstock import State, flow, task
from penstock.engine.remote.invoke import start_child
from penstock.exceptions import ProcessDied
from penstock.task_runners import ProcessPoolTaskRunner
from penstock.task_runners.process_pool import ProcessPool
from penstock.testing import penstock_test_harness

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched by pidfd, which Linux has")

PATIENCE_SECONDS = 30
ONE = ProcessPoolTaskRunner(max_workers=1)


@pytest.fixture(autouse=True)
def _record(tmp_path: Path) -> Iterator[None]:
    with penstock_test_harness(tmp_path / "home"):
        yield


def is_gone(process: int) -> bool:
    """Wait until a process has ended; whether it has."""
    try:
        file = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([file], [], [], PATIENCE_SECONDS)[0])
    finally:
        os.close(file)


@task
def process() -> int:
    return os.getpid()


@task(retries=3)
def dies(how: str) -> None:
    if how == "exit":
        os._exit(7)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("how", "message", "code"),
    [("killed", "was killed by signal 9 (SIGKILL)", -9), ("exit", "ended with exit code 7", 7)],
)
def test_a_process_that_dies_ends_its_own_task_only(how: str, message: str, code: int) -> None:
    """Its task is Crashed with the reason, and not tried again; tasks before, beside and after it complete."""
    states: list[State[Any]] = []

    @flow(task_runner=ProcessPoolTaskRunner(max_workers=2))
    def survivor() -> int:
        before = [process.submit() for _ in range(10)]
        dead = dies.submit(how)
        after = [process.submit() for _ in range(10)]
        dead.wait()
        states.append(dead.state)
        return len([future.result() for future in before + after])

    assert survivor() == 20
    (state,) = states
    assert state.is_crashed()
    assert message in str(state.message)
    assert isinstance(state.data, ProcessDied)
    assert state.data.exit_code == code
    (run,) = task_runs("dies")
    assert (run.run_count, run.state.name, run.state.message) == (1, "Crashed", state.message)


def test_a_process_that_dies_between_two_tasks_is_replaced() -> None:
    """Nobody notices a death while there was nothing to do: the next task gets another process."""

    @flow(task_runner=ONE)
    def patient() -> tuple[int, int]:
        first = process.submit().result()
        os.kill(first, signal.SIGKILL)
        assert is_gone(first)
        return first, process.submit().result()

    first, second = patient()
    assert first != second


@task
def forks_and_dies(told: Path) -> None:
    child = os.fork()
    if child == 0:
        signal.pause()
    told.write_text(str(child))
    os.kill(os.getpid(), signal.SIGKILL)


@task(timeout_seconds=0.05)
def holds_all_threads() -> None:
    deque(repeat(None), maxlen=0)  # in C, for ever: no other thread runs, and no signal is handled


def test_a_function_that_can_not_be_interrupted_is_killed() -> None:
    """Past its time and the grace, its process is ended; the run is TimedOut and the next task gets a new process."""
    seen: list[Any] = []

    @flow(task_runner=ONE)
    def held() -> None:
        seen.append(process.submit().result())
        seen.append(holds_all_threads.submit(return_state=True))
        seen.append(process.submit().result())

    held()
    before, state, after = seen
    assert (state.name, before != after) == ("TimedOut", True)
    assert is_gone(before)
    assert "exceeded its timeout of 0.05 second(s)" in state.message


@task(timeout_seconds=0.05)
def takes_long() -> None:
    import threading

    threading.Event().wait(1000)


def test_a_function_that_can_be_interrupted_keeps_its_process() -> None:
    """A time limit is first enforced within the process, which lives on."""
    seen: list[Any] = []

    @flow(task_runner=ONE)
    def patient() -> None:
        seen.extend([process.submit().result(), takes_long.submit(return_state=True), process.submit().result()])

    patient()
    before, state, after = seen
    assert state.name == "TimedOut"
    assert before == after
    assert "in takes_long" in state.data.__notes__[0]


@task
def inner() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@task
def outer() -> None:
    inner()


def test_runs_within_a_dead_process_do_not_stay_running() -> None:
    """Tasks that the task ran are Crashed with it."""

    @flow(task_runner=ONE)
    def nested() -> None:
        outer.submit().wait()

    nested()
    assert [run.state.name for run in task_runs("outer") + task_runs("inner")] == ["Crashed", "Crashed"]


def test_the_time_of_a_flow_ends_its_processes() -> None:
    """A flow that is out of time does not wait for what runs in processes, and leaves none."""
    pids: list[int] = []

    @flow(task_runner=ProcessPoolTaskRunner(max_workers=2), timeout_seconds=2)
    def brief() -> None:
        pids.append(process.submit().result())
        holds_for_ever.submit().result()

    state = brief(return_state=True)
    assert state.name == "TimedOut"
    assert is_gone(pids[0])


def never_ready(fifo: str) -> None:
    """Say who one is, and prepare for ever."""
    with open(fifo, "w") as told:
        told.write(str(os.getpid()))
    signal.pause()


def test_the_time_of_a_flow_ends_a_process_that_does_not_come_up(tmp_path: Path) -> None:
    """A process that never gets ready does not keep the flow, and does not outlive it."""
    fifo = str(tmp_path / "who")
    os.mkfifo(fifo)
    pids: list[int] = []

    @flow(task_runner=ProcessPoolTaskRunner(1, never_ready, (fifo,)), timeout_seconds=2)
    def brief() -> None:
        future = process.submit()
        with open(fifo) as told:
            pids.append(int(told.read()))
        future.wait()

    state = brief(return_state=True)
    assert state.name == "TimedOut"
    assert is_gone(pids[0])


def test_a_process_that_takes_too_long_to_come_up_is_given_up(tmp_path: Path) -> None:
    """There is a bound on it: the process is killed, and the reason says what it was at."""
    fifo = str(tmp_path / "who")
    os.mkfifo(fifo)
    pool = ProcessPool(1, never_ready, (fifo,))
    child = start_child(pool)
    with open(fifo) as told:
        pid = int(told.read())
    with pytest.raises(ProcessDied, match=r"after 0 seconds it was still importing the program or in its initializer"):
        child.await_ready(0)
    child.end()
    assert is_gone(pid)


@task
def holds_for_ever() -> None:
    deque(repeat(None), maxlen=0)


HANGS = """
    import os
    from collections import deque
    from itertools import repeat
    from penstock import flow, task
    from penstock.task_runners import ProcessPoolTaskRunner

    @task
    def say() -> None:
        os.write(1, f"{os.getpid()}\\n".encode())

    @task
    def spins() -> None:
        os.write(1, f"{os.getpid()}\\n".encode())
        while True:
            pass

    @task
    def holds() -> None:
        os.write(1, f"{os.getpid()}\\n".encode())
        deque(repeat(None), maxlen=0)

    @flow(task_runner=ProcessPoolTaskRunner(max_workers=3))
    def main() -> None:
        futures = [spins.submit(), holds.submit(), say.submit()]
        futures[2].result()
        waiting = [say.submit(wait_for=[futures[0]]) for _ in range(10)]
        os.write(1, b"all\\n")
        futures[0].result()

    if __name__ == "__main__":
        main()
"""


@contextmanager
def hanging(folder: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """Start a program whose tasks never end; yield it with the processes of its tasks: busy, deaf and idle."""
    program = started(written(folder, HANGS), folder / "home")
    try:
        assert program.stdout is not None
        lines = [program.stdout.readline().strip() for _ in range(4)]
        if "" in lines:
            program.kill()
            pytest.fail(f"{lines}\n{program.communicate()[1]}")
        yield program, [int(line) for line in lines if line != "all"]
    finally:
        program.kill()
        program.communicate()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_its_parent(number: signal.Signals, tmp_path: Path) -> None:
    """Whether the parent is killed, asked to end or interrupted: busy, idle and deaf processes are gone with it."""
    with hanging(tmp_path) as (program, processes):
        assert len(set(processes)) == 3
        program.send_signal(number)
        _, errors = program.communicate(timeout=PATIENCE_SECONDS)
    assert program.returncode == -number
    assert [is_gone(process) for process in processes] == [True] * 3
    if number is not signal.SIGKILL:
        assert "Execution was aborted" in errors
    (run,) = listed(tmp_path / "home", "flow-run", "ls")
    assert run["state"]["type"] == "CRASHED"
    states = {one["state"]["type"] for one in listed(tmp_path / "home", "task-run", "ls")}
    assert states <= {"CRASHED", "COMPLETED"}


def test_a_child_left_by_a_dead_process_hides_nothing(tmp_path: Path) -> None:
    """A process that forked and died is seen to be dead although its own child holds the pipe open."""
    states: list[State[Any]] = []

    @flow(task_runner=ONE)
    def sees() -> int:
        states.append(forks_and_dies.submit(tmp_path / "told", return_state=True))
        return process.submit().result()

    try:
        assert sees() > 0
        assert "SIGKILL" in str(states[0].message)
    finally:
        os.kill(int((tmp_path / "told").read_text()), signal.SIGKILL)
