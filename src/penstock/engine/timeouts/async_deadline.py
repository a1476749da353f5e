"""A time limit around a coroutine, by its event loop."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import asyncio


class AsyncDeadline:
    """An async context whose block is cancelled when its time is up, and then ends in an error.

    Only this limit's own cancellation becomes the error: a cancellation from elsewhere, and a `TimeoutError` of the
    block's own, pass. A block that never gave the event loop a chance to cancel it, or swallowed the cancellation, ends
    in the error as soon as it is left.

    Parameters:
        seconds: how long the block may take, of real time.
        error: makes the error.
    """

    def __init__(self, seconds: float, error: Callable[[], BaseException]) -> None:
        self._seconds = seconds
        self._error = error
        self._timeout: asyncio.Timeout | None = None
        self._due = 0.0

    async def __aenter__(self) -> Self:
        import asyncio

        self._due = monotonic() + self._seconds
        self._timeout = asyncio.timeout(self._seconds)
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._timeout is not None
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError:
            raise self._error().with_traceback(trace) from None
        is_late = self._timeout.expired() or monotonic() >= self._due
        if is_late and (error is None or isinstance(error, Exception)):
            raise self._error() from error


def async_deadline(seconds: float, error: Callable[[], BaseException]) -> AsyncDeadline:
    """Return an async context whose block may take `seconds` of real time, and ends in `error()` if it takes longer."""
    return AsyncDeadline(seconds, error)
