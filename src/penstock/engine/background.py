"""Which task runner a submitted task goes to."""

from __future__ import annotations

import os
import threading
from typing import Any

from penstock.context import FlowRunContext
from penstock.reporting.recorder import current_recorder
from penstock.task_runners.task_runner import TaskRunner

_lock = threading.Lock()
_shared: TaskRunner[Any] | None = None


def task_runner_here() -> TaskRunner[Any]:
    """Return the task runner of the flow run that runs here, or the one that this process keeps for tasks outside of flows."""
    context = FlowRunContext.get()
    return _shared_task_runner() if context is None else context.task_runner


def _shared_task_runner() -> TaskRunner[Any]:
    global _shared
    with _lock:
        if _shared is None:
            import atexit

            from penstock.task_runners.thread_pool import ThreadPoolTaskRunner

            # What is registered last runs first: the record must be open still when the last tasks end.
            current_recorder()
            _shared = ThreadPoolTaskRunner()
            atexit.register(_shared.close)
        return _shared


def close_shared_task_runner(cancel: bool = False) -> None:
    """Wait for the tasks that this process runs outside of flows; the next one starts anew.

    Parameters:
        cancel: do not begin those that have not begun.
    """
    if _shared is not None:
        _shared.close(cancel)


def _forget_after_fork() -> None:
    global _lock, _shared
    _lock, _shared = threading.Lock(), None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
