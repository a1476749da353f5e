"""The thread pool: how many run at once, in which order, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from support.record import history, task_runs

from penstock import flow, task
from penstock.futures import PenstockFuture, wait
from penstock.task_runners import ConcurrentTaskRunner, ThreadPoolTaskRunner

PATIENCE_SECONDS = 30
"""How long a test waits for what must come, before it says that it did not."""


@task
def identity(x: Any) -> Any:
    return x


@task
def meet(barrier: threading.Barrier) -> int:
    return barrier.wait(PATIENCE_SECONDS)


def in_flow(function: Callable[[], Any], workers: int | None = None) -> Any:
    """Return what `function` returns within a flow whose pool has so many threads."""

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=workers))
    def around() -> Any:
        return function()

    return around()


def test_as_many_tasks_run_at_once_as_there_are_workers() -> None:
    """Four tasks that wait for one another end on four threads."""
    barrier = threading.Barrier(4)
    assert sorted(in_flow(lambda: [one.result() for one in [meet.submit(barrier) for _ in range(4)]], 4)) == [
        0,
        1,
        2,
        3,
    ]


def test_idle_threads_each_take_one_of_several_submitted_at_once() -> None:
    """With threads idle, tasks that come in quick succession all begin: none is left behind a task that waits for it."""

    def twice() -> list[int]:
        rounds = []
        for _ in range(20):
            wait([identity.submit(n) for n in range(4)])
            barrier = threading.Barrier(4)
            rounds += [one.result() for one in [meet.submit(barrier) for _ in range(4)]]
        return rounds

    assert sorted(in_flow(twice, 4)) == sorted([0, 1, 2, 3] * 20)


def test_a_pool_without_a_bound_grows_until_all_that_wait_for_one_another_run() -> None:
    """Sixty tasks that meet all run at once, though the pool begins small."""
    barrier = threading.Barrier(60)
    assert sorted(in_flow(lambda: meet.map([barrier] * 60).result())) == list(range(60))


def test_no_more_tasks_run_at_once_than_workers() -> None:
    """Of 40 tasks on 3 threads never more than 3 are within their function."""
    lock, running, most = threading.Lock(), [0], [0]

    @task
    def counts() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        for _ in range(200):
            repr(running)
        with lock:
            running[0] -= 1

    in_flow(lambda: wait([counts.submit() for _ in range(40)]), 3)
    assert 1 <= most[0] <= 3


class Lent:
    """A place of the pool that is lent: `lends` waits for a task elsewhere, which ends when `borrows` has begun in its place.

    Then both work, until they have met.
    """

    def __init__(self, elsewhere: ThreadPoolTaskRunner) -> None:
        self.gate = threading.Event()
        self.barrier = threading.Barrier(2)
        self.opened = elsewhere.submit(held_until, {"gate": self.gate})

    def submit(self) -> list[PenstockFuture[int]]:
        @task
        def lends() -> int:
            assert self.opened.result()
            return self.barrier.wait(PATIENCE_SECONDS)

        @task
        def borrows() -> int:
            self.gate.set()
            return self.barrier.wait(PATIENCE_SECONDS)

        return [lends.submit(), borrows.submit()]


@task
def held_until(gate: threading.Event) -> bool:
    return gate.wait(PATIENCE_SECONDS)


def test_a_task_that_waited_goes_on_beside_the_one_that_took_its_place() -> None:
    """On one thread, both work for a moment: were the first to wait for its place, these two would wait for ever."""
    with ThreadPoolTaskRunner(max_workers=1) as elsewhere:
        both = in_flow(lambda: [one.result() for one in Lent(elsewhere).submit()], 1)
    assert sorted(both) == [0, 1]


def test_a_thread_that_stood_in_takes_nothing_more() -> None:
    """However many tasks are queued: once the waiting task goes on, no more run at once than there are workers."""
    lock, running, most = threading.Lock(), [0], [0]

    @task
    def counts() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        for _ in range(5000):
            repr(running)
        with lock:
            running[0] -= 1

    def lent_and_more() -> None:
        both = Lent(elsewhere).submit()
        wait([*both, *(counts.submit() for _ in range(300))])

    with ThreadPoolTaskRunner(max_workers=1) as elsewhere:
        in_flow(lent_and_more, 1)
    assert most == [1]


def test_one_worker_runs_tasks_in_the_order_of_their_submission() -> None:
    """On one thread, tasks that depend on nothing run first come, first served."""
    order: list[int] = []

    @task
    def notes(n: int) -> None:
        order.append(n)

    in_flow(lambda: wait([notes.submit(n) for n in range(50)]), 1)
    assert order == list(range(50))


def test_a_flow_ends_after_the_tasks_it_did_not_wait_for() -> None:
    """Tasks that nobody asked about have ended when the flow has."""
    begun, released, ended = threading.Event(), threading.Event(), threading.Event()

    @task
    def lingers() -> None:
        begun.set()
        released.wait(PATIENCE_SECONDS)
        ended.set()

    def leaves() -> str:
        lingers.submit()
        begun.wait(PATIENCE_SECONDS)
        released.set()
        return "left"

    assert in_flow(leaves) == "left"
    assert ended.is_set()
    assert [history(one) for one in task_runs()] == ["Pending Running Completed"]


def test_a_flow_ends_after_what_its_last_tasks_submitted() -> None:
    """A task that submits another when the flow's function has returned is part of the run, and so is the other one."""
    begun, left = threading.Event(), threading.Event()

    @task
    def submits() -> None:
        begun.set()
        left.wait(PATIENCE_SECONDS)
        identity.submit(1)

    class Closing(ThreadPoolTaskRunner):
        def close(self, cancel: bool = False) -> None:
            left.set()
            super().close(cancel)

    @flow(task_runner=Closing(2))
    def leaves() -> None:
        submits.submit()
        begun.wait(PATIENCE_SECONDS)

    leaves()
    assert [history(one) for one in task_runs()] == ["Pending Running Completed"] * 2


