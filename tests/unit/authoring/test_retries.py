"""Tasks and flows that are tried again, by a clock that moves when they sleep."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support.log_lines import captured
from support.record import history, only_flow_run, only_task_run, task_runs

from penstock import flow, runtime, task
from penstock.core.retries import MAX_RETRY_DELAY_SECONDS
from penstock.exceptions import FailedRun
from penstock.states import Cancelled, Completed, Failed, State
from penstock.tasks import exponential_backoff
from penstock.testing import moving_clock


class Flaky:
    """A function that fails so many times before it succeeds."""

    def __init__(self, failures: int) -> None:
        self.failures, self.calls = failures, 0

    def __call__(self) -> int:
        self.calls += 1
        if self.calls <= self.failures:
            raise ConnectionError(f"failure {self.calls}")
        return self.calls


def test_a_task_is_tried_again_until_it_succeeds() -> None:
    """Two failures and a success: three attempts, each seen in the history, and a run count of three."""
    flaky = Flaky(2)

    @task(retries=5)
    def tried() -> tuple[int, int]:
        return flaky(), runtime.task_run.run_count

    assert tried() == (3, 3)
    run = only_task_run()
    assert history(run) == "Pending Running Retrying Retrying Completed"
    assert (run.run_count, run.retries, run.error.message if run.error else None) == (3, 5, None)


def test_a_task_fails_when_no_retry_is_left() -> None:
    """The last exception is what the caller gets, and the record shows each attempt."""
    flaky = Flaky(9)
    with moving_clock() as clock, pytest.raises(ConnectionError, match="^failure 3$"):
        task(retries=2, retry_delay_seconds=10)(flaky)()
    assert clock.slept == [10, 10]
    run = only_task_run()
    assert history(run) == "Pending Running AwaitingRetry Retrying AwaitingRetry Retrying Failed"
    awaiting = run.states[2]
    assert awaiting.scheduled_time is not None
    assert (awaiting.scheduled_time - awaiting.timestamp).total_seconds() == pytest.approx(10)
    assert awaiting.message == "Run failed with an exception: ConnectionError: failure 1"
    assert (run.states[3].timestamp - awaiting.timestamp).total_seconds() == pytest.approx(10)
    assert run.total_run_seconds == pytest.approx(0)


@pytest.mark.parametrize(
    ("delay", "slept"),
    [
        (None, []),
        (0, []),
        (1.5, [1.5, 1.5, 1.5, 1.5]),
        ([1, 2], [1, 2, 2, 2]),
        ([3, 0, 5], [3, 5, 5]),
        ([], []),
        ((4,), [4, 4, 4, 4]),
        (lambda retries: [retries * 10 + n for n in range(retries)], [40, 41, 42, 43]),
        (exponential_backoff(3), [3, 6, 12, 24]),
    ],
)
def test_delays(delay: Any, slept: list[float]) -> None:
    """A delay is a number, a list whose last one serves the rest, or a function of the number of retries."""
    flaky = Flaky(4)
    with moving_clock() as clock:
        assert task(retries=4, retry_delay_seconds=delay)(flaky)() == 5
    assert clock.slept == slept


def test_jitter_spreads_delays_to_both_sides() -> None:
    """With a factor of 0.5 each delay lies within half of what was asked and they differ; the mean is what was asked."""
    flaky = Flaky(400)
    with moving_clock() as clock:
        task(retries=400, retry_delay_seconds=10, retry_jitter_factor=0.5)(flaky)()
    assert all(5 <= one <= 15 for one in clock.slept)
    assert len({round(one, 6) for one in clock.slept}) > 300
    assert min(clock.slept) < 6
    assert max(clock.slept) > 14
    assert sum(clock.slept) / 400 == pytest.approx(10, abs=1)


def test_no_delay_is_longer_than_a_month() -> None:
    """Delays that grow without end are bounded."""
    with moving_clock() as clock:
        task(retries=1, retry_delay_seconds=1e300)(Flaky(1))()
    assert clock.slept == [MAX_RETRY_DELAY_SECONDS]


def test_a_condition_decides_on_each_retry() -> None:
    """The condition is given the task, its run and the failed state."""
    seen: list[Any] = []

    def connections_only(of: Any, run: Any, state: State[Any]) -> bool:
        seen.append((of.name, run.run_count, state.name))
        return isinstance(state.result(raise_on_failure=False), ConnectionError)

    @task(retries=5, retry_condition_fn=connections_only)
    def picky(calls: list[int]) -> None:
        calls.append(1)
        raise ConnectionError("again") if len(calls) < 3 else ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        picky([])
    assert seen == [("picky", 1, "Failed"), ("picky", 2, "Failed"), ("picky", 3, "Failed")]


def test_an_async_condition_is_awaited() -> None:
    """A condition may be async, for sync and async tasks."""

    async def never(of: Any, run: Any, state: State[Any]) -> bool:
        await asyncio.sleep(0)
        return False

    flaky, async_flaky = Flaky(1), Flaky(1)

    @task(retries=3, retry_condition_fn=never)
    async def later() -> int:
        return async_flaky()

    with pytest.raises(ConnectionError):
        task(retries=3, retry_condition_fn=never)(flaky)()
    with pytest.raises(ConnectionError):
        asyncio.run(later())
    assert flaky.calls == async_flaky.calls == 1


def test_a_broken_condition_means_no_retry() -> None:
    """A condition that raises is logged; the task ends with its own error."""

    def broken(of: Any, run: Any, state: State[Any]) -> bool:
        raise RuntimeError("condition")

    flaky = Flaky(1)
    with captured("penstock.task_runs") as lines, pytest.raises(ConnectionError):
        task(name="tried", retries=3, retry_condition_fn=broken)(flaky)()
    assert "ERROR retry_condition_fn of task 'tried' failed; no retry." in lines
    assert flaky.calls == 1


def test_a_returned_failed_state_is_tried_again() -> None:
    """A task that returns a Failed state is retried as one that raises; other states are taken as they are."""
    calls: list[str] = []

    @task(retries=2)
    def says(maker: Any) -> State[Any]:
        calls.append(maker.__name__)
        return maker(message="so", data=1)

    assert says(Failed, return_state=True).message == "so"
    assert says(Cancelled, return_state=True).is_cancelled()
    assert says(Completed, return_state=True).result() == 1
    assert calls == ["Failed"] * 3 + ["Cancelled", "Completed"]


def test_submitted_tasks_are_tried_again() -> None:
    """The same in the background; another task waits until the last attempt."""
    flaky = Flaky(2)

    @task(retries=2, retry_delay_seconds=60)
    def tried() -> int:
        return flaky()

    @task
    def after(x: int) -> int:
        return x * 10

    @flow
    def submits() -> int:
        return after.submit(tried.submit()).result()

    with moving_clock() as clock:
        assert submits() == 30
    assert clock.slept == [60, 60]
    assert history(task_runs()[0]) == "Pending Running AwaitingRetry Retrying AwaitingRetry Retrying Completed"


def test_async_tasks_are_tried_again() -> None:
    """Async tasks sleep without blocking the loop, by the same clock."""
    flaky = Flaky(3)

    @task(retries=3, retry_delay_seconds=[1, 2, 3])
    async def tried() -> int:
        return flaky()

    with moving_clock() as clock:
        assert asyncio.run(tried()) == 4
    assert clock.slept == [1, 2, 3]


def test_a_generator_is_tried_again_from_its_start() -> None:
    """A task that yields begins anew: what it yielded before the failure comes again."""
    flaky = Flaky(1)

    @task(retries=1)
    def yields() -> Any:
        yield 1
        yield flaky()

    assert list(yields()) == [1, 1, 2]
    assert history(only_task_run()) == "Pending Running Retrying Completed"


def test_a_flow_is_tried_again() -> None:
    """A flow's retries, delays and run count; its tasks run again where their results are not persisted."""
    flaky, counts = Flaky(2), []

    @task
    def step() -> None:
        counts.append(runtime.flow_run.run_count)

    @flow(retries=3, retry_delay_seconds=30)
    def tried() -> int:
        step()
        return flaky()

    with moving_clock() as clock:
        assert tried() == 3
    assert clock.slept == [30, 30]
    assert counts == [1, 2, 3]
    run = only_flow_run()
    assert history(run) == "Pending Running AwaitingRetry Retrying AwaitingRetry Retrying Completed"
    assert (run.run_count, run.retries, run.attempt) == (3, 3, 1)
    assert run.error is None


