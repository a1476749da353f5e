"""Who waits for something about one flow run is woken when the server tells of it; without a server, now and then."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from penstock.client.transport import current_transport
from penstock.core import clock
from penstock.core.errors import PenstockException
from penstock.core.interruptible import interruptible

if TYPE_CHECKING:
    import asyncio

_POLL_SECONDS = 0.25
"""Without a server nobody tells of anything: how long to wait before the next look at the record."""

_FALLBACK_SECONDS = 10.0
"""With a server: a word of it may be lost."""

_LONGEST_WAIT_SECONDS = 0.5
_PAUSE_SECONDS = 1.0


class RunNews:
    """Within its `with`, wakes who waits for something about a flow run. Waking proves nothing: look then.

    Parameters:
        flow_run_id: the flow run.
    """

    def __init__(self, flow_run_id: UUID) -> None:
        self._flow_run_id = flow_run_id
        self._woken = threading.Event()
        self._sleeper: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._longest_seconds = _FALLBACK_SECONDS if hasattr(current_transport(), "exchange") else _POLL_SECONDS
        self._listens = False

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        if self._listens:
            _stop_listening(self._flow_run_id, self._wake)

    @interruptible
    def wait(self, seconds: float) -> None:
        """Wait until there is something to look at, at the most for so long.

        In pieces: a signal that comes in the last instant before the main thread waits is not seen before it wakes.
        """
        self._listen()
        until = clock.current().monotonic() + min(seconds, self._longest_seconds)
        while not self._woken.is_set():
            left = until - clock.current().monotonic()
            if left <= 0:
                return
            self._woken.wait(min(left, _LONGEST_WAIT_SECONDS))
        self._woken.clear()

    async def wait_async(self, seconds: float) -> None:
        """Wait as `wait` does, without blocking the event loop."""
        import asyncio

        self._sleeper = asyncio.get_running_loop(), asyncio.Event()
        self._listen()
        if not self._woken.is_set():
            try:
                async with asyncio.timeout(min(seconds, self._longest_seconds)):
                    await self._sleeper[1].wait()
            except TimeoutError:
                return
            finally:
                self._sleeper = None
        self._woken.clear()

    def _listen(self) -> None:
        if not self._listens and self._longest_seconds == _FALLBACK_SECONDS:
            self._listens = True
            _listen(self._flow_run_id, self._wake)

    def _wake(self) -> None:
        self._woken.set()
        sleeper = self._sleeper
        if sleeper is not None and not sleeper[0].is_closed():
            sleeper[0].call_soon_threadsafe(sleeper[1].set)


_lock = threading.Lock()
_listeners: dict[UUID, list[Callable[[], None]]] = {}
"""Who is woken, by flow runs. A thread follows each run that stands here, also for a while after the last has gone."""


def _listen(flow_run_id: UUID, wake: Callable[[], None]) -> None:
    with _lock:
        is_followed = flow_run_id in _listeners
        _listeners.setdefault(flow_run_id, []).append(wake)
    if not is_followed:
        threading.Thread(target=_follow, args=(flow_run_id,), name="penstock-run-news", daemon=True).start()


def _stop_listening(flow_run_id: UUID, wake: Callable[[], None]) -> None:
    with _lock:
        if wake in _listeners.get(flow_run_id, ()):
            _listeners[flow_run_id].remove(wake)


def _follow(flow_run_id: UUID) -> None:
    """Wake the listeners of a run with every word of the server about it, until there are none."""
    from penstock.client.following import follow
    from penstock.wire.streams import FLOW_RUNS_STREAM, FlowRunsFollowed

    transport: Any = current_transport()
    while True:
        try:
            for _ in follow(transport, FLOW_RUNS_STREAM, FlowRunsFollowed(ids=[flow_run_id]), None):
                if not _wake_all(flow_run_id):
                    return
        except PenstockException:
            pass  # they look by themselves now and then
        if not _wake_all(flow_run_id):
            return
        clock.current().sleep(_PAUSE_SECONDS)


def _wake_all(flow_run_id: UUID) -> bool:
    """Wake the listeners of a run; whether there are any."""
    with _lock:
        listeners = list(_listeners.get(flow_run_id, ()))
        if not listeners:
            _listeners.pop(flow_run_id, None)
    for wake in listeners:
        wake()
    return bool(listeners)


def _forget_after_fork() -> None:
    global _lock
    _lock = threading.Lock()
    _listeners.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
