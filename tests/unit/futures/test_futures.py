"""Futures: asking for results, waiting with and without a bound, callbacks, lists of futures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from support.log_lines import captured
from support.programs import started, written

from penstock import flow, task
from penstock.exceptions import FailedRun
from penstock.futures import (
    PenstockFuture,
    PenstockFutureList,
    PrefectFuture,
    PrefectFutureList,
    as_completed,
    wait,
)
from penstock.states import Completed, Failed, State
from penstock.task_runners import ThreadPoolTaskRunner

PATIENCE_SECONDS = 30


class Gate:
    """A task that waits until it is let go."""

    def __init__(self) -> None:
        self.begun, self.open = threading.Event(), threading.Event()

    @task
    def held(self, x: Any) -> Any:
        self.begun.set()
        self.open.wait(PATIENCE_SECONDS)
        return x


@task
def double(x: int) -> int:
    return 2 * x


@task
def boom(word: str = "boom") -> None:
    raise ValueError(word)


def in_flow(function: Callable[[], Any]) -> Any:
    """Return what `function` returns within a flow."""
    kept: list[Any] = []

    @flow
    def around() -> None:
        kept.append(function())

    around()
    return kept[0]


def test_a_future_gives_its_result_state_and_id() -> None:
    """A future knows its task run, whether it is done, its state and its result."""

    def look() -> tuple[Any, ...]:
        gate = Gate()
        future = gate.held.submit("x")
        gate.begun.wait(PATIENCE_SECONDS)
        before = future.done(), future.state.name
        gate.open.set()
        return (
            before,
            future.result(),
            future.done(),
            future.state.name,
            future.state.result(),
            future.task_run_id.version,
        )

    assert in_flow(look) == ((False, "Running"), "x", True, "Completed", "x", 7)


def test_a_future_whose_task_waits_is_pending() -> None:
    """The state of a task that waits for another one is Pending."""

    def look() -> str:
        gate = Gate()
        first = gate.held.submit(1)
        second = double.submit(first)
        name = second.state.name
        gate.open.set()
        assert second.result() == 2
        return name

    assert in_flow(look) == "Pending"


def test_a_result_that_does_not_come_in_time_is_told_and_can_be_had_later() -> None:
    """`result(timeout)` and `PenstockFutureList.result(timeout)` raise TimeoutError; the task goes on."""

    def late() -> Any:
        gate = Gate()
        future = gate.held.submit(1)
        futures = gate.held.map([1, 2])
        words = f"^Task run {future.task_run_id} has not ended within 0.01 seconds. Wait longer for it.$"
        with pytest.raises(TimeoutError, match=words):
            future.result(timeout=0.01)
        with pytest.raises(TimeoutError, match="^2 of 2 task runs have not ended within 0.01 seconds.$"):
            futures.result(timeout=0.01)
        with pytest.raises(TimeoutError, match="^1 of 1 task runs have not ended within 0.01 seconds.$"):
            next(as_completed([future], timeout=0.01))
        future.wait(timeout=0)
        futures.wait(timeout=0)
        assert not future.done()
        gate.open.set()
        return future.result(timeout=PATIENCE_SECONDS), futures.result(timeout=PATIENCE_SECONDS)

    assert in_flow(late) == (1, [1, 2])


def test_a_failed_task_raises_its_own_exception() -> None:
    """`result()` raises what the task raised, the very object; `raise_on_failure=False` returns it."""

    def failures() -> tuple[Any, ...]:
        future = boom.submit("submitted")
        with pytest.raises(ValueError, match="^submitted$") as raised:
            future.result()
        same = future.result(raise_on_failure=False)
        assert raised.value is same
        futures = PenstockFutureList([double.submit(1), boom.submit("second"), boom.submit("third")])
        with pytest.raises(ValueError, match="^second$"):
            futures.result()
        return future.state.is_failed(), [str(one) for one in futures.result(raise_on_failure=False)]

    assert in_flow(failures) == (True, ["2", "second", "third"])


def test_a_task_that_returns_a_failed_state_has_no_exception_of_its_own() -> None:
    """Asking for the result of such a task raises FailedRun with the state's message."""

    @task
    def says_failed() -> State[Any]:
        return Failed(message="I say so")

    def ask() -> Any:
        with pytest.raises(FailedRun, match="^I say so$"):
            says_failed.submit().result()
        return says_failed.submit().state is not None

    assert in_flow(ask)


