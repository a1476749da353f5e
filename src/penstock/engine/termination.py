"""A process that is asked to end (SIGTERM) lets its outermost flow run say so in the record first."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from penstock.core.errors import TerminationSignal

_received: int | None = None


@contextmanager
def termination_raises(outermost: bool, enders: dict[UUID, Callable[[], None]], run_id: UUID) -> Iterator[None]:
    """Make SIGTERM raise `TerminationSignal` in the main thread within the block.

    Should the record be lost to another process meanwhile, this one sends itself that signal: it must stop.

    In an event loop it cancels the coroutine that runs the block: what is raised in a callback of the loop is lost there.
    A program that handles the signal itself keeps its handler.

    Parameters:
        outermost: whether the block is that of the outermost flow run; nothing is done for the others.
        enders: what the recorder calls for a run that this process has lost.
        run_id: the flow run.
    """
    if not outermost or threading.current_thread() is not threading.main_thread():
        yield
        return
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield
        return
    signal.signal(signal.SIGTERM, _cancel_current_task() or _raise)
    enders[run_id] = _ask_to_end
    try:
        yield
    finally:
        enders.pop(run_id, None)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _ask_to_end() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _raise(number: int, frame: Any) -> None:
    _note(number)
    raise TerminationSignal(number)


def _cancel_current_task() -> Callable[[int, Any], None] | None:
    """Return a handler that cancels the coroutine which runs here, or None outside of event loops."""
    asyncio = sys.modules.get("asyncio")
    loop = None if asyncio is None else asyncio._get_running_loop()
    if asyncio is None or loop is None:
        return None
    task = asyncio.current_task(loop)

    def cancel(number: int, frame: Any) -> None:
        _note(number)
        loop.call_soon_threadsafe(task.cancel)

    return None if task is None else cancel


def _note(number: int) -> None:
    global _received
    _received = number


def termination_behind(error: BaseException) -> BaseException:
    """Return the termination that a cancellation comes of, or `error` itself."""
    if _received is not None and type(error).__name__ == "CancelledError":
        return TerminationSignal(_received)
    return error


def end_process(number: int, before: Callable[[], None]) -> None:
    """End this process by the signal it was sent, as it would have ended without us; call `before` first."""
    before()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
