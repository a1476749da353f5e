"""The loggers a user's code asks for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from penstock.engine.run_logs.run_loggers import FLOW_RUNS, TASK_RUNS, current_run_logger


def get_run_logger(context: Any = None, **kwargs: str) -> logging.LoggerAdapter[logging.Logger]:
    """Return the logger of the run that runs here; its lines are kept in the run's record.

    Parameters:
        context: the context of another run, in place of the one that runs here.
        kwargs: more fields for every line.

    Raises:
        MissingContextError: no flow run and no task run runs here.
    """
    from penstock.context import FlowRunContext, TaskRunContext
    from penstock.engine.run_logs.run_loggers import flow_run_logger, task_run_logger

    if isinstance(context, TaskRunContext):
        logger = task_run_logger(context)
    elif isinstance(context, FlowRunContext):
        logger = flow_run_logger(context)
    elif not FLOW_RUNS.disabled:
        return current_run_logger(**kwargs)
    else:
        return logging.LoggerAdapter(FLOW_RUNS, kwargs)
    logger.extra = {**(logger.extra or {}), **kwargs}
    return logger


def get_logger(name: str | None = None) -> logging.Logger:
    """Return the logger `penstock.<name>`, or `penstock` itself.

    Parameters:
        name: the part of the name after `penstock.`.
    """
    return logging.getLogger(f"penstock.{name}" if name else "penstock")


@contextmanager
def disable_run_logger() -> Iterator[None]:
    """Make `get_run_logger` work outside of runs, and its lines go nowhere, within the block: for unit tests of tasks."""
    before = FLOW_RUNS.disabled, TASK_RUNS.disabled
    FLOW_RUNS.disabled = TASK_RUNS.disabled = True
    try:
        yield
    finally:
        FLOW_RUNS.disabled, TASK_RUNS.disabled = before
