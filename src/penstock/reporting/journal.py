"""What has happened in this process and is not yet committed: bounded, in memory, each task run once."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from penstock.wire.events import Event
    from penstock.wire.logs import LogRecord
    from penstock.wire.task_runs import TaskRun


class Journal:
    """Keeps grown task runs and new log lines until somebody ships them.

    A task run that grows twice between two shipments is kept once: the record itself grows.

    Parameters:
        limit: how many task runs, and how many log lines, are kept at the most. Recording a task run past it waits
            until some have been shipped; a log line past it is dropped and counted.
        patience_seconds: how long a task run waits for room before it goes on unrecorded, and counted: the work of a
            flow is worth more than the record of it. Once one has waited in vain, none waits until there was room again.

    Attributes:
        filled: set when there is something to ship.
        pressed: set when somebody waits for room.
    """

    def __init__(self, limit: int, patience_seconds: float) -> None:
        self.limit = limit
        self.patience_seconds = patience_seconds
        self.dropped_logs = 0
        self.dropped_task_runs = 0
        self.dropped_events = 0
        self.closed = False
        self._out_of_patience = False
        self._lock = threading.Lock()
        self._task_runs: dict[int, TaskRun] = {}
        self._logs: deque[LogRecord] = deque()
        self._events: deque[Event] = deque()
        self._room = threading.Condition(self._lock)
        self.filled = threading.Event()
        self.pressed = threading.Event()

    def record(self, task_run: TaskRun) -> None:
        """Note that `task_run` has grown; wait while the journal is full."""
        with self._lock:
            is_new = id(task_run) not in self._task_runs
            if is_new and len(self._task_runs) >= self.limit and not self._wait_for_room():
                self.dropped_task_runs += 1
                return
            # Added first, told then: who has just cleared the flag, and finds nothing, is not to be told before.
            self._task_runs[id(task_run)] = task_run
            if is_new and len(self._task_runs) == 1:
                self.filled.set()

    def _wait_for_room(self) -> bool:
        self.filled.set()
        self.pressed.set()
        if self.closed or self._out_of_patience:
            return False
        self._room.wait_for(lambda: self.closed or len(self._task_runs) < self.limit, self.patience_seconds)
        self._out_of_patience = len(self._task_runs) >= self.limit
        return not self._out_of_patience

    def close(self) -> None:
        """Take nothing more and drop what is kept, counted: nobody will ship it."""
        with self._lock:
            self.closed = True
            self.limit = 0
            self.dropped_task_runs += len(self._task_runs)
            self.dropped_logs += len(self._logs)
            self.dropped_events += len(self._events)
            self._task_runs.clear()
            self._logs.clear()
            self._events.clear()
            self._room.notify_all()

    def log(self, line: LogRecord) -> None:
        """Keep a log line, or drop and count it where the journal is full of them."""
        with self._lock:
            if len(self._logs) >= self.limit:
                self.dropped_logs += 1
                return
            self._logs.append(line)
            if len(self._logs) == 1:
                self.filled.set()

    def tell(self, event: Event) -> None:
        """Keep an event, or drop and count it where the journal is full of them."""
        with self._lock:
            if len(self._events) >= self.limit:
                self.dropped_events += 1
                return
            self._events.append(event)
            self.filled.set()

    @property
    def waiting_events(self) -> int:
        """How many events are kept."""
        return len(self._events)

    def take_events(self, count: int) -> list[Event]:
        """Remove and return the oldest events, at the most `count`."""
        with self._lock:
            return [self._events.popleft() for _ in range(min(count, len(self._events)))]

    def take(self, count: int) -> tuple[list[TaskRun], list[LogRecord]]:
        """Remove and return the oldest entries, at the most `count` of each kind."""
        with self._lock:
            if len(self._task_runs) <= count:
                task_runs = list(self._task_runs.values())
                self._task_runs.clear()
            else:
                keys = [key for key, _ in zip(self._task_runs, range(count), strict=False)]
                task_runs = [self._task_runs.pop(key) for key in keys]
            logs = [self._logs.popleft() for _ in range(min(count, len(self._logs)))]
            self._out_of_patience = False
            self._room.notify_all()
            return task_runs, logs

    @property
    def depth(self) -> int:
        """How many entries there are of the kind that has most."""
        return max(len(self._task_runs), len(self._logs))

    def __len__(self) -> int:
        return len(self._task_runs) + len(self._logs)
