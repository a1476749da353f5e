"""Which log lines a filter means, and which of them must be looked at to find those."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import ColumnElement, and_

from penstock.server.context import Context
from penstock.server.database.tables import logs
from penstock.server.services.filters.composition import condition_of
from penstock.server.services.filters.run_conditions import between
from penstock.wire.logs import LogFilter


def looked_at(wanted: LogFilter, context: Context) -> ColumnElement[bool]:
    """Return the condition for the lines to look at: those that indexes find, by run and time."""
    return and_(logs.c.workspace_id == context.workspace_id, *_by_index(wanted))


def meant(wanted: LogFilter, context: Context) -> ColumnElement[bool]:
    """Return the condition under which a line of those that are looked at is meant.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: an instant has no time zone.
    """
    return condition_of(wanted, partial(_conditions, context=context))


def is_search(wanted: LogFilter) -> bool:
    """Whether lines may be looked at in vain."""
    rest = (wanted.level_at_least, wanted.level_at_most, wanted.loggers, wanted.all, wanted.any, wanted.not_)
    return bool(wanted.text) or any(part is not None for part in rest)


def _conditions(wanted: LogFilter, context: Context) -> Iterator[ColumnElement[bool]]:
    yield from _by_index(wanted)
    if wanted.level_at_least is not None:
        yield logs.c.level >= wanted.level_at_least
    if wanted.level_at_most is not None:
        yield logs.c.level <= wanted.level_at_most
    if wanted.loggers is not None:
        yield logs.c.logger.in_(wanted.loggers)
    if wanted.text:
        yield context.dialect.contains(logs.c.message, wanted.text)


def _by_index(wanted: LogFilter) -> Iterator[ColumnElement[bool]]:
    for ids, column in ((wanted.flow_run_ids, logs.c.flow_run_id), (wanted.task_run_ids, logs.c.task_run_id)):
        if ids is not None:
            yield column.in_(ids)
    yield from between(logs.c.timestamp, wanted.after, wanted.before, "time")