def test_a_failed_flow_does_not_begin_what_its_last_tasks_submit() -> None:
    """What a running task submits after the flow has failed is Cancelled, and does not hold up the flow's end."""
    begun, closing = threading.Event(), threading.Event()

    @task
    def submits() -> str:
        begun.set()
        closing.wait(PATIENCE_SECONDS)
        return identity.submit(1).state.name

    class Closing(ThreadPoolTaskRunner):
        def close(self, cancel: bool = False) -> None:
            queued.add_done_callback(lambda _: closing.set())
            super().close(cancel)

    queued: Any = None

    @flow(task_runner=Closing(1))
    def fails() -> None:
        nonlocal queued
        submits.submit()
        queued = identity.submit(0)
        begun.wait(PATIENCE_SECONDS)
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        fails()
    assert [history(one) for one in task_runs()] == [
        "Pending Running Completed",
        "Pending Cancelled",
        "Pending Cancelled",
    ]


def test_what_no_thread_can_run_has_ended() -> None:
    """Where the system has no room for a single thread, `submit` says so, and the flow is not held up by the task."""

    def refused() -> str:
        before = threading.stack_size(2**46)
        try:
            with pytest.raises(RuntimeError, match="can't start new thread"):
                identity.submit(1)
        finally:
            threading.stack_size(before)
        return "went on"

    assert in_flow(refused, 2) == "went on"
    (crashed,) = task_runs()
    assert history(crashed) == "Pending Crashed"
    assert crashed.state.message == "No thread could start to run it: can't start new thread."


def test_a_flow_that_is_interrupted_while_it_waits_for_its_tasks_leaves_none_behind() -> None:
    """Where an interrupt meets a flow that only waits for its tasks, those under way and those in the queue are Crashed."""
    begun, released = threading.Event(), threading.Event()

    @task
    def holds() -> None:
        begun.set()
        released.wait(PATIENCE_SECONDS)

    class Interrupted(ThreadPoolTaskRunner):
        def close(self, cancel: bool = False) -> None:
            raise KeyboardInterrupt

    @flow(task_runner=Interrupted(1))
    def leaves() -> None:
        holds.submit()
        identity.submit(1)
        begun.wait(PATIENCE_SECONDS)

    with pytest.raises(KeyboardInterrupt):
        leaves()
    released.set()
    assert [history(one) for one in task_runs()] == ["Pending Running Crashed", "Pending Crashed"]