def test_wait_tells_what_is_done_and_what_is_not() -> None:
    """`wait` with a bound returns the futures that are done, and the others, as two sets."""

    def waits() -> Any:
        gate = Gate()
        slow, fast = gate.held.submit(1), double.submit(1)
        fast.wait()
        done, not_done = wait([slow, fast, fast], timeout=0.01)
        assert (done, not_done) == ({fast}, {slow})
        gate.open.set()
        every = wait(iter([slow, fast]))
        return every.done == {slow, fast}, every.not_done, wait([]).done, wait([], timeout=1).not_done

    assert in_flow(waits) == (True, set(), set(), set())


def test_as_completed_gives_the_first_that_ends_first() -> None:
    """Futures come in the order in which their tasks end, each once, also when one is given twice."""

    def ends() -> Any:
        gates = [Gate() for _ in range(4)]
        futures = [gate.held.submit(number) for number, gate in enumerate(gates)]
        order = [2, 0, 3, 1]
        ending = as_completed([*futures, futures[0]])
        seen = []
        for number in order:
            gates[number].open.set()
            seen.append(next(ending).result())
        return seen == order, list(ending), list(as_completed([]))

    assert in_flow(ends) == (True, [], [])


def test_as_completed_can_be_left() -> None:
    """A program may stop walking; the other tasks go on."""

    def leaves() -> int:
        futures = [double.submit(n) for n in range(10)]
        for future in as_completed(futures):
            assert future.done()
            break
        return sum(future.result() for future in futures)

    assert in_flow(leaves) == 90


def test_callbacks_are_called_once_with_the_future() -> None:
    """A callback is called when the task ends, at once where it has, in the order they were added."""

    def calls() -> list[Any]:
        gate, called = Gate(), []
        future = gate.held.submit(5)
        future.add_done_callback(lambda one: called.append(("first", one is future, one.result())))
        future.add_done_callback(lambda one: called.append(("second", one.state.name)))
        gate.open.set()
        future.wait()
        future.add_done_callback(lambda one: called.append("after"))
        return called

    assert in_flow(calls) == [("first", True, 5), ("second", "Completed"), "after"]


def test_a_broken_callback_changes_nothing() -> None:
    """What a callback raises is logged: waiters, later callbacks and dependent tasks get the result all the same."""

    def breaks(future: PenstockFuture[Any]) -> None:
        raise RuntimeError("callback")

    def calls() -> Any:
        gate, called = Gate(), []
        future = gate.held.submit(5)
        future.add_done_callback(breaks)
        future.add_done_callback(lambda one: called.append("later"))
        dependent = double.submit(future)
        gate.open.set()
        answers = future.result(), dependent.result()
        future.add_done_callback(breaks)
        return *answers, called

    with captured("penstock.task_runners") as lines:
        assert in_flow(calls) == (5, 10, ["later"])
    assert len(lines) == 2
    for line in lines:
        assert line.startswith("ERROR A function to be called when task run ")
        assert line.endswith(" has ended failed")


@pytest.mark.parametrize("kind", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_a_callback_that_would_end_its_thread_does_not(kind: type[BaseException]) -> None:
    """The one thread of the pool lives on: tasks that wait for it are run, and later callbacks are called."""
    called: list[str] = []

    def breaks(future: PenstockFuture[Any]) -> None:
        raise kind

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=1))
    def around() -> tuple[int, int]:
        gate = Gate()
        future = gate.held.submit(5)
        future.add_done_callback(breaks)
        future.add_done_callback(lambda one: called.append("later"))
        waiting, dependent = double.submit(4), double.submit(future)
        gate.open.set()
        return waiting.result(timeout=PATIENCE_SECONDS), dependent.result(timeout=PATIENCE_SECONDS)

    with captured("penstock.task_runners") as lines:
        assert around() == (8, 10)
    assert called == ["later"]
    assert len(lines) == 1


def test_an_interrupt_of_the_main_thread_waits_for_the_other_callbacks() -> None:
    """Ctrl-C among callbacks is not lost, nor are the callbacks after it."""
    future = PenstockFuture[int](uuid4())
    called: list[str] = []

    def interrupted(_: PenstockFuture[int]) -> None:
        raise KeyboardInterrupt

    future.add_done_callback(interrupted)
    future.add_done_callback(lambda one: called.append(one.state.name))
    with captured("penstock.task_runners"), pytest.raises(KeyboardInterrupt):
        future.complete(Completed(data=3))
    assert (future.result(), called) == (3, ["Completed"])


def test_a_future_can_be_completed_once_by_hand() -> None:
    """A task runner of one's own completes futures by `complete`; the second time is refused."""
    future = PenstockFuture[int](uuid4())
    called: list[str] = []
    future.add_done_callback(lambda one: called.append(one.state.name))
    assert future.state.is_pending()
    assert future.complete(Completed(data=3))
    assert not future.complete(Failed(message="too late"))
    assert (future.result(), future.state.name, called) == (3, "Completed", ["Completed"])


