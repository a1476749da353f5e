"""A time limit holds in the main thread and in others, alone and nested, whatever the block does."""

from __future__ import annotations

import os
import queue
import select
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from penstock.core.errors import TaskRunTimeoutError
from penstock.engine.timeouts import Allowance, Interrupted, Watchdog, call_within, deadline
from penstock.engine.timeouts import alarm as alarm_module
from penstock.engine.timeouts import deadline as _deadline_function
from penstock.engine.timeouts.alarm import alarm
from penstock.engine.timeouts.interruption import this_thread

Runner = Callable[[Callable[[], Any]], Any]

SOON = 0.02
LATER = 30.0


class Outer(Exception):
    """The error of an outer limit."""


class Inner(Exception):
    """The error of an inner limit."""


def in_another_thread(function: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


@pytest.fixture(params=["main thread", "another thread"])
def run(request: pytest.FixtureRequest) -> Runner:
    """Run a function in the main thread, and in another."""
    return in_another_thread if request.param == "another thread" else lambda function: function()


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    """After a test the alarm is given back, and the main thread is in no block."""
    before = signal.getsignal(signal.SIGALRM)
    yield
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert not alarm.installed
    assert this_thread().blocks == []
    assert this_thread().seen_at is None


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupt blocks that go on nevertheless again after milliseconds."""
    monkeypatch.setattr(alarm_module, "REPEAT_SECONDS", SOON)
    monkeypatch.setitem(_deadline_function.__globals__, "REPEAT_SECONDS", SOON)


def compute_for_ever() -> None:
    while True:
        for _ in range(1_000):
            pass


def poll_for_ever() -> None:
    while True:
        time.sleep(0.005)


@contextmanager
def out_of_reach() -> Iterator[None]:
    """Keep signals from the thread, as a call into C does from which they do not return."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def set_soon() -> threading.Event:
    """Return an event that is set from outside after several times `SOON`."""
    event = threading.Event()
    Watchdog.after(5 * SOON, event.set)
    return event


def test_a_block_that_keeps_its_time_is_left_alone(run: Runner) -> None:
    """Its value and its own exceptions pass."""

    def fail() -> None:
        raise KeyError("mine")

    assert run(lambda: call_within(LATER, Outer, lambda: 3)) == 3
    with pytest.raises(KeyError, match="mine"):
        run(lambda: call_within(LATER, Outer, fail))


def test_a_computation_is_interrupted(run: Runner) -> None:
    """Python code that never ends is stopped; the error is the one that the caller makes, raised where it was stopped."""

    def within() -> None:
        with deadline(SOON, lambda: TaskRunTimeoutError("too slow")):
            compute_for_ever()

    with pytest.raises(TaskRunTimeoutError, match="too slow") as caught:
        run(within)
    assert "compute_for_ever" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert caught.value.__suppress_context__


def wait_for_a_lock() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


def read_a_pipe() -> None:
    reader, writer = os.pipe()
    try:
        os.read(reader, 1)
    finally:
        os.close(reader)
        os.close(writer)


@pytest.mark.parametrize(
    "block",
    [
        lambda: threading.Event().wait(),
        lambda: select.select([], [], []),
        lambda: queue.Queue().get(),
        lambda: time.sleep(1_000),
        wait_for_a_lock,
        read_a_pipe,
    ],
)
def test_the_main_thread_is_interrupted_out_of_a_system_call(block: Callable[[], Any]) -> None:
    """Events, locks, sockets, queues, pipes, sleeping: the signal ends the call."""
    with pytest.raises(Outer):
        call_within(SOON, Outer, block)


def test_what_can_not_be_interrupted_ends_in_the_error_nevertheless(run: Runner) -> None:
    """A thread that waited in C for too long gets the error as soon as it is back; so does whoever looks at its result."""

    def within() -> None:
        event = set_soon()
        with out_of_reach(), deadline(SOON, Outer):
            event.wait()

    with pytest.raises(Outer):
        run(within)


def test_an_exception_after_the_time_is_the_cause_of_the_error(run: Runner) -> None:
    """What a block raised too late is still to be seen."""

    def fail_late() -> None:
        with suppress(Interrupted):
            compute_for_ever()
        raise KeyError("late")

    with pytest.raises(Outer) as caught:
        run(lambda: call_within(SOON, Outer, fail_late))
    assert isinstance(caught.value.__cause__, KeyError)


def test_users_except_exception_lets_the_interruption_pass(run: Runner) -> None:
    """A loop that survives every `Exception` is stopped."""

    def stubborn() -> None:
        while True:
            try:
                compute_for_ever()
            except Exception:
                pass

    with pytest.raises(Outer):
        run(lambda: call_within(SOON, Outer, stubborn))


def test_a_block_that_swallows_the_interruption_ends_in_the_error(run: Runner) -> None:
    """`except BaseException` changes what the block does, and not what comes of it."""
    seen: list[BaseException] = []

    def swallow() -> None:
        try:
            compute_for_ever()
        except BaseException as error:
            seen.append(error)

    with pytest.raises(Outer):
        run(lambda: call_within(SOON, Outer, swallow))
    assert [type(error) for error in seen] == [Interrupted]
    assert "time limit" in str(seen[0])


@pytest.mark.usefixtures("impatient")
def test_a_block_that_goes_on_is_interrupted_again(run: Runner) -> None:
    """Swallowing it once, or many times, is not enough to go on for ever."""
    swallowed: list[BaseException] = []

    def swallow_some() -> None:
        while len(swallowed) < 5:
            try:
                compute_for_ever()
            except BaseException as error:
                swallowed.append(error)
        compute_for_ever()

    with pytest.raises(Outer):
        run(lambda: call_within(SOON, Outer, swallow_some))
    assert len(swallowed) == 5


@pytest.mark.usefixtures("impatient")
def test_cleaning_up_is_not_interrupted(run: Runner) -> None:
    """`finally` and `except` blocks may take longer than it takes to be interrupted again."""
    cleaned: list[str] = []

    def clean_up_slowly() -> None:
        try:
            compute_for_ever()
        finally:
            event = set_soon()
            while not event.is_set():
                pass
            cleaned.append("all")

    with pytest.raises(Outer):
        run(lambda: call_within(SOON, Outer, clean_up_slowly))
    assert cleaned == ["all"]


def test_the_inner_limit_ends_the_inner_block(run: Runner) -> None:
    """The outer block goes on, and may end well."""

    def within() -> str:
        with deadline(LATER, Outer):
            with pytest.raises(Inner):
                call_within(SOON, Inner, compute_for_ever)
            return "went on"

    assert run(within) == "went on"


def test_the_outer_limit_ends_both(run: Runner) -> None:
    """An interruption for the outer block passes through the inner one, whose error is not raised."""
    passed: list[str] = []

    def inner() -> None:
        try:
            call_within(LATER, Inner, compute_for_ever)
        except Exception:
            passed.append("an error")
        finally:
            passed.append("finally")

    with pytest.raises(Outer):
        run(lambda: call_within(SOON, Outer, inner))
    assert passed == ["finally"]


def test_the_outer_limit_holds_after_the_inner_one(run: Runner) -> None:
    """A block that handles its inner time-outs and tries again for ever is ended by the outer one."""

    def retry_for_ever() -> None:
        while True:
            try:
                call_within(SOON / 10, Inner, compute_for_ever)
            except Inner:
                continue

    with pytest.raises(Outer):
        run(lambda: call_within(5 * SOON, Outer, retry_for_ever))


def test_of_two_limits_at_the_same_moment_the_outer_one_counts(run: Runner) -> None:
    """Both are over: whatever the inner block does about its error, the outer one ends."""

    def inner() -> None:
        while True:
            try:
                call_within(SOON, Inner, compute_for_ever)
            except Inner:
                continue

    for _ in range(20):
        with pytest.raises(Outer):
            run(lambda: call_within(SOON, Outer, inner))


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_ends_the_process_goes_first(run: Runner, error: type[BaseException]) -> None:
    """Ctrl-C in a block that is too late as well is Ctrl-C."""

    def interrupted_late() -> None:
        with suppress(Interrupted):
            compute_for_ever()
        raise error

    def within() -> type[BaseException] | None:
        try:
            call_within(SOON, Outer, interrupted_late)
        except BaseException as raised:
            return type(raised)
        return None

    assert run(within) is error


def test_no_time_at_all_is_an_error(run: Runner) -> None:
    """A limit of nothing, or less, is over before the block begins."""
    for seconds in (0, -1):
        with pytest.raises(Outer):
            run(lambda seconds=seconds: call_within(seconds, Outer, lambda: None))


def test_what_leaves_locks_behind_is_not_torn_apart(run: Runner) -> None:
    """Interrupted again and again while it sets and waits for events, a thread never leaves one locked."""
    event, other = threading.Event(), threading.Event()

    def ping() -> None:
        while True:
            event.set()
            other.wait(0)
            for _ in range(200):
                pass

    def ping_again() -> None:
        for _ in range(150):
            with pytest.raises(Outer):
                call_within(0.0003, Outer, ping)
            for each in (event, other):
                assert each._cond.acquire(timeout=LATER)  # type: ignore[attr-defined]
                each._cond.release()  # type: ignore[attr-defined]

    run(ping_again)


def test_what_disposes_of_something_is_not_interrupted(run: Runner) -> None:
    """Python loses exceptions that are raised there, and says so on standard error; the interruption comes after it."""
    swallowed: list[BaseException] = []

    class Slow:
        def __del__(self) -> None:
            try:
                for _ in range(1_000):
                    pass
            except BaseException as error:
                swallowed.append(error)

    def dispose_for_ever() -> None:
        while True:
            Slow()
            for _ in range(1_000):
                pass

    for _ in range(10):
        with pytest.raises(Outer):
            run(lambda: call_within(SOON, Outer, dispose_for_ever))
    assert swallowed == []


def test_a_thread_that_polls_a_queue_is_interrupted(run: Runner) -> None:
    """Also one that is nearly always within Python's own code for waiting."""

    def poll() -> None:
        empty: queue.Queue[int] = queue.Queue()
        while True:
            with suppress(queue.Empty):
                empty.get(timeout=0.01)

    with pytest.raises(Outer):
        run(lambda: call_within(SOON, Outer, poll))


def test_the_steps_of_a_generator_share_an_allowance(run: Runner) -> None:
    """The time of the one who takes the values is not the generator's; a step that takes too long is interrupted."""

    def numbers() -> Iterator[int]:
        try:
            yield 1
            yield 2
            compute_for_ever()
        finally:
            closed.append(True)

    closed: list[bool] = []

    def take_slowly() -> None:
        allowance, steps = Allowance(4 * SOON, Outer), numbers()
        for expected in (1, 2):
            assert allowance.call(lambda: next(steps)) == expected
            set_soon().wait()
        allowance.call(lambda: next(steps))

    with pytest.raises(Outer):
        run(take_slowly)
    assert closed == [True]


def test_five_hundred_threads_at_once() -> None:
    """Each is interrupted, for itself."""
    start = threading.Barrier(500)

    def within(number: int) -> int:
        start.wait()
        try:
            call_within(SOON, lambda: Outer(number), poll_for_ever)
        except Outer as error:
            return int(error.args[0])
        return -1

    with ThreadPoolExecutor(500) as pool:
        assert list(pool.map(within, range(500))) == list(range(500))


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_begins_anew(run: Runner) -> None:
    """Its parent's limits are not its own: the alarm is given back, and new limits hold."""

    def check_in_child() -> int:
        with deadline(LATER, Outer):
            child = os.fork()
            if child:
                return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            outcome = 3
            try:
                if signal.getsignal(signal.SIGALRM) == signal.SIG_DFL and not this_thread().blocks:
                    call_within(SOON, Inner, compute_for_ever)
            except Inner:
                outcome = 0
            finally:
                os._exit(outcome)

    assert run(check_in_child) == 0
