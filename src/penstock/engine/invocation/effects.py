"""What the steps of runs ask for, beside what `penstock.core.steps` has."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from types import GeneratorType
from typing import TYPE_CHECKING, Any

from penstock.core import clock, dispatch
from penstock.core.interruptible import interruptible
from penstock.futures import standing_aside, waiting_for, within_limit

if TYPE_CHECKING:
    import asyncio

    from penstock.futures import PenstockFuture


class TakenEnough(BaseException):
    """Thrown into the steps of a run that yields, when its caller takes no more of its values."""


class Invoke:
    """Call the user's function.

    Parameters:
        fn: the function.
        args: its positional arguments.
        kwargs: its arguments by name.
        timeout_seconds: how long it may take.
        overdue: makes the error of a call that took longer.
    """

    __slots__ = ("args", "fn", "kwargs", "overdue", "timeout_seconds")

    def __init__(
        self,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        timeout_seconds: float | None,
        overdue: Callable[[], BaseException],
    ) -> None:
        self.fn = fn
        self.args = args
        self.kwargs = kwargs
        self.timeout_seconds = timeout_seconds
        self.overdue = overdue

    @interruptible
    def perform(self) -> Any:
        """Call the function in this thread."""
        token = dispatch.run_is_async.set(False)
        try:
            if self.timeout_seconds is None:
                return self._call()
            from penstock.engine.timeouts import call_within

            with within_limit():
                return call_within(self.timeout_seconds, self.overdue, self._call)
        finally:
            dispatch.run_is_async.reset(token)

    @interruptible
    def _call(self) -> Any:
        """Call the function; what it yields where it was to return is part of its work."""
        outcome = self.fn(*self.args, **self.kwargs)
        return list(outcome) if type(outcome) is GeneratorType else outcome

    @interruptible
    async def _call_async(self) -> Any:
        outcome = await self.fn(*self.args, **self.kwargs)
        return list(outcome) if type(outcome) is GeneratorType else outcome

    @interruptible
    async def perform_async(self) -> Any:
        """Call the function and await what it returns."""
        token = dispatch.run_is_async.set(True)
        try:
            if self.timeout_seconds is None:
                return await self._call_async()
            from penstock.engine.timeouts import async_deadline

            async with async_deadline(self.timeout_seconds, self.overdue):
                return await self._call_async()
        finally:
            dispatch.run_is_async.reset(token)


class Sleep:
    """Do nothing for a while.

    Parameters:
        seconds: for how long.
    """

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    @interruptible
    def perform(self) -> None:
        """Block this thread."""
        clock.current().sleep(self.seconds)

    async def perform_async(self) -> None:
        """Suspend this coroutine."""
        await clock.current().sleep_async(self.seconds)


class WaitFor:
    """Wait until futures are done.

    Parameters:
        futures: the futures.
    """

    __slots__ = ("futures",)

    def __init__(self, futures: list[PenstockFuture[Any]]) -> None:
        self.futures = futures

    def perform(self) -> None:
        """Wait in this thread."""
        for future in self.futures:
            future.wait()

    async def perform_async(self) -> None:
        """Wait in this coroutine."""
        import asyncio

        for future in self.futures:
            if not future.done():
                with waiting_for(future), standing_aside(future._work):
                    await _done(future, asyncio.get_running_loop(), asyncio.Event())


async def _done(future: PenstockFuture[Any], loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    def wake(_: PenstockFuture[Any]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(event.set)

    future.add_done_callback(wake)
    await event.wait()
