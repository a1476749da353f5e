"""Work written once for threads and event loops: steps that ask for effects, and the drivers that carry them out.

The pattern is that of `httpx._auth`: a generator decides, a short driver does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextvars import copy_context
from typing import Any, Protocol, TypeVar, cast

from penstock.core.interruptible import interruptible

R = TypeVar("R")


class Effect(Protocol):
    """Something a step asks its driver to do."""

    def perform(self) -> Any:
        """Do it in this thread."""

    async def perform_async(self) -> Any:
        """Do it without blocking the event loop."""


Steps = Generator[Effect, Any, R]
"""Work as steps: it yields effects, is sent what came of them, and returns its outcome."""


def drive(steps: Steps[R]) -> R:
    """Carry `steps` out in this thread and return their outcome."""
    try:
        effect = next(steps)
        while True:
            try:
                outcome = effect.perform()
            except BaseException as error:
                effect = steps.throw(error)
            else:
                effect = steps.send(outcome)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


async def drive_async(steps: Steps[R]) -> R:
    """Carry `steps` out in this event loop and return their outcome."""
    try:
        effect = next(steps)
        while True:
            try:
                outcome = await effect.perform_async()
            except BaseException as error:
                effect = steps.throw(error)
            else:
                effect = steps.send(outcome)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]


class Block:
    """Call a function of ours that reads, writes or waits.

    Parameters:
        fn: the function.
    """

    __slots__ = ("fn",)

    def __init__(self, fn: Callable[[], Any]) -> None:
        self.fn = fn

    def perform(self) -> Any:
        """Call it in this thread."""
        return self.fn()

    async def perform_async(self) -> Any:
        """Call it in another thread."""
        import asyncio

        return await asyncio.to_thread(self.fn)


class RunHook:
    """Call a hook, sync or async; what it returns is the outcome.

    Parameters:
        call: calls it.
        in_thread: whether an event loop leaves the call to another thread, and only awaits what it returns.
    """

    __slots__ = ("call", "in_thread")

    def __init__(self, call: Callable[[], Any], *, in_thread: bool = False) -> None:
        self.call = call
        self.in_thread = in_thread

    def perform(self) -> Any:
        """Call it in this thread; an async one gets an event loop of its own."""
        outcome = self.call()
        return run_to_end(outcome) if isinstance(outcome, Awaitable) else outcome

    async def perform_async(self) -> Any:
        """Call it, and await it if it is async."""
        import asyncio

        outcome = await asyncio.to_thread(self.call) if self.in_thread else self.call()
        return await outcome if isinstance(outcome, Awaitable) else outcome


@interruptible
def run_to_end(awaitable: Awaitable[R]) -> R:
    """Run `awaitable` to its end, in an event loop of its own, and return its result.

    Where a loop runs in this thread already, which can't go on before the caller does, another thread runs it.
    """
    import asyncio

    async def finish() -> R:
        return await awaitable

    if asyncio._get_running_loop() is None:
        return asyncio.run(finish())
    import threading

    outcomes: list[tuple[Any, BaseException | None]] = []
    context = copy_context()

    def run() -> None:
        try:
            outcomes.append((context.run(asyncio.run, finish()), None))
        except BaseException as error:
            outcomes.append((None, error))

    thread = threading.Thread(target=run, name="penstock-nested-loop")
    thread.start()
    thread.join()
    result, error = outcomes[0]
    if error is not None:
        raise error
    return cast("R", result)
