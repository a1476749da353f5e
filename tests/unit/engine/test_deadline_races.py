"""However a block's end and the end of its time fall together: one error or none, and nothing afterwards."""

from __future__ import annotations

import random
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from penstock.engine.timeouts import Interrupted, call_within, deadline
from penstock.engine.timeouts.interruption import this_thread

ROUNDS = 3_000
LONGEST_SECONDS = 0.0004


class Outer(Exception):
    """The error of an outer limit."""


class Inner(Exception):
    """The error of an inner limit."""


@pytest.fixture(autouse=True)
def _threads_switch_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def work() -> None:
    for _ in range(5):
        for _ in range(40):
            pass


def by_context(seconds: float, error: type[Exception], block: Callable[[], None]) -> None:
    with deadline(seconds, error):
        block()


def race(limit: Callable[[float, type[Exception], Callable[[], None]], None], *, nested: bool) -> Counter[str]:
    """Run blocks that take about as long as they may, and count how they ended."""
    chance, outcomes = random.Random(7), Counter[str]()

    def inner() -> None:
        try:
            limit(chance.random() * LONGEST_SECONDS, Inner, work)
        except Inner:
            outcomes["inner"] += 1
        work()

    for _ in range(ROUNDS):
        try:
            try:
                limit(chance.random() * LONGEST_SECONDS, Outer, inner if nested else work)
            except Outer:
                outcomes["outer"] += 1
            else:
                outcomes["none"] += 1
            work()
        except Interrupted:
            outcomes["too late"] += 1
        assert this_thread().blocks == []
    return outcomes


@pytest.mark.parametrize("nested", [False, True], ids=["alone", "nested"])
@pytest.mark.parametrize("limit", [by_context, call_within])
@pytest.mark.parametrize("where", ["main", "threads"])
def test_nothing_is_raised_after_a_block(
    limit: Callable[[float, type[Exception], Callable[[], None]], None], where: str, *, nested: bool
) -> None:
    """Thousands of blocks that end as their time does: each ends once, and no interruption gets out or comes late."""
    if where == "main":
        outcomes = [race(limit, nested=nested)]
    else:
        with ThreadPoolExecutor(2) as pool:
            outcomes = [each.result() for each in [pool.submit(race, limit, nested=nested) for _ in range(2)]]
    for each in outcomes:
        assert each["too late"] == 0
        assert each["outer"] + each["none"] == ROUNDS
        assert each["outer"] > 0
    assert threading.active_count() < 10