def test_a_flow_fails_when_no_retry_is_left() -> None:
    """So does one that returns a Failed state, or whose returned future failed."""

    @task
    def boom() -> None:
        raise ValueError("boom")

    @flow(retries=1)
    def raises() -> None:
        boom()

    @flow(retries=1)
    def says() -> State[Any]:
        return Failed(message="so")

    @flow(retries=1)
    def returns_future() -> Any:
        return boom.submit()

    for failing, error in ((raises, ValueError), (says, FailedRun), (returns_future, ValueError)):
        with pytest.raises(error):
            failing()
    assert len(task_runs()) == 4


def test_an_async_flow_is_tried_again() -> None:
    """The same for async flows."""
    flaky = Flaky(1)

    @flow(retries=1, retry_delay_seconds=5)
    async def tried() -> int:
        return flaky()

    with moving_clock() as clock:
        assert asyncio.run(tried()) == 2
    assert clock.slept == [5]


def test_hooks_of_running_are_called_at_every_attempt() -> None:
    """`on_running` is called for Running and for each Retrying; `on_failure` once, at the end."""
    seen: list[str] = []

    def notes(of: Any, run: Any, state: State[Any]) -> None:
        seen.append(f"{of.name} {state.name}")

    task(name="t", retries=1, on_running=[notes], on_failure=[notes])(Flaky(9))(return_state=True)
    flow(name="f", retries=1, on_running=[notes], on_failure=[notes])(Flaky(9))(return_state=True)
    assert seen == ["t Running", "t Retrying", "t Failed", "f Running", "f Retrying", "f Failed"]


def test_interruptions_are_not_tried_again() -> None:
    """Ctrl-C and sys.exit end a task at once, whatever its retries."""
    calls: list[str] = []

    @task(retries=5)
    def interrupted(error: BaseException) -> None:
        calls.append(type(error).__name__)
        raise error

    for error in (KeyboardInterrupt(), SystemExit(3)):
        with pytest.raises(type(error)):
            interrupted(error)
    assert calls == ["KeyboardInterrupt", "SystemExit"]
    assert [history(run) for run in task_runs()] == ["Pending Running Crashed"] * 2
