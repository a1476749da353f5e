"""What runs in this thread or coroutine now: the flow run, the task run and the tags in force."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from penstock.core.errors import MissingContextError
from penstock.engine.arguments.origins import Origins

if TYPE_CHECKING:
    from penstock.engine.anew import AnewCalls
    from penstock.engine.runs import FlowRun, TaskRun
    from penstock.task_runners.task_runner import TaskRunner

__all__ = ["FlowRunContext", "TagsContext", "TaskRunContext", "get_run_context", "tags"]


class FlowRunContext:
    """What is known inside of a flow run.

    Attributes:
        flow: the flow.
        flow_run: its run.
        parameters: the arguments, by name.
        start_time: when the run's process took it up; UTC.
        log_prints: whether its prints become log lines.
        persist_result: whether its tasks persist their results unless they say otherwise; None where it is not said.
        attempt: which start of the run this is; 0 where the run is not recorded.
        depth: how many flow runs and task runs it lies within.
        durable: whether it, or a flow run around it, can be taken up again after a crash.
        traced: whether it and its tasks make spans.
        origins: which run each value came from.
        occurrences: numbers the calls with the same cache key in this attempt.
        parent: the context of the flow run that called it.
        anew: what of it is carried out anew, though results may have been kept; None for nothing.
    """

    __slots__ = (
        "_lock",
        "_task_runner",
        "anew",
        "attempt",
        "depth",
        "durable",
        "flow",
        "flow_run",
        "log_prints",
        "occurrences",
        "origins",
        "parameters",
        "parent",
        "persist_result",
        "result_store",
        "start_time",
        "traced",
    )
    __var__: ClassVar[ContextVar[FlowRunContext | None]] = ContextVar("penstock_flow_run", default=None)

    def __init__(self, flow: Any, flow_run: FlowRun, parameters: dict[str, Any], start_time: datetime) -> None:
        self.flow = flow
        self.flow_run = flow_run
        self.parameters = parameters
        self.start_time = start_time
        self.log_prints = False
        self.persist_result: bool | None = None
        self.result_store: Any = None
        self.attempt = 0
        self.depth = 0
        self.durable = False
        self.traced = False
        self.origins = Origins()
        self.occurrences: defaultdict[str, Iterator[int]] = defaultdict(count)
        self.parent: FlowRunContext | None = None
        self.anew: AnewCalls | None = None
        self._task_runner: TaskRunner[Any] | None = None
        self._lock = threading.Lock()

    @property
    def task_runner(self) -> TaskRunner[Any]:
        """The task runner of this flow run, made when the first task is submitted."""
        runner = self._task_runner
        if runner is None:
            with self._lock:
                runner = self._task_runner
                if runner is None:
                    runner = self._task_runner = self.flow.task_runner.duplicate()
        return runner

    @classmethod
    def get(cls) -> FlowRunContext | None:
        """Return the context of the flow run that runs here, or None."""
        return cls.__var__.get()


def _start_anew_in_child() -> None:
    # The threads of the parent's task runners are not here, and one may have held a lock at the moment of the fork.
    context = FlowRunContext.get()
    while context is not None:
        context._task_runner, context._lock = None, threading.Lock()
        context.origins = Origins()
        context = context.parent


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew_in_child)


class TaskRunContext:
    """What is known inside of a task run.

    Attributes:
        task: the task.
        task_run: its run.
        parameters: the arguments, by name.
        start_time: when the task run was made; UTC.
        log_prints: whether its prints become log lines.
        persist_result: whether its result is persisted.
        result_store: where its result goes; None where it is not persisted.
        depth: how many flow runs and task runs it lies within.
    """

    __slots__ = (
        "depth",
        "log_prints",
        "parameters",
        "persist_result",
        "result_store",
        "start_time",
        "task",
        "task_run",
    )
    __var__: ClassVar[ContextVar[TaskRunContext | None]] = ContextVar("penstock_task_run", default=None)

    def __init__(
        self, task: Any, task_run: TaskRun, parameters: dict[str, Any], start_time: datetime, depth: int
    ) -> None:
        self.task = task
        self.task_run = task_run
        self.parameters = parameters
        self.start_time = start_time
        self.log_prints = False
        self.persist_result = False
        self.result_store: Any = None
        self.depth = depth

    @classmethod
    def get(cls) -> TaskRunContext | None:
        """Return the context of the task run that runs here, or None."""
        return cls.__var__.get()


class TagsContext:
    """The tags that runs started here are given.

    Attributes:
        current_tags: the tags.
    """

    __slots__ = ("current_tags",)
    __var__: ClassVar[ContextVar[frozenset[str]]] = ContextVar("penstock_tags", default=frozenset())

    def __init__(self, current_tags: frozenset[str]) -> None:
        self.current_tags = current_tags

    @classmethod
    def get(cls) -> TagsContext:
        """Return the tags in force here."""
        return cls(cls.__var__.get())


@contextmanager
def tags(*new_tags: str) -> Iterator[set[str]]:
    """Give `new_tags` to every flow run and task run started within the block.

    Yields:
        All tags in force within the block.

    Raises:
        InvalidNameError: a tag is not a word.
    """
    from penstock.engine.names import check_name

    current = TagsContext.__var__.get().union(check_name("tag", tag) for tag in new_tags)
    token = TagsContext.__var__.set(current)
    try:
        yield set(current)
    finally:
        TagsContext.__var__.reset(token)


def run_here() -> tuple[UUID | None, UUID | None]:
    """Return the ids of the flow run and the task run that run here; None for each that does not."""
    flow_run, task_run = FlowRunContext.__var__.get(), TaskRunContext.__var__.get()
    flow_run_id = None if flow_run is None else flow_run.flow_run.id
    return flow_run_id, None if task_run is None else task_run.task_run.id


def get_run_context() -> FlowRunContext | TaskRunContext:
    """Return the context of the innermost run that runs here.

    Raises:
        MissingContextError: no flow run and no task run does.
    """
    context = TaskRunContext.get() or FlowRunContext.get()
    if context is None:
        raise MissingContextError("No flow run or task run is running here. Call this from within a flow or a task.")
    return context
