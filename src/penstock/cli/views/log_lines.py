"""Printing what runs logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import click

from penstock.cli.asking import fetch, pages
from penstock.cli.screen.output import Format, colours_wanted, on_terminal, print_json, print_line, say
from penstock.cli.screen.words import many_lines, one_line
from penstock.cli.views import as_json
from penstock.wire.logs import LogFilter, LogRecord
from penstock.wire.operations import LOGS_LIST, TASK_RUNS_LIST
from penstock.wire.requests import LogQuery, TaskRunQuery
from penstock.wire.task_runs import TaskRunFilter

_COLOURS = ((logging.ERROR, "red"), (logging.WARNING, "yellow"), (logging.INFO, None), (0, "bright_black"))


def level_number(level: str) -> int:
    """Return the number of a log level that is given by name or as a number.

    Raises:
        UsageError: there is no such level.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None and level.isdecimal():
        number = int(level)
    if number is None:
        raise click.BadParameter(f"{level!r} is no log level. Give DEBUG, INFO, WARNING, ERROR or CRITICAL.")
    return number


def print_logs(conditions: LogFilter, *, limit: int | None, tail: int | None, output: Format) -> None:
    """Print the log lines that meet `conditions`: all of them, the first `limit` or the last `tail`."""
    batches = (
        _last(conditions, tail) if tail else (page.items for page in pages(LOGS_LIST, LogQuery(conditions), limit))
    )
    if output == "json":
        print_json([as_json.log(record) for batch in batches for record in batch])
        return
    printed = 0
    for batch in batches:
        names = _task_run_names(batch)
        for record in batch:
            print_line(_line(record, names.get(str(record.task_run_id), "")))
        printed += len(batch)
    if not printed:
        say("Nothing was logged.")


def _last(conditions: LogFilter, count: int) -> Iterator[list[LogRecord]]:
    records, _ = fetch(LOGS_LIST, LogQuery(conditions, newest_first=True), count)
    yield list(reversed(records))


def _task_run_names(batch: Sequence[LogRecord]) -> dict[str, str]:
    ids = list(dict.fromkeys(record.task_run_id for record in batch if record.task_run_id is not None))
    names: dict[str, str] = {}
    while ids:
        some, ids = ids[:200], ids[200:]
        runs, _ = fetch(TASK_RUNS_LIST, TaskRunQuery(TaskRunFilter(ids=some)), len(some))
        names |= {str(run.id): run.name for run in runs}
    return names


def _line(record: LogRecord, task_run_name: str) -> str:
    time = record.timestamp.astimezone().strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    level = logging.getLevelName(record.level)
    place = f"{one_line(task_run_name)}: " if task_run_name else ""
    message = many_lines(record.message)
    if not (on_terminal() and colours_wanted()):
        return f"{time} {level:<8} {place}{message}"
    colour = next(colour for least, colour in _COLOURS if record.level >= least)
    return (
        f"{click.style(time, dim=True)} {click.style(f'{level:<8}', fg=colour)} "
        f"{click.style(place, fg='cyan')}{message}"
    )
