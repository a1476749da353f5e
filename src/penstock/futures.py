"""Futures: the results of submitted tasks, which may not be there yet."""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

from penstock.core import clock
from penstock.core.dispatch import running_loop
from penstock.core.errors import CircularFutures
from penstock.core.interruptible import checkpoint, interruptible
from penstock.core.state import State, state_result
from penstock.core.state_makers import Pending

R = TypeVar("R")

logger = logging.getLogger("penstock.task_runners")

__all__ = [
    "DoneAndNotDoneFutures",
    "PenstockFuture",
    "PenstockFutureList",
    "PrefectFuture",
    "PrefectFutureList",
    "as_completed",
    "resolve_futures_to_results",
    "resolve_futures_to_states",
    "wait",
]

# One lock for all futures: it is held for a few instructions, and a lock each would double what a future weighs.
_LOCK = threading.Lock()


class Work:
    """What stands behind a future that is not done: the run, and what it waits for."""

    def live_state(self) -> State[Any]:
        """The state of the run now."""
        return Pending()

    def blockers(self) -> Iterable[PenstockFuture[Any]]:
        """The futures that must be done before this work ends, as far as is known."""
        return ()

    def stand_by(self, change: int, in_place: bool) -> None:
        """Note that this work waits for one thing more (1) or less (-1), in its thread.

        Parameters:
            in_place: what it waits for runs in the same pool, so that no other thread need take its place meanwhile.
        """

    def help(self) -> bool:
        """Run the work in the calling thread, if it has not begun and the thread may; whether it was run."""
        return False

    def moves_beside(self, other: Work) -> bool:
        """Whether this work runs already, in a thread of the same pool as `other`."""
        return False


_LONGEST_WAIT_SECONDS = 0.5


@interruptible
def _wait_until(done: threading.Event, deadline: float | None) -> None:
    """Wait for `done`, at the most until `deadline` by the monotonic clock.

    In pieces: a signal that comes in the last instant before the main thread waits is not seen before it wakes.
    """
    while not done.is_set():
        left = _LONGEST_WAIT_SECONDS if deadline is None else deadline - clock.current().monotonic()
        if left <= 0:
            return
        done.wait(min(left, _LONGEST_WAIT_SECONDS))


class PenstockFuture(Generic[R]):
    """The result of a submitted task.

    Parameters:
        task_run_id: the task run.
        work: what stands behind it until it is done.
    """

    __slots__ = ("__weakref__", "_callbacks", "_state", "_work", "task_run_id")

    def __init__(self, task_run_id: UUID, work: Work | None = None) -> None:
        self.task_run_id = task_run_id
        self._work = work
        self._state: State[Any] | None = None
        self._callbacks: list[Callable[[], None]] | None = None

    @property
    def state(self) -> State[Any]:
        """The state of the task run now."""
        state = self._state
        if state is not None:
            return state
        work = self._work
        return self._state or (Pending() if work is None else work.live_state())

    def done(self) -> bool:
        """Whether the task run has ended."""
        return self._state is not None

    @interruptible
    def wait(self, timeout: float | None = None) -> None:
        """Wait until the task run has ended, or `timeout` seconds.

        A thread of the task runner does not sit idle meanwhile: where the awaited task has not begun, it runs it.

        Raises:
            CircularFutures: the caller is itself what the task waits for.
        """
        if self._state is not None:
            return
        checkpoint()
        deadline = None if timeout is None else clock.current().monotonic() + timeout
        with waiting_for(self):
            work = self._work
            if timeout is None and work is not None and work.help():
                return
            done = threading.Event()
            wake = done.set
            if self._add_callback(wake):
                with standing_aside(work):
                    _wait_until(done, deadline)
                self._drop_callback(wake)

    def result(self, timeout: float | None = None, raise_on_failure: bool = True) -> R:
        """Return the result of the task run, waiting for it.

        Parameters:
            timeout: how many seconds to wait at the most; by default as long as it takes.
            raise_on_failure: raise the exception of a task that failed, instead of returning it.

        Raises:
            TimeoutError: the task run has not ended in time.
        """
        self.wait(timeout)
        if self._state is None:
            raise TimeoutError(
                f"Task run {self.task_run_id} has not ended within {timeout} seconds. Wait longer for it."
            )
        return cast("R", state_result(self._state, raise_on_failure))

    def add_done_callback(self, fn: Callable[[PenstockFuture[R]], None]) -> None:
        """Call `fn` with this future once the task run has ended; at once if it has. What it raises is logged."""
        if not self._add_callback(lambda: _call_back(fn, self)):
            _call_back(fn, self)

    def _add_callback(self, callback: Callable[[], None]) -> bool:
        with _LOCK:
            if self._state is not None:
                return False
            if self._callbacks is None:
                self._callbacks = []
            self._callbacks.append(callback)
            return True

    def _drop_callback(self, callback: Callable[[], None]) -> None:
        """Forget a callback that nobody needs any more; those of a future that is done are forgotten already."""
        if self._state is None:
            with _LOCK:
                if self._callbacks is not None and callback in self._callbacks:
                    self._callbacks.remove(callback)

    def complete(self, state: State[Any]) -> bool:
        """Give the future its final state, for task runners; False where it has one already."""
        with _LOCK:
            if self._state is not None:
                return False
            self._state = state
            callbacks, self._callbacks = self._callbacks, None
            self._work = None
        if callbacks is not None:
            self._call_all(callbacks)
        return True

    def _call_all(self, callbacks: list[Callable[[], None]]) -> None:
        """Call every one of `callbacks`, whatever they raise: others wait for the later ones, and for this thread."""
        from_outside: BaseException | None = None
        for callback in callbacks:
            try:
                callback()
            except BaseException as error:
                _log_broken_callback(self, error)
                # Only the main thread is sent signals, and only there is an interrupt not the callback's own doing.
                if not isinstance(error, SystemExit) and threading.current_thread() is threading.main_thread():
                    from_outside = error
        if from_outside is not None:
            raise from_outside

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of task run {self.task_run_id}: {self.state}>"


