"""Runs submitted tasks in processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from penstock import settings
from penstock.core.errors import ProcessDied
from penstock.core.state import State
from penstock.core.state_makers import Crashed
from penstock.futures import PenstockFuture
from penstock.task_runners.main_module import UNGUARDED, can_be_imported_again, end_unguarded_import
from penstock.task_runners.pool import ThreadPool
from penstock.task_runners.task_runner import PreparedCall, TaskRunner, when_done
from penstock.task_runners.threaded_work import ThreadedWork

if TYPE_CHECKING:
    from penstock.task_runners.child_process import ChildProcess


class ProcessPool(ThreadPool):
    """Threads that each have a process of their own, started when the thread first needs it.

    Parameters:
        limit: how many there are at the most.
        initializer: called in each process before its first task.
        initargs: its arguments.

    Attributes:
        by_value: modules whose functions and classes travel whole, because the processes can't import them.
        end_state: what all work ends in that did not end before the pool was abandoned.
    """

    def __init__(self, limit: int, initializer: Callable[..., None] | None, initargs: tuple[Any, ...]) -> None:
        # Now, in one thread: were several to import multiprocessing at once, one could find it half there.
        import penstock.task_runners.child_process  # noqa: F401

        super().__init__(limit, grows=False)
        self.initializer = initializer
        self.initargs = initargs
        self.by_value: frozenset[str] = frozenset() if can_be_imported_again() else frozenset({"__main__"})
        self._own = threading.local()
        self._children: set[ChildProcess] = set()
        self._all_threads: set[threading.Thread] = set()
        self.end_state: State[Any] | None = None

    def child(self, start: Callable[[ProcessPool], ChildProcess]) -> ChildProcess:
        """Return the process of this thread; `start` makes a new one where there is none alive.

        Raises:
            ProcessDied: it could not start.
        """
        child: ChildProcess | None = getattr(self._own, "child", None)
        if child is not None and child.is_alive():
            return child
        self.drop_child()
        self._refuse()
        try:
            child = self._own.child = start(self)
            # Known from now on, so that it can be killed while it comes up.
            self._children.add(child)
            self._refuse()
            child.await_ready()
        except BaseException as refusal:
            self.drop_child(kill=True)
            self._refuse()
            if isinstance(refusal, ProcessDied) and refusal.exit_code == UNGUARDED:
                # No process will ever start: the one reason is given to all that waits, and said once.
                reason = ProcessDied(*refusal.args, exit_code=UNGUARDED)
                self.abandon(Crashed(message=str(reason), data=reason))
            raise
        return child

    def _refuse(self) -> None:
        if self.end_state is not None:
            self.drop_child(kill=True)
            raise ProcessDied(self.end_state.message)

    def drop_child(self, kill: bool = False) -> None:
        """End the process of this thread, if it has one.

        Parameters:
            kill: do not wait until it is ready to end.
        """
        child: ChildProcess | None = getattr(self._own, "child", None)
        if child is not None:
            del self._own.child
            self._children.discard(child)
            if kill:
                child.kill()
            child.end()

    def abandon(self, state: State[Any]) -> None:
        """End all submitted work in `state`, and the processes with what runs in them; wait for nothing."""
        self.end_state = state
        super().abandon(state)
        for child in list(self._children):
            child.kill()

    def close(self, cancel: bool) -> None:
        """Wait until all submitted work has ended, then end the threads and their processes."""
        super().close(cancel)
        for thread in self._all_threads - {threading.current_thread()}:
            thread.join()

    def _add_thread(self) -> None:
        super()._add_thread()
        self._all_threads |= self._threads

    def _work(self) -> None:
        try:
            super()._work()
        finally:
            self.drop_child()


class ProcessPoolTaskRunner(TaskRunner[PenstockFuture[Any]]):
    """Runs the functions of submitted tasks in processes of their own, so that they use several processors at once.

    Only the functions run there: retries, caching, time limits, hooks and the record stay in this process. Arguments
    and results are pickled (by cloudpickle, so functions within functions are welcome). A process serves many tasks
    one after another, dies with this one, and takes no other task with it if it dies before.

    The program's main module is imported by each process, so what starts the flow belongs below
    `if __name__ == "__main__":`.

    Parameters:
        max_workers: how many tasks run at once at the most; by default the setting
            `tasks.runner_process_pool_max_workers` or, where that is not set either, as many as there are processors.
        initializer: a function that each process calls before its first task.
        initargs: its arguments.
    """

    name = "processes"

    def __init__(
        self,
        max_workers: int | None = None,
        initializer: Callable[..., None] | None = None,
        initargs: tuple[Any, ...] = (),
    ) -> None:
        if max_workers is None:
            max_workers = settings.current().tasks.runner_process_pool_max_workers
        if max_workers is not None and max_workers < 1:
            raise ValueError(f"ProcessPoolTaskRunner was given max_workers={max_workers}; it needs at least 1 process.")
        self.max_workers = max_workers or _processors()
        self.initializer = initializer
        self.initargs = tuple(initargs)
        self._pool: ProcessPool | None = None

    def start(self, call: PreparedCall) -> PenstockFuture[Any]:
        """Run `call` in a process as soon as its dependencies are done; return its future at once."""
        end_unguarded_import()
        pool = self._pool
        if pool is None:
            pool = self._pool = ProcessPool(self.max_workers, self.initializer, self.initargs)
        if pool.end_state is not None:
            call.future.complete(call.give_up(pool.end_state))
            return call.future
        work = ThreadedWork(call, pool)
        call.future._work = work
        call.processes = pool
        if call.dependencies:
            when_done(call.dependencies, work.enqueue)
        else:
            work.enqueue()
        return call.future

    def close(self, cancel: bool = False) -> None:
        """Wait for every submitted task and end the processes."""
        if self._pool is not None:
            self._pool.close(cancel)
            self._pool = None

    def abandon(self, state: State[Any]) -> None:
        """End every submitted task in `state` now, and the processes with what runs in them."""
        if self._pool is not None:
            self._pool.abandon(state)
            self._pool = None

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None and not issubclass(kind, Exception):
            self.abandon(Crashed(message="The program was interrupted while this task run was under way."))
        super().__exit__(kind, *rest)

    def duplicate(self) -> ProcessPoolTaskRunner:
        """Return a new runner with as many processes."""
        return type(self)(self.max_workers, self.initializer, self.initargs)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_pool": None}

    def _configuration(self) -> tuple[Any, ...]:
        return (self.max_workers, self.initializer, self.initargs)


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
