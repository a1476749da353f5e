"""A time limit around a coroutine becomes its own error, and takes nobody else's cancellation for it."""

from __future__ import annotations

import asyncio
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from penstock.engine.timeouts import Watchdog, async_deadline

SOON = 0.02
LATER = 30.0


class Outer(Exception):
    """The error of an outer limit."""


class Inner(Exception):
    """The error of an inner limit."""


async def within(
    seconds: float, error: Callable[[], BaseException], function: Callable[[], Coroutine[Any, Any, Any]]
) -> Any:
    async with async_deadline(seconds, error):
        return await function()


async def wait_for_ever() -> None:
    await asyncio.Event().wait()


def test_a_block_that_keeps_its_time_is_left_alone() -> None:
    """Its value and its own exceptions pass, a `TimeoutError` and a cancellation of its own among them."""

    async def value() -> int:
        return 3

    async def own_timeout() -> None:
        async with asyncio.timeout(0):
            await wait_for_ever()

    async def own_cancellation() -> None:
        raise asyncio.CancelledError

    assert asyncio.run(within(LATER, Outer, value)) == 3
    with pytest.raises(TimeoutError):
        asyncio.run(within(LATER, Outer, own_timeout))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(within(LATER, Outer, own_cancellation))


def test_a_block_that_waits_is_cancelled() -> None:
    """It ends in the error, raised where it waited, after its `finally` blocks have run."""
    cleaned: list[str] = []

    async def block() -> None:
        try:
            await wait_for_ever()
        finally:
            await asyncio.sleep(0)
            cleaned.append("all")

    with pytest.raises(Outer) as caught:
        asyncio.run(within(SOON, Outer, block))
    assert "wait_for_ever" in [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert cleaned == ["all"]


def test_the_cancellation_is_used_up() -> None:
    """The task goes on after the error as if it had never been cancelled."""

    async def main() -> int:
        with pytest.raises(Outer):
            await within(SOON, Outer, wait_for_ever)
        await asyncio.sleep(0)
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling()

    assert asyncio.run(main()) == 0


def test_a_cancellation_from_elsewhere_passes() -> None:
    """Whoever cancels the task gets what it asked for, also when the time is over as well."""

    async def main(seconds: float) -> None:
        started = asyncio.Event()

        async def block() -> None:
            started.set()
            await wait_for_ever()

        task = asyncio.create_task(within(seconds, Outer, block))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main(LATER))
    asyncio.run(main(0.001))


def test_limits_nest() -> None:
    """Each ends its own block in its own error."""

    async def inner() -> str:
        with pytest.raises(Inner):
            await within(SOON, Inner, wait_for_ever)
        return "went on"

    async def both() -> None:
        await within(LATER, Inner, wait_for_ever)

    assert asyncio.run(within(LATER, Outer, inner)) == "went on"
    with pytest.raises(Outer):
        asyncio.run(within(SOON, Outer, both))


def test_a_block_that_swallows_its_cancellation_ends_in_the_error() -> None:
    """What it returns, or raises instead, comes too late."""

    async def swallow() -> str:
        try:
            await wait_for_ever()
        except asyncio.CancelledError:
            return "fine"
        return "never"

    async def replace() -> None:
        try:
            await wait_for_ever()
        except asyncio.CancelledError:
            raise KeyError("mine") from None

    with pytest.raises(Outer):
        asyncio.run(within(SOON, Outer, swallow))
    with pytest.raises(Outer) as caught:
        asyncio.run(within(SOON, Outer, replace))
    assert isinstance(caught.value.__cause__, KeyError)


def test_a_coroutine_that_never_waits_ends_in_the_error() -> None:
    """It blocks the event loop, so nothing can cancel it; it is too late nevertheless."""

    async def block_the_loop() -> None:
        event = threading.Event()
        Watchdog.after(5 * SOON, event.set)
        event.wait()

    with pytest.raises(Outer):
        asyncio.run(within(SOON, Outer, block_the_loop))


def test_many_at_once() -> None:
    """Hundreds of limits in one loop, each for itself."""

    async def one(number: int) -> int:
        try:
            await within(SOON if number % 2 else LATER, lambda: Outer(number), wait_for_ever if number % 2 else quick)
        except Outer as error:
            return int(error.args[0])
        return -1

    async def quick() -> None:
        await asyncio.sleep(0)

    async def main() -> list[int]:
        return await asyncio.gather(*map(one, range(500)))

    assert asyncio.run(main()) == [number if number % 2 else -1 for number in range(500)]


def test_an_async_generator_can_be_limited() -> None:
    """The step that waits for too long is cancelled, and the generator cleans up."""
    closed: list[bool] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            await wait_for_ever()
        finally:
            closed.append(True)

    async def take() -> None:
        async for _ in numbers():
            pass

    with pytest.raises(Outer):
        asyncio.run(within(SOON, Outer, take))
    assert closed == [True]
