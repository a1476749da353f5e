"""Functions are called later, in order, by one thread, unless they are taken back."""

from __future__ import annotations

import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from time import monotonic

import pytest

from penstock.engine.timeouts import Watchdog
from penstock.engine.timeouts import watchdog as watchdog_module

PATIENCE_SECONDS = 60


def test_calls_are_made_in_the_order_in_which_they_are_due() -> None:
    """Not in the order in which they were asked for: none is made before another that was surely due earlier."""
    made: list[list[float]] = []
    done = threading.Event()
    for delay in (5, 1, 4, 2, 3):
        due = [monotonic() + delay / 100]
        Watchdog.after(delay / 100, lambda due=due: made.append(due))
        due.append(monotonic() + delay / 100)
    Watchdog.after(0.1, done.set)
    assert done.wait(PATIENCE_SECONDS)
    assert len(made) == 5
    assert all(earlier[0] <= later[1] for earlier, later in pairwise(made))


def test_a_call_that_is_taken_back_is_not_made() -> None:
    """Taking it back says whether it came in time."""
    calls: list[str] = []
    done = threading.Event()
    taken_back = Watchdog.after(60, lambda: calls.append("never"))
    made = Watchdog.after(0.0, lambda: calls.append("made"))
    assert taken_back() is True
    assert taken_back() is False
    Watchdog.after(0.03, done.set)
    assert done.wait(PATIENCE_SECONDS)
    assert made() is False
    assert calls == ["made"]


def test_a_function_that_fails_is_logged_and_the_next_is_called(caplog: pytest.LogCaptureFixture) -> None:
    """One broken function is not the end of everybody's time limits."""
    done = threading.Event()

    def fail() -> None:
        raise KeyError("mine")

    with caplog.at_level(logging.ERROR, "penstock.timeouts"):
        Watchdog.after(0, fail)
        Watchdog.after(0.01, done.set)
        assert done.wait(PATIENCE_SECONDS)
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["'mine'"]


def test_calls_that_were_taken_back_take_no_room() -> None:
    """A hundred thousand tasks that keep their hour leave nothing behind."""
    for _ in range(100_000):
        Watchdog.after(3_600, lambda: None)()
    assert len(watchdog_module._agenda) < 200


def test_all_threads_share_one() -> None:
    """Many threads that ask at once get one thread, and every call is made."""
    calls = threading.Semaphore(0)
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _: Watchdog.after(0.001, calls.release), range(1_000)))
    assert all(calls.acquire(timeout=PATIENCE_SECONDS) for _ in range(1_000))
    assert [thread.name for thread in threading.enumerate()].count("penstock-watchdog") == 1


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_its_own() -> None:
    """The calls of the parent are not made twice, and new ones are made."""
    reader, writer = os.pipe()
    Watchdog.after(0.05, lambda: os.write(writer, b"p"))
    child = os.fork()
    if child == 0:
        done = threading.Event()
        Watchdog.after(0.1, lambda: (os.write(writer, b"c"), done.set()))
        done.wait(PATIENCE_SECONDS)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    received = b""
    while len(received) < 2:
        received += os.read(reader, 10)
    os.close(reader)
    os.close(writer)
    assert sorted(received) == sorted(b"pc")
