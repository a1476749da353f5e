"""The process's one alarm is lent while the main thread has a time limit, and given back as it was."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from penstock.engine.timeouts import Watchdog, call_within, deadline
from penstock.engine.timeouts.alarm import alarm

SOON = 0.02
LATER = 30.0


class Outer(Exception):
    """The error of an outer limit."""


class Inner(Exception):
    """The error of an inner limit."""


@pytest.fixture
def rung() -> Iterator[list[str]]:
    """Someone else's SIGALRM handler, and what it was called for."""
    calls: list[str] = []
    before = signal.signal(signal.SIGALRM, lambda *_: calls.append("theirs"))
    yield calls
    assert not alarm.installed
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def test_another_s_handler_and_timer_are_given_back(rung: list[str]) -> None:
    """What was left on the timer, and its interval, are there again after the block, and it rings."""
    handler = signal.getsignal(signal.SIGALRM)
    signal.setitimer(signal.ITIMER_REAL, LATER, LATER + 1)
    with pytest.raises(Outer):
        call_within(SOON, Outer, lambda: threading.Event().wait())
    left, interval = signal.getitimer(signal.ITIMER_REAL)
    assert signal.getsignal(signal.SIGALRM) is handler
    assert 0 < left < LATER
    assert interval == LATER + 1
    signal.setitimer(signal.ITIMER_REAL, SOON)
    signal.pause()
    assert rung == ["theirs"]


def test_another_s_timer_rings_while_the_alarm_is_lent(rung: list[str]) -> None:
    """A timer that is due within a block calls its handler then, once or at its interval; the block goes on."""

    def wait_for_rings() -> None:
        while len(rung) < 3:
            signal.pause()

    signal.setitimer(signal.ITIMER_REAL, SOON, SOON)
    with deadline(LATER, Outer):
        with deadline(LATER, Inner):
            wait_for_rings()
        wait_for_rings()
    assert signal.getitimer(signal.ITIMER_REAL)[1] == SOON


def test_another_s_timer_may_raise_through_the_block(rung: list[str]) -> None:
    """Time-outs that users make with SIGALRM themselves go on working around a block."""

    def ring(*_: Any) -> None:
        raise KeyError("their time-out")

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SOON)
    with pytest.raises(KeyError, match="their time-out"), deadline(LATER, Outer):
        threading.Event().wait()


def test_a_block_whose_alarm_was_taken_away_is_still_late(rung: list[str]) -> None:
    """Code that uses SIGALRM inside a block takes the interruption away, and not the error."""

    def use_the_alarm() -> None:
        handler = signal.signal(signal.SIGALRM, signal.SIG_IGN)
        late = threading.Event()
        Watchdog.after(5 * SOON, late.set)
        late.wait()
        signal.signal(signal.SIGALRM, handler)

    with pytest.raises(Outer):
        call_within(SOON, Outer, use_the_alarm)


def test_an_alarm_that_was_not_heard_rings_again() -> None:
    """Where the alarm rings right before a call that waits, the thread does not learn of it: the next one ends the wait."""

    def miss_the_alarm_and_wait() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        signal.sigwait({signal.SIGALRM})
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
        threading.Event().wait()

    with pytest.raises(Outer):
        call_within(SOON, Outer, miss_the_alarm_and_wait)
