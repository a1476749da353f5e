"""Ids, the clock, retry arithmetic, annotations and steps."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.core import clock
from penstock.core.annotations import BaseAnnotation, allow_failure, quote, unmapped
from penstock.core.ids import first_uuid7, uuid7
from penstock.core.retries import MAX_RETRY_DELAY_SECONDS, exponential_backoff, retry_delay_seconds
from penstock.core.steps import Block, RunHook, Steps, drive, drive_async, run_to_end
from penstock.testing import ManualClock, moving_clock


def test_ids_are_version_7_ordered_and_unique() -> None:
    """Ids made one after another sort so, carry the time, and never repeat, also from many threads."""
    made = [uuid7() for _ in range(10_000)]
    assert all(one.version == 7 and one.variant == "specified in RFC 4122" for one in made)
    assert len(set(made)) == len(made)
    assert sum(a > b for a, b in pairwise(made)) < 100
    milliseconds = made[0].int >> 80
    assert abs(milliseconds / 1000 - datetime.now(UTC).timestamp()) < 60
    several: list[Any] = []
    threads = [threading.Thread(target=lambda: several.extend(uuid7() for _ in range(2000))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(several)) == 16_000


def test_ids_are_found_by_time() -> None:
    """The first id of an instant comes before all that are made from then on, and after all that were made before."""
    before = uuid7()
    instant = clock.now() + timedelta(milliseconds=1)
    assert before < first_uuid7(instant) < first_uuid7(instant + timedelta(milliseconds=1))
    assert first_uuid7(clock.now()) <= uuid7()
    assert first_uuid7(datetime(1, 1, 1, tzinfo=UTC)) < before


def test_a_manual_clock_moves_only_when_it_is_told() -> None:
    """Sleeping moves it at once, in threads and coroutines; the former clock comes back, also after an error."""
    before = clock.current()
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with moving_clock(start) as manual:
        assert clock.current() is manual
        assert (clock.now(), manual.monotonic()) == (start, 0)
        clock.current().sleep(90)
        asyncio.run(clock.current().sleep_async(30))
        manual.move(1)
        assert clock.now() == start + timedelta(seconds=121)
        assert (manual.monotonic(), manual.slept) == (121, [90, 30])
    assert clock.current() is before
    with pytest.raises(ValueError, match="within"), moving_clock():
        raise ValueError("within")
    assert clock.current() is before
    assert ManualClock().now().tzinfo is UTC
    assert clock.Clock().monotonic() <= clock.Clock().monotonic()


@given(
    delay=st.one_of(st.none(), st.floats(0, 1e12), st.lists(st.floats(0, 1e12), max_size=5)),
    retry=st.integers(1, 60),
    factor=st.one_of(st.none(), st.floats(0, 10)),
    drawn=st.floats(0, 1, exclude_max=True),
)
def test_delays_are_bounded(delay: Any, retry: int, factor: float | None, drawn: float) -> None:
    """A delay is never below zero nor above a month, and lies within what the jitter allows."""
    seconds = retry_delay_seconds(delay, retry, factor, lambda: drawn)
    assert 0 <= seconds <= MAX_RETRY_DELAY_SECONDS
    asked = retry_delay_seconds(delay, retry)
    spread = asked * (factor or 0)
    assert seconds >= min(max(asked - spread, 0), MAX_RETRY_DELAY_SECONDS) * (1 - 1e-9)
    if isinstance(delay, list) and delay and not factor:
        assert seconds == min(delay[min(retry, len(delay)) - 1], MAX_RETRY_DELAY_SECONDS)


def test_exponential_backoff() -> None:
    """It doubles from its factor; very many retries have a bounded list."""
    assert exponential_backoff(10)(4) == [10, 20, 40, 80]
    assert exponential_backoff(0.5)(3) == [0.5, 1, 2]
    assert exponential_backoff(1)(0) == []
    assert len(exponential_backoff(1)(1000)) == 50


def test_annotations_are_values() -> None:
    """Annotations compare and hash by kind and value, and can be unwrapped and wrapped again."""
    assert quote(1) == quote(1) != quote(2)
    assert quote(1) != unmapped(1)
    assert len({unmapped(1), unmapped(1), allow_failure(1)}) == 2
    assert isinstance(unmapped(1), BaseAnnotation)
    assert allow_failure([1]).rewrap([2]).unwrap() == [2]
    assert (unmapped([5])[3], quote(6).unquote()) == ([5], 6)


def stepping(log: list[Any]) -> Steps[str]:
    log.append((yield Block(lambda: "block")))
    log.append((yield RunHook(lambda: "hook")))
    log.append((yield RunHook(lambda: asyncio.sleep(0, "async hook"))))
    try:
        yield Block(lambda: 1 / 0)
    except ZeroDivisionError as error:
        log.append(str(error))
    return "outcome"


def test_steps_are_carried_out_alike_in_threads_and_loops() -> None:
    """Both drivers send the same outcomes and errors in, and return what the steps return."""
    sync, within = [], []

    async def run() -> str:
        return await drive_async(stepping(within))

    assert drive(stepping(sync)) == asyncio.run(run()) == "outcome"
    assert sync == within == ["block", "hook", "async hook", "division by zero"]


def test_an_error_of_the_steps_reaches_the_caller() -> None:
    """What the steps do not catch is raised by the driver."""

    def failing() -> Steps[None]:
        yield Block(lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        drive(failing())
    with pytest.raises(ZeroDivisionError):
        asyncio.run(drive_async(failing()))


def test_awaitables_are_run_to_their_end_wherever_the_caller_is() -> None:
    """`run_to_end` works without a loop and within a running one, for results and errors."""

    async def fails() -> None:
        await asyncio.sleep(0)
        raise LookupError("async")

    async def within() -> Any:
        with pytest.raises(LookupError, match="async"):
            run_to_end(fails())
        return run_to_end(asyncio.sleep(0, 5))

    assert run_to_end(asyncio.sleep(0, 4)) == 4
    assert asyncio.run(within()) == 5
    with pytest.raises(LookupError, match="async"):
        run_to_end(fails())
