"""Turn what a run prints into log lines, where its flow or task says so."""

from __future__ import annotations

import builtins
from typing import Any

from penstock.context import FlowRunContext, TaskRunContext
from penstock.engine.run_logs.run_loggers import current_run_logger

_print = builtins.print


def capture_prints() -> None:
    """See to it that prints are captured; those outside of runs, and of runs that do not want it, pass unchanged."""
    global _print
    if builtins.print is not _logged_print:
        _print = builtins.print
        builtins.print = _logged_print


def _logged_print(
    *values: Any, sep: str | None = " ", end: str | None = "\n", file: Any = None, flush: bool = False
) -> None:
    context = TaskRunContext.get() or FlowRunContext.get()
    if file is not None or context is None or not context.log_prints:
        return _print(*values, sep=sep, end=end, file=file, flush=flush)
    text = (" " if sep is None else sep).join(map(str, values))
    current_run_logger().info("%s", text)
    return None