def test_a_callback_that_asks_for_more_is_served() -> None:
    """A callback may add callbacks, submit tasks and ask for the result, in the thread that ended the task."""

    def chain() -> Any:
        answers: list[int] = []
        done = threading.Event()

        def second(future: PenstockFuture[int]) -> None:
            answers.append(future.result())
            done.set()

        def first(future: PenstockFuture[int]) -> None:
            answers.append(future.result())
            future.add_done_callback(second)

        double.submit(4).add_done_callback(first)
        done.wait(PATIENCE_SECONDS)
        return answers

    assert in_flow(chain) == [8, 8]


def test_threads_of_a_program_may_wait_for_one_future_together() -> None:
    """Twenty threads that wait for the same future all get its result."""

    def many() -> list[int]:
        gate, results = Gate(), []
        future = gate.held.submit(7)
        threads = [threading.Thread(target=lambda: results.append(future.result())) for _ in range(20)]
        for thread in threads:
            thread.start()
        gate.open.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        return results

    assert in_flow(many) == [7] * 20


def test_futures_show_their_run_and_state() -> None:
    """The representation of a future names its task run and state; Prefect's names stand for the same classes."""
    future = in_flow(lambda: double.submit(1))
    assert repr(future) == f"<PenstockFuture of task run {future.task_run_id}: Completed()>"
    assert (PrefectFuture, PrefectFutureList) == (PenstockFuture, PenstockFutureList)


def test_a_future_outlives_its_flow() -> None:
    """A future that left its flow still gives its result."""
    assert in_flow(lambda: double.submit(21)).result() == 42


def test_tasks_submitted_outside_of_flows_run_too() -> None:
    """Outside of flows, `submit` and `map` use a pool of the process."""
    assert double.submit(double.submit(1)).result() == 4
    assert double.map([1, 2, 3]).result() == [2, 4, 6]
    assert boom.submit().state is not None
    with pytest.raises(ValueError, match="^outside$"):
        boom.submit("outside").result()


def test_asking_again_and_again_leaves_nothing_behind() -> None:
    """A program may poll a future for hours: a wait that ends without a result is forgotten."""

    def polls() -> int | None:
        gate = Gate()
        future = gate.held.submit(1)
        for _ in range(50):
            future.wait(timeout=0)
            wait([future], timeout=0)
            with pytest.raises(TimeoutError):
                future.result(timeout=0)
            with pytest.raises(TimeoutError):
                list(as_completed([future], timeout=0))
        done = double.submit(1)
        for _ in range(50):
            next(as_completed([done, future]))
        left = len(future._callbacks or ())
        gate.open.set()
        return left

    assert in_flow(polls) == 0


def test_a_fork_while_a_future_is_completed_leaves_the_child_free(tmp_path: Path) -> None:
    """What a thread of the parent holds for an instant would be held for ever in the child."""
    program = written(
        tmp_path,
        """
        import os, signal
        from uuid import uuid4
        from penstock import futures
        from penstock.engine.remote import pickling
        from penstock.states import Completed
        from penstock.task_runners import child_process

        with futures._LOCK, pickling._registering, child_process._reaping:
            child = os.fork()
            if child == 0:
                signal.alarm(30)
                futures.PenstockFuture(uuid4()).complete(Completed(data=1))
                pickling.dumps(1, by_value=frozenset({"os"}))
                child_process._kill_all()
                os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """,
    )
    ended = started(program, tmp_path / "home")
    assert ended.communicate(timeout=PATIENCE_SECONDS * 2)[0] == "0\n"


def test_a_process_that_a_task_forks_runs_flows_and_tasks_of_its_own(tmp_path: Path) -> None:
    """The child waits for no thread and no lock of its parent's pool, which are not there."""
    program = written(
        tmp_path,
        """
        import os, signal
        from penstock import flow, task
        from penstock.task_runners.pool import worker_pool

        @task
        def one():
            return 1

        @flow
        def within():
            return one.submit().result()

        @task
        def forks():
            with worker_pool()._lock:
                child = os.fork()
            if child == 0:
                signal.alarm(30)
                os._exit(0 if within() + one.submit().result() == 2 else 1)
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

        @flow
        def around():
            return forks.submit().result()

        print(around())
        """,
    )
    ended = started(program, tmp_path / "home")
    assert ended.communicate(timeout=PATIENCE_SECONDS * 2)[0] == "0\n"
