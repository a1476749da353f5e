"""Run a task from outside of it: for task runners that carry a task elsewhere."""

from __future__ import annotations

from penstock.core.errors import TaskRunTimeoutError as TaskRunTimeoutError
from penstock.engine.task_engine import run_task as run_task

__all__ = ["TaskRunTimeoutError", "run_task"]
