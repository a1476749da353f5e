"""The contract of task runners."""

from __future__ import annotations

import abc
from collections.abc import Callable, Iterable
from typing import Any, Generic, Protocol, Self, TypeVar, cast

from penstock.core.state import State
from penstock.futures import PenstockFuture, PenstockFutureList, Work

F = TypeVar("F", bound=PenstockFuture[Any])


class PreparedCall(Protocol):
    """A task with its arguments and the context it was submitted from, ready to run once."""

    @property
    def dependencies(self) -> list[PenstockFuture[Any]]:
        """The futures among its arguments and `wait_for`."""

    @property
    def future(self) -> PenstockFuture[Any]:
        """The future of its result."""

    on_overdue: Callable[[State[Any]], None] | None
    """Called with a final state when the call has passed its time and its thread can't be interrupted."""

    processes: Any
    """The pool of processes that the function is to be called in; None for this one."""

    def live_state(self) -> State[Any]:
        """The state of the run now."""

    def execute(self, works: tuple[Work, ...]) -> State[Any]:
        """Run it in the calling thread and return its final state; never raises.

        Parameters:
            works: what runs in this thread then: this call last, and before it what waits for it below.
        """

    def give_up(self, state: State[Any]) -> State[Any]:
        """End it in `state` from outside, because it will not run or can't be stopped; return its final state."""


class Submittable(Protocol):
    """A task, as far as a task runner knows it."""

    def prepare(self, parameters: dict[str, Any], wait_for: Iterable[Any] | None = None) -> PreparedCall:
        """Return a call of the task, recorded as Pending."""


class TaskRunner(abc.ABC, Generic[F]):
    """Runs submitted tasks. A flow run has one; it starts when the first task is submitted and ends with the run."""

    name: str = "task-runner"

    @abc.abstractmethod
    def start(self, call: PreparedCall) -> F:
        """Run `call` as soon as its dependencies are done and there is room; return its future at once."""

    @abc.abstractmethod
    def close(self, cancel: bool = False) -> None:
        """Wait for every submitted task, and let go of threads and processes.

        Parameters:
            cancel: do not begin those that have not begun.
        """

    def abandon(self, state: State[Any]) -> None:
        """End every submitted task in `state` now, also those that are running, and wait for none of them.

        A task runner that can't do this closes without beginning what has not begun.
        """
        self.close(cancel=True)

    @abc.abstractmethod
    def duplicate(self) -> Self:
        """Return a new task runner of the same configuration."""

    def submit(
        self,
        task: Submittable,
        parameters: dict[str, Any],
        wait_for: Iterable[Any] | None = None,
        dependencies: dict[str, set[Any]] | None = None,
    ) -> F:
        """Run `task` with `parameters` in the background.

        Parameters:
            task: the task.
            parameters: its arguments by name; futures among them are awaited first.
            wait_for: more futures to await first.
            dependencies: accepted for programs written for Prefect; they are found from the arguments.
        """
        return self.start(task.prepare(parameters, wait_for))

    def map(
        self, task: Any, parameters: dict[str, Any], wait_for: Iterable[Any] | None = None
    ) -> PenstockFutureList[Any]:
        """Run `task` once for every item of the iterables among `parameters`. See `Task.map`."""
        args, kwargs = task.arguments(parameters)
        return cast("PenstockFutureList[Any]", task.map_over(self, args, kwargs, wait_for))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.close(cancel=kind is not None)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._configuration() == cast("TaskRunner[Any]", other)._configuration()

    def __hash__(self) -> int:
        return hash((type(self), self._configuration()))

    def _configuration(self) -> tuple[Any, ...]:
        return ()


def when_done(futures: list[PenstockFuture[Any]], start: Callable[[], None]) -> None:
    """Call `start` once every one of `futures` is done, in the thread that ends the last one; at once if they are."""
    import threading

    pending = [future for future in futures if not future.done()]
    if not pending:
        start()
        return
    lock = threading.Lock()
    left = len(pending)

    def count_down(_: PenstockFuture[Any]) -> None:
        nonlocal left
        with lock:
            left -= 1
            last = left == 0
        if last:
            start()

    for future in pending:
        future.add_done_callback(count_down)
