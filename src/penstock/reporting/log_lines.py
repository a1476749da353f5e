"""Where the log lines of runs go: the record, and the console."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from penstock import settings
from penstock.reporting.json_lines import JsonFormatter
from penstock.reporting.recorder import current_recorder

RunFinder = Callable[[], tuple[UUID | None, UUID | None]]
"""Returns the ids of a flow run and a task run."""

_RUN_LOGGERS = ("penstock.flow_runs", "penstock.task_runs")


class LineFormatter(logging.Formatter):
    """The message and, below it, the traceback without our own frames."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as text."""
        text = record.getMessage()
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text

    def formatException(self, ei: Any) -> str:
        """Return the traceback."""
        from penstock.reporting.tracebacks import traceback_text

        error = ei[1]
        return traceback_text(error).rstrip() if error is not None else ""


class RecordHandler(logging.Handler):
    """Keeps lines in the record of the run they belong to; lines of no run are left to other handlers.

    Parameters:
        run_here: returns the ids of the flow run and the task run that run here, for lines which do not name their run.
    """

    def __init__(self, run_here: RunFinder) -> None:
        super().__init__()
        self.setFormatter(LineFormatter())
        self._run_here = run_here

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        flow_run_id = getattr(record, "flow_run_id", None)
        task_run_id = getattr(record, "task_run_id", None)
        if flow_run_id is None and task_run_id is None:
            flow_run_id, task_run_id = self._run_here()
        if flow_run_id is None and task_run_id is None:
            return
        from penstock.wire.logs import LogRecord

        try:
            line = LogRecord(
                datetime.fromtimestamp(record.created, UTC),
                record.levelno,
                record.name,
                _bounded(self.format(record)),
                flow_run_id,
                task_run_id,
            )
        except Exception:
            self.handleError(record)
            return
        current_recorder().log(line)


def _bounded(text: str) -> str:
    bound = settings.current().logging.max_message_chars
    # Lone surrogates (from undecodable file names, say) can't be stored as text.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= bound else f"{text[: bound - 1]}… ({len(text)} characters)"


class ConsoleHandler(logging.StreamHandler[Any]):
    """Writes lines to standard error, whatever that is at the time; a closed one is survived.

    Parameters:
        as_json: whether as JSON, rather than for people.
    """

    def __init__(self, *, as_json: bool = False) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(JsonFormatter(LineFormatter()) if as_json else ConsoleFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self.stream = sys.stderr
        if self.stream is not None and not self.stream.closed:
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Report a line that could not be written, unless nobody listens any more."""
        if not isinstance(sys.exc_info()[1], (BrokenPipeError, ValueError)):
            super().handleError(record)


_COLOURS = {"WARNING": "\033[33m", "ERROR": "\033[31m", "CRITICAL": "\033[31;1m", "DEBUG": "\033[2m"}


class ConsoleFormatter(LineFormatter):
    """`10:20:30.123 | INFO    | Flow run 'swift-otter' - Beginning`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as text."""
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S.%f")[:-3]
        text = f"{time} | {record.levelname:<7} | {_origin(record)} - {super().format(record)}"
        colour = _COLOURS.get(record.levelname) if _shows_colours() else None
        return f"{colour}{text}\033[0m" if colour else text


def _origin(record: logging.LogRecord) -> str:
    task_run_name = getattr(record, "task_run_name", None)
    if task_run_name is not None:
        return f"Task run {task_run_name!r}"
    flow_run_name = getattr(record, "flow_run_name", None)
    if flow_run_name is not None:
        return f"Flow run {flow_run_name!r}"
    return record.name


def _shows_colours() -> bool:
    return sys.stderr is not None and sys.stderr.isatty() and "NO_COLOR" not in os.environ


_configured = False


def configure_logging(run_here: RunFinder) -> None:
    """Give the loggers of runs, and those that `logging.extra_loggers` names, their handlers, once a process.

    Handlers that a program put there stay.

    Parameters:
        run_here: returns the ids of the flow run and the task run that run here.
    """
    global _configured
    if _configured:
        return
    _configured = True
    current = settings.current().logging
    ours = logging.getLogger("penstock")
    if ours.level == logging.NOTSET:
        ours.setLevel(current.level)
    ours.propagate = False
    if current.to_console:
        ours.addHandler(ConsoleHandler(as_json=current.json))
    keep = RecordHandler(run_here)
    for name in (*_RUN_LOGGERS, *current.extra_loggers):
        logging.getLogger(name).addHandler(keep)


def relay_logging(handler: logging.Handler, levels: Mapping[str, int]) -> None:
    """Give the lines of runs to `handler` only: another process writes them.

    Parameters:
        handler: takes them there.
        levels: the levels that the loggers have in that process, by name.
    """
    global _configured
    _configured = True
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    for name in ("penstock", *settings.current().logging.extra_loggers):
        logging.getLogger(name).addHandler(handler)
    logging.getLogger("penstock").propagate = False


def reset_logging() -> None:
    """Take our handlers away again, so that the next run reads the settings anew."""
    global _configured
    _configured = False
    for name in ("penstock", *_RUN_LOGGERS, *settings.current().logging.extra_loggers):
        logger = logging.getLogger(name)
        for handler in list(logger.handlers):
            if isinstance(handler, (RecordHandler, ConsoleHandler)):
                logger.removeHandler(handler)
    logging.getLogger("penstock").setLevel(logging.NOTSET)
