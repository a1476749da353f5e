"""SIGTERM within a block: where it is raised, when it is held back, and that it is never lost."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest

import penstock
from penstock.core.errors import TerminationSignal
from penstock.core.ids import uuid7
from penstock.engine import termination
from penstock.engine.termination import termination_raises

RUN_ID = uuid7()

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGTERM is a signal of POSIX")


def as_ours(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function, and those inside of it, look like work of Penstock's own, which is not interrupted."""
    function.__code__ = _ours(function.__code__)
    return function


def _ours(code: CodeType) -> CodeType:
    place = os.path.join(os.path.dirname(penstock.__file__), "own_work.py")
    inner = tuple(_ours(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=place, co_consts=inner)


@as_ours
def work_that_is_struck(rounds: int) -> list[int]:
    """Be struck, and go on for a while."""
    signal.raise_signal(signal.SIGTERM)
    return list(map(str.__len__, map(str, range(rounds))))


def terminated(block: Callable[[], None]) -> TerminationSignal:
    """Run a block that is to end in the exception, and return that."""
    with pytest.raises(TerminationSignal) as caught, termination_raises(outermost=True, enders={}, run_id=RUN_ID):
        block()
    return caught.value


def given_back() -> bool:
    """Tell whether the signal does again what it did before."""
    return signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_in_users_code_it_is_raised_at_once() -> None:
    """And the signal is given back when the block is left."""
    reached: list[str] = []

    def struck() -> None:
        signal.raise_signal(signal.SIGTERM)
        reached.append("next line")

    terminated(struck)
    assert reached == []
    assert given_back()


def test_held_back_until_a_wait_of_users_code() -> None:
    """Our own work ends first; then users' code is interrupted, also where it waits for ever."""
    done: list[int] = []

    def waits() -> None:
        done.extend(work_that_is_struck(1000))
        threading.Event().wait()

    terminated(waits)
    assert len(done) in (0, 1000)  # it may strike as soon as the work has returned
    assert given_back()


def test_held_back_until_the_block_ends() -> None:
    """Where nothing but our own work comes after it, it is raised at the end."""
    ended: list[bool] = []

    @as_ours
    def block() -> None:
        with termination_raises(outermost=True, enders={}, run_id=RUN_ID):
            signal.raise_signal(signal.SIGTERM)
            ended.append(True)

    with pytest.raises(TerminationSignal):
        block()
    assert ended == [True]
    assert given_back()


def test_no_longer_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Own work that waits for ever is interrupted in the end."""
    monkeypatch.setattr(termination, "LONGEST_HOLD_SECONDS", 0.05)

    @as_ours
    def never_ends() -> None:
        signal.raise_signal(signal.SIGTERM)
        threading.Event().wait()

    terminated(never_ends)


def test_cleaning_up_is_not_interrupted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """While what was raised is handled, further signals, ours or theirs, wait."""
    monkeypatch.setattr(termination, "REPEAT_SECONDS", 0.0)
    cleaned: list[bool] = []

    def careful() -> None:
        try:
            work_that_is_struck(1)
            threading.Event().wait()
        finally:
            for _ in range(100):
                signal.raise_signal(signal.SIGTERM)
            cleaned.append(True)

    assert not isinstance(terminated(careful).__context__, TerminationSignal)
    assert cleaned == [True]


def test_swallowed_it_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """One signal ends the block in the end, though the first exception of it was swallowed."""
    monkeypatch.setattr(termination, "REPEAT_SECONDS", 0.01)
    swallowed: list[TerminationSignal] = []

    def stubborn() -> None:
        try:
            work_that_is_struck(1)
            threading.Event().wait()
        except TerminationSignal as error:
            swallowed.append(error)
        threading.Event().wait()

    assert terminated(stubborn) not in swallowed
    assert len(swallowed) == 1


def test_a_program_that_handles_it_keeps_its_handler() -> None:
    """Nothing is raised, and the handler is called."""
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        with termination_raises(outermost=True, enders={}, run_id=RUN_ID):
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]


def test_a_handler_that_the_block_set_stays() -> None:
    """What the program set within the block is its own, and is there afterwards."""
    heard: list[int] = []
    try:
        with termination_raises(outermost=True, enders={}, run_id=RUN_ID):
            signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    assert heard == [signal.SIGTERM]


def test_nothing_strikes_after_the_block() -> None:
    """Many blocks left while it is held back: each raises once, and no late ring meets the signal's own action."""
    for _ in range(200):
        terminated(lambda: work_that_is_struck(100).clear())
        assert given_back()
