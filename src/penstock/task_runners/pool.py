"""A pool of threads that begins small, grows while nothing moves, and never leaves an awaited task unrun."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from penstock.core.interruptible import interruptible
from penstock.core.state_makers import Cancelled, Crashed
from penstock.futures import standing_aside
from penstock.task_runners.event_loop import close_event_loop

if TYPE_CHECKING:
    from penstock.core.state import State
    from penstock.task_runners.threaded_work import ThreadedWork

MOST_THREADS = 256
STALL_SECONDS = 0.005
JOIN_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 0.5

_worker = threading.local()


def worker_pool() -> ThreadPool | None:
    """Return the pool whose thread this is."""
    return getattr(_worker, "pool", None)


def _cancel(works: list[ThreadedWork]) -> None:
    """End those of `works` that have not begun."""
    # All at once: where one ends, those that waited for it would begin.
    for work in [one for one in works if one.claim()]:
        work.end(work.call.give_up(Cancelled(message="The flow run ended before this task run began.")))


class ThreadPool:
    """Threads that run work, in the order it became ready.

    A thread that waits lends its place to another one, and takes it back as soon as it goes on: were it to wait for its
    place, it could wait for ever, since what has the place may wait for it. So more than `limit` run for as long as the
    present work of those that stood in lasts; they take no other.

    Parameters:
        limit: how many threads there are at the most.
        grows: begin with about one thread a processor, and add one whenever work is ready and none has been begun for
            `STALL_SECONDS`; otherwise add a thread for every work up to `limit`.
    """

    def __init__(self, limit: int, grows: bool) -> None:
        self._limit = limit
        self._base = min(limit, (os.cpu_count() or 1) + 2) if grows else limit
        self._lock = threading.Lock()
        self._ready: deque[ThreadedWork] = deque()
        self._wake = threading.Condition(self._lock)
        self._settled = threading.Condition(self._lock)
        self._threads: set[threading.Thread] = set()
        self._unfinished: set[ThreadedWork] = set()
        self._idle = 0
        self._stuck = 0
        self._held = 0
        self._begun = 0
        self._closed = False
        self._cancelled = False
        self._monitor: threading.Thread | None = None

    def admit(self, work: ThreadedWork) -> None:
        """Note that `work` was submitted, ready or not, so that closing waits for it."""
        with self._lock:
            self._unfinished.add(work)

    def enqueue(self, work: ThreadedWork) -> None:
        """Run `work`, which is ready, when its turn comes; or end it, where nothing begins here any more.

        Raises:
            RuntimeError: the system has no room for a single thread; `work` has ended.
        """
        if self._cancelled:
            _cancel([work])
            return
        try:
            self._queue(work)
        except RuntimeError as error:
            # Whoever waits for it, or for the pool, must not wait for ever.
            if work.claim():
                work.end(work.call.give_up(Crashed(message=f"No thread could start to run it: {error}.", data=error)))
            raise

    def _queue(self, work: ThreadedWork) -> None:
        with self._lock:
            self._ready.append(work)
            # A thread that was woken is idle until it runs: there must be one for each work that is ready.
            if self._idle >= len(self._ready):
                self._wake.notify()
            elif len(self._threads) < self._base + self._stuck or self._stands_still():
                self._add_thread()
            elif len(self._threads) < self._limit + self._stuck and self._monitor is None:
                self._monitor = threading.Thread(target=self._watch, name="penstock-pool-growth", daemon=True)
                self._monitor.start()

    def settle(self, work: ThreadedWork) -> None:
        """Note that `work` has ended."""
        with self._lock:
            self._unfinished.discard(work)
            if not self._unfinished:
                self._settled.notify_all()

    def count_stuck(self, change: int) -> None:
        """Note that a thread can't take work for now (or can again): another one may stand in for it."""
        with self._lock:
            self._stuck += change
            self._stand_in()

    def count_waits(self, work: ThreadedWork, change: int, in_place: bool) -> None:
        """Note that `work` waits for one thing more or less; unless it waits in place, its thread is stuck meanwhile."""
        with self._lock:
            if in_place:
                self._held += change
            else:
                waited = work.waits > 0
                work.waits += change
                self._stuck += (work.waits > 0) - waited
            self._stand_in()

    def _stand_in(self) -> None:
        if len(self._ready) > self._idle and (len(self._threads) < self._limit + self._stuck or self._stands_still()):
            self._add_thread()

    def _stands_still(self) -> bool:
        """Whether every thread waits: those beyond the bound, which stood in for others, may be what they wait for."""
        return len(self._threads) <= self._stuck + self._held

    @interruptible
    def close(self, cancel: bool) -> None:
        """Wait until all submitted work has ended, then end the threads."""
        if cancel:
            self._cancelled = True
            with self._lock:
                unfinished = list(self._unfinished)
            _cancel(unfinished)
        with standing_aside(), self._lock:
            # In pieces: a signal that comes in the last instant before the main thread waits is not seen before it wakes.
            while not self._settled.wait_for(lambda: not self._unfinished, LONGEST_WAIT_SECONDS):
                pass
            self._closed = True
            self._wake.notify_all()
            threads = list(self._threads)
        deadline = time.monotonic() + JOIN_SECONDS
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def abandon(self, state: State[Any]) -> None:
        """End all submitted work in `state`, also what is running, and wait for nothing."""
        with self._lock:
            self._closed = True
            # All at once: where one ends, those that waited for it would begin.
            unbegun = [work for work in self._unfinished if work.claim()]
            begun = self._unfinished.difference(unbegun)
            self._wake.notify_all()
        for work in unbegun:
            work.end(work.call.give_up(state))
        for work in begun:
            work.abandon(work.call.give_up(state))

    def _add_thread(self) -> None:
        thread = threading.Thread(target=self._work, name=f"penstock-task-{len(self._threads)}", daemon=True)
        self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError:
            # The system has no room for it; those there are go on.
            self._threads.discard(thread)
            if not self._threads:
                raise

    def _work(self) -> None:
        _worker.pool = self
        try:
            while (work := self._next()) is not None:
                work.run()
                del work
        finally:
            with self._lock:
                self._threads.discard(threading.current_thread())
            close_event_loop()

    def _next(self) -> ThreadedWork | None:
        with self._lock:
            while True:
                while self._ready and not self._is_one_too_many():
                    work = self._ready.popleft()
                    if work.claim():
                        self._begun += 1
                        return work
                if self._closed or len(self._threads) > self._limit + self._stuck:
                    # At once: who needs a thread from now on must not count on this one.
                    self._threads.discard(threading.current_thread())
                    if self._ready:
                        self._wake.notify()
                    return None
                self._idle += 1
                self._wake.wait()
                self._idle -= 1

    def _is_one_too_many(self) -> bool:
        """Whether the calling thread stood in for one that works again, and the others get on without it."""
        others = len(self._threads) - 1
        return others >= self._limit + self._stuck and others > self._stuck + self._held

    def _watch(self) -> None:
        pause = threading.Event()
        while True:
            with self._lock:
                if not self._ready or self._closed or len(self._threads) >= self._limit + self._stuck:
                    self._monitor = None
                    return
                begun = self._begun
            pause.wait(STALL_SECONDS)
            with self._lock:
                if self._begun == begun:
                    room = self._limit + self._stuck - len(self._threads)
                    for _ in range(min(len(self._ready), len(self._threads), room)):
                        self._add_thread()