def _call_back(fn: Callable[[PenstockFuture[R]], None], future: PenstockFuture[R]) -> None:
    try:
        fn(future)
    except Exception as error:
        # It stands between a task run and all that wait for it, who have no part in it.
        _log_broken_callback(future, error)


def _log_broken_callback(future: PenstockFuture[Any], error: BaseException) -> None:
    logger.error("A function to be called when task run %s has ended failed", future.task_run_id, exc_info=error)


class PenstockFutureList(list[PenstockFuture[R]]):
    """The futures that `Task.map` returns."""

    def wait(self, timeout: float | None = None) -> None:
        """Wait until every task run has ended, or `timeout` seconds in all."""
        wait(self, timeout)

    def result(self, timeout: float | None = None, raise_on_failure: bool = True) -> list[R]:
        """Return the results in order, waiting for them.

        Parameters:
            timeout: how many seconds to wait at the most, in all.
            raise_on_failure: raise the first exception, instead of returning exceptions in their places.

        Raises:
            TimeoutError: they have not all ended in time.
        """
        pending = wait(self, timeout).not_done
        if pending:
            raise TimeoutError(f"{len(pending)} of {len(self)} task runs have not ended within {timeout} seconds.")
        return [future.result(raise_on_failure=raise_on_failure) for future in self]


class DoneAndNotDoneFutures(NamedTuple, Generic[R]):
    """What `wait` returns.

    Attributes:
        done: the futures whose task runs have ended.
        not_done: the others.
    """

    done: set[PenstockFuture[R]]
    not_done: set[PenstockFuture[R]]


def wait(futures: Iterable[PenstockFuture[R]], timeout: float | None = None) -> DoneAndNotDoneFutures[R]:
    """Wait until every one of `futures` is done, or `timeout` seconds in all.

    Returns:
        Which are done and which are not.
    """
    awaited = list(futures)
    if timeout is None:
        for future in awaited:
            future.wait()
        return DoneAndNotDoneFutures(set(awaited), set())
    deadline = clock.current().monotonic() + timeout
    for future in awaited:
        if not future.done():
            future.wait(max(0.0, deadline - clock.current().monotonic()))
    done = {future for future in awaited if future.done()}
    return DoneAndNotDoneFutures(done, set(awaited) - done)


@interruptible
def as_completed(futures: Iterable[PenstockFuture[R]], timeout: float | None = None) -> Iterator[PenstockFuture[R]]:
    """Yield each of `futures` once it is done, the first done first.

    Raises:
        TimeoutError: they are not all done within `timeout` seconds in all.
    """
    waiting = list(dict.fromkeys(futures))
    ended: deque[PenstockFuture[R]] = deque()
    arrived = threading.Semaphore(0)

    def note(future: PenstockFuture[R]) -> None:
        ended.append(future)
        arrived.release()

    notes = {future: partial(note, future) for future in waiting}
    for future, call in notes.items():
        if not future._add_callback(call):
            call()
    try:
        yield from _as_they_end(waiting, ended, arrived, timeout)
    finally:
        for future, call in notes.items():
            future._drop_callback(call)


@interruptible
def _as_they_end(
    waiting: list[PenstockFuture[R]],
    ended: deque[PenstockFuture[R]],
    arrived: threading.Semaphore,
    timeout: float | None,
) -> Iterator[PenstockFuture[R]]:
    total = len(waiting)
    deadline = None if timeout is None else clock.current().monotonic() + timeout
    unbegun = iter(waiting if timeout is None and _works.get() else ())
    for count in range(total):
        _help_one(unbegun, ended)
        if not arrived.acquire(blocking=False):
            with standing_aside():
                in_time = _acquire_until(arrived, deadline)
            if not in_time:
                raise TimeoutError(f"{total - count} of {total} task runs have not ended within {timeout} seconds.")
        yield ended.popleft()


@interruptible
def _acquire_until(arrived: threading.Semaphore, deadline: float | None) -> bool:
    """Wait until one has arrived, at the most until `deadline`; in pieces, as `_wait_until` does, and for its reason."""
    while True:
        left = _LONGEST_WAIT_SECONDS if deadline is None else deadline - clock.current().monotonic()
        if arrived.acquire(timeout=max(0.0, min(left, _LONGEST_WAIT_SECONDS))):
            return True
        if left <= 0:
            return False


