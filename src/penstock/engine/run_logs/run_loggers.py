"""The loggers of runs: each line knows its run, and a broken handler never breaks a run."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.context import FlowRunContext, TaskRunContext

FLOW_RUNS = logging.getLogger("penstock.flow_runs")
TASK_RUNS = logging.getLogger("penstock.task_runs")

_complained = False


class RunLogger(logging.LoggerAdapter[logging.Logger]):
    """Adds what is known of the run to every line.

    A handler that raises is reported on standard error once, and the line is lost, not the run.
    """

    def process(self, msg: Any, kwargs: Any) -> tuple[Any, Any]:
        """Put the run's fields beside those of the call."""
        kwargs["extra"] = {**(self.extra or {}), **(kwargs.get("extra") or {})}
        return msg, kwargs

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        """Log a line. See `logging.Logger.log`."""
        try:
            super().log(level, msg, *args, **kwargs)
        except RecursionError:
            raise
        except Exception as error:
            _complain(error)

    def getChild(self, suffix: str, extra: Mapping[str, object] | None = None) -> RunLogger:
        """Return a logger of the same run below this one."""
        return RunLogger(self.logger.getChild(suffix), {**(self.extra or {}), **(extra or {})})


def _complain(error: Exception) -> None:
    global _complained
    if _complained or sys.stderr is None:
        return
    _complained = True
    try:
        sys.stderr.write(
            f"penstock: a log handler failed with {type(error).__name__}: {error}. The run goes on without its lines; "
            "mend the handler. Further failures are not reported.\n"
        )
    except (OSError, ValueError):
        pass


def task_run_logger(context: TaskRunContext) -> RunLogger:
    """Return the logger of a task run."""
    record = context.task_run.record
    return RunLogger(
        TASK_RUNS,
        {
            "task_run_id": record.id,
            "task_run_name": record.name,
            "task_name": record.task_name,
            "flow_run_id": record.flow_run_id,
        },
    )


def flow_run_logger(context: FlowRunContext) -> RunLogger:
    """Return the logger of a flow run."""
    run = context.flow_run
    return RunLogger(
        FLOW_RUNS,
        {"flow_run_id": run.id, "flow_run_name": run.name, "flow_name": run.flow_name},
    )


def current_run_logger(**extra: Any) -> RunLogger:
    """Return the logger of the innermost run that runs here.

    Raises:
        MissingContextError: no run does.
    """
    from penstock.context import TaskRunContext, get_run_context

    context = get_run_context()
    logger = task_run_logger(context) if isinstance(context, TaskRunContext) else flow_run_logger(context)
    logger.extra = {**(logger.extra or {}), **extra}
    return logger