def test_a_failed_flow_does_not_begin_what_has_not_begun() -> None:
    """When a flow raises, queued tasks are Cancelled with the reason and running ones are waited for."""
    begun, released = threading.Event(), threading.Event()

    @task
    def holds() -> None:
        begun.set()
        released.wait(PATIENCE_SECONDS)

    def fails() -> None:
        holds.submit()
        queued = identity.submit(1)
        identity.submit(queued)
        begun.wait(PATIENCE_SECONDS)
        queued.add_done_callback(lambda _: released.set())
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        in_flow(fails, 1)
    held, *others = task_runs()
    assert history(held) == "Pending Running Completed"
    assert [history(one) for one in others] == ["Pending Cancelled"] * 2
    assert others[0].state.message == "The flow run ended before this task run began."


def test_threads_end_with_the_flow() -> None:
    """No thread of the pool is left when the flow has ended."""
    before = set(threading.enumerate())

    def used() -> set[threading.Thread]:
        wait(identity.map(range(8)))
        return {one for one in set(threading.enumerate()) - before if one.name.startswith("penstock-task")}

    threads = in_flow(used, 4)
    assert threads
    assert not threads.intersection(threading.enumerate())


def test_a_runner_can_be_used_by_itself() -> None:
    """A task runner is a context manager, outside of flows too, and can be used again."""
    with ThreadPoolTaskRunner(max_workers=2) as runner:
        first = runner.submit(identity, {"x": 1})
        assert runner.map(identity, {"x": [1, 2]}).result() == [1, 2]
    assert first.result() == 1
    with runner:
        assert runner.submit(identity, {"x": 2}).result() == 2


def test_runners_of_one_configuration_are_equal() -> None:
    """Runners compare by what they were given; a duplicate is another runner of the same kind."""
    runner = ThreadPoolTaskRunner(max_workers=3)
    assert runner == runner.duplicate()
    assert runner is not runner.duplicate()
    assert runner != ThreadPoolTaskRunner(max_workers=4)
    assert len({runner, runner.duplicate(), ThreadPoolTaskRunner()}) == 2
    assert ConcurrentTaskRunner is ThreadPoolTaskRunner


def test_a_runner_without_workers_is_refused() -> None:
    """A pool needs a thread."""
    with pytest.raises(ValueError, match="^ThreadPoolTaskRunner was given max_workers=0; it needs at least 1 thread.$"):
        ThreadPoolTaskRunner(max_workers=0)


def test_a_flow_takes_a_runner_or_its_class() -> None:
    """`task_runner` may be a class, which is made without arguments."""

    @flow(task_runner=ThreadPoolTaskRunner)
    def by_class() -> int:
        return identity.submit(3).result()

    assert by_class() == 3
    assert isinstance(by_class.task_runner, ThreadPoolTaskRunner)


def test_a_pool_that_can_not_have_more_threads_goes_on_with_those_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system refuses a thread, tasks wait for the others; where it refuses the first one, `submit` says so."""
    begin, refused, before = threading.Thread.start, [], set(threading.enumerate())

    def start(thread: threading.Thread) -> None:
        new = set(threading.enumerate()) - before
        pool_threads = [one for one in new if one.name.startswith("penstock-task")]
        if thread.name.startswith("penstock-task") and len(pool_threads) >= allowed:
            refused.append(thread.name)
            raise RuntimeError("can't start new thread")
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    allowed = 1

    @task
    def parent(n: int) -> int:
        return identity.submit(n).result(timeout=PATIENCE_SECONDS if n == 0 else None)

    assert in_flow(lambda: identity.map(range(20)).result(), 4) == list(range(20))
    assert in_flow(lambda: parent.map(range(1, 5)).result(), 4) == [1, 2, 3, 4]
    assert refused
    allowed = 0
    with pytest.raises(RuntimeError, match="can't start new thread"):
        in_flow(lambda: identity.submit(1), 4)
