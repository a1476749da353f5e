"""Runs submitted tasks in threads."""

from __future__ import annotations

from typing import Any

from penstock import settings
from penstock.core.state import State
from penstock.futures import PenstockFuture
from penstock.task_runners.pool import MOST_THREADS, ThreadPool
from penstock.task_runners.task_runner import PreparedCall, TaskRunner, when_done
from penstock.task_runners.threaded_work import ThreadedWork


class ThreadPoolTaskRunner(TaskRunner[PenstockFuture[Any]]):
    """Runs submitted tasks in threads of this process.

    A task begins once the futures it depends on are done: no thread waits for that. A task that asks for the result of
    another one which has not begun runs it in its own thread, so tasks which submit tasks can't block one another.

    Parameters:
        max_workers: how many tasks run at once at the most; those that wait for others do not count, and go on beside
            the ones that took their places. By default the setting
            `tasks.runner_thread_pool_max_workers` or, where that is not set either, as many as wait for something
            other than the processor, up to 256: the pool begins small and grows while nothing moves.
    """

    name = "threads"

    def __init__(self, max_workers: int | None = None) -> None:
        if max_workers is None:
            max_workers = settings.current().tasks.runner_thread_pool_max_workers
        if max_workers is not None and max_workers < 1:
            raise ValueError(f"ThreadPoolTaskRunner was given max_workers={max_workers}; it needs at least 1 thread.")
        self.max_workers = max_workers
        self._pool: ThreadPool | None = None

    def start(self, call: PreparedCall) -> PenstockFuture[Any]:
        """Run `call` in a thread as soon as its dependencies are done; return its future at once."""
        pool = self._pool
        if pool is None:
            pool = self._pool = ThreadPool(self.max_workers or MOST_THREADS, grows=self.max_workers is None)
        work = ThreadedWork(call, pool)
        call.future._work = work
        if call.dependencies:
            when_done(call.dependencies, work.enqueue)
        else:
            work.enqueue()
        return call.future

    def close(self, cancel: bool = False) -> None:
        """Wait for every submitted task and end the threads."""
        if self._pool is not None:
            self._pool.close(cancel)
            self._pool = None

    def abandon(self, state: State[Any]) -> None:
        """End every submitted task in `state` now; a thread that is in one ends when its function does."""
        if self._pool is not None:
            self._pool.abandon(state)
            self._pool = None

    def duplicate(self) -> ThreadPoolTaskRunner:
        """Return a new runner with as many threads."""
        return type(self)(self.max_workers)

    def _configuration(self) -> tuple[Any, ...]:
        return (self.max_workers,)


# Programs written for Prefect import this name.
ConcurrentTaskRunner = ThreadPoolTaskRunner