def _help_one(unbegun: Iterator[PenstockFuture[Any]], ended: deque[PenstockFuture[Any]]) -> None:
    while not ended:
        future = next(unbegun, None)
        if future is None:
            return
        with waiting_for(future):
            work = future._work
            if work is not None and work.help():
                return


def resolve_futures_to_states(expr: Any) -> Any:
    """Return `expr` with the futures in its lists, tuples, sets and dicts replaced by their final states, waited for."""
    return _resolved(expr, _final_state)


def resolve_futures_to_results(expr: Any) -> Any:
    """Return `expr` with the futures in its lists, tuples, sets and dicts replaced by their results, waited for.

    Raises:
        Exception: what a task raised, or `UnfinishedRun` and its like where it ended without a result.
    """
    return _resolved(expr, lambda future: future.result())


def _final_state(future: PenstockFuture[Any]) -> State[Any]:
    future.wait()
    return future.state


def _resolved(expr: Any, resolve: Callable[[PenstockFuture[Any]], Any]) -> Any:
    if isinstance(expr, PenstockFuture):
        return resolve(expr)
    if isinstance(expr, dict):
        items: Any = {key: _resolved(each, resolve) for key, each in expr.items()}
        return items if any(items[key] is not each for key, each in expr.items()) else expr
    if not isinstance(expr, (list, tuple, set, frozenset)):
        return expr
    before = list(expr)
    items = [_resolved(each, resolve) for each in before]
    if all(new is old for new, old in zip(items, before, strict=True)):
        return expr
    kind = list if isinstance(expr, PenstockFutureList) else type(expr)
    return kind(*items) if hasattr(kind, "_fields") else kind(items)


_works: ContextVar[tuple[Work, ...]] = ContextVar("penstock_works", default=())
_within_limit: ContextVar[bool] = ContextVar("penstock_within_limit", default=False)
_waits: dict[Work, list[PenstockFuture[Any]]] = {}


def works_here() -> tuple[Work, ...]:
    """Return the works that the code here runs in, outermost first: each waits for the next one, in one thread."""
    return _works.get()


def enter_works(works: tuple[Work, ...]) -> None:
    """Note that the code here runs in `works`, the last of which begins; for task runners, in a context of its own."""
    _works.set(works)
    _within_limit.set(False)


@contextmanager
def within_limit() -> Iterator[None]:
    """Note that the code here has a time limit: no other task may run on top of it, where the limit would strike that."""
    token = _within_limit.set(True)
    try:
        yield
    finally:
        _within_limit.reset(token)


def may_help() -> bool:
    """Whether another task may run here, on top of the one that waits.

    Not within a time limit, nor within an event loop (a task may want one of its own), nor without end.
    """
    if len(_works.get()) > _MOST_ON_TOP or _within_limit.get():
        return False
    return running_loop() is None


_MOST_ON_TOP = 20


@contextmanager
def standing_aside(awaited: Work | None = None) -> Iterator[None]:
    """Let another thread take the place of this one in its pool, while it waits within the block.

    Parameters:
        awaited: what it waits for, if it is one thing.
    """
    works = _works.get()
    if not works:
        yield
        return
    waiter = works[-1]
    in_place = awaited is not None and awaited.moves_beside(waiter)
    waiter.stand_by(+1, in_place)
    try:
        yield
    finally:
        waiter.stand_by(-1, in_place)


@contextmanager
def waiting_for(future: PenstockFuture[Any]) -> Iterator[None]:
    """Note that the current work waits for `future` within the block.

    Raises:
        CircularFutures: it would wait for itself.
    """
    works = _works.get()
    if not works:
        yield
        return
    waiter = works[-1]
    with _LOCK:
        _waits.setdefault(waiter, []).append(future)
    try:
        # Once it is noted: of two threads that close a circle together, one at least sees it.
        _refuse_circle(future, works)
        yield
    finally:
        with _LOCK:
            awaited = _waits[waiter]
            awaited.remove(future)
            if not awaited:
                del _waits[waiter]


def _refuse_circle(future: PenstockFuture[Any], mine: tuple[Work, ...]) -> None:
    seen: set[int] = set()
    to_visit = [future]
    while to_visit:
        awaited = to_visit.pop()
        work = awaited._work
        if work is None or id(work) in seen:
            continue
        if any(work is one for one in mine):
            raise CircularFutures(
                f"Task run {awaited.task_run_id} would wait for itself: what it waits for depends on its own result. "
                "Pass the values it needs as arguments instead."
            )
        seen.add(id(work))
        to_visit.extend(one for one in work.blockers() if not one.done())
        to_visit.extend(_waits.get(work, ()))


def _start_anew_in_child() -> None:
    # A thread of the parent may have held it at the moment of the fork.
    global _LOCK
    _LOCK = threading.Lock()
    _waits.clear()
    # The pool that the code here ran in, and its locks, are the parent's.
    _works.set(())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew_in_child)


# Programs written for Prefect import these names.
PrefectFuture = PenstockFuture
PrefectFutureList = PenstockFutureList
