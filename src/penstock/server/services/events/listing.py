"""Events: found, in their one order. Who changes something writes its event in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, Select, Text, and_, false, or_, select, type_coerce

from penstock.server.bounds import FILTER_LIMIT, check_count, check_instant
from penstock.server.context import Context
from penstock.server.database.tables import events
from penstock.server.database.types import encode_json
from penstock.server.pages import cursor_of, page_of, split_page, up_to
from penstock.server.services import task_runs
from penstock.server.services.events import of_task_runs
from penstock.server.services.events.rows import event_of, in_order_of_numbers
from penstock.server.services.events.states import events_of
from penstock.wire.events import RESOURCE_ID, EventFilter, tells_of_task_runs
from penstock.wire.requests import ById, EventPage, EventQuery

_LAST_CHARACTER = "\U0010ffff"
LOOKED_AT = 20_000
"""How many events a search looks at for one page, so that it takes the same time however many there are."""

_LISTS = ("ids", "events", "resource_ids", "related_ids")


def list_(query: EventQuery, context: Context) -> EventPage:
    """Return a page of events in the order they were recorded in, or by their time where the filter bounds that.

    By several names, by the beginning of one, or by what they relate to, events are searched for: that looks at a bounded
    number of them for one page, which may be short of events, or empty, and still have a `next`. Events of task runs
    (`penstock.task-run.*`, or of resources that begin so) are derived from the records, and listed by themselves: run by run.

    Raises:
        ObjectLimitReached: the filter is too large.
        InvalidRequest: a value of it makes no sense.
    """
    condition = query.filter
    if tells_of_task_runs(condition.events, condition.resource_ids):
        return of_task_runs.list_(query, context)
    by_time = condition.after is not None or condition.before is not None
    keys: list[Column[Any]] = [events.c.occurred, events.c.position] if by_time else [events.c.position]
    candidates = select(events).where(*_looked_at(condition, context))
    searched_for = list(_searched_for(condition, context))
    last = _end_of_search(query, candidates, keys, context) if searched_for else None
    window = candidates.where(*searched_for)
    if last is not None:
        window = window.where(up_to(tuple(last), keys, descending=query.newest_first))
    page = page_of(window, keys, query.after, query.limit, descending=query.newest_first)
    rows, following = split_page(context.connection.execute(page).all(), keys, query.limit)
    if following is None and last is not None:
        following = cursor_of(last, keys)
    return EventPage([event_of(row) for row in rows], following)


def of_task_run(request: ById, context: Context) -> EventPage:
    """Return the events that tell of a task run's states: derived from its record, so they have no position.

    Raises:
        ObjectNotFound: there is no such task run.
    """
    return EventPage(events_of(task_runs.read(request, context)))


def _end_of_search(
    query: EventQuery, candidates: Select[Any], keys: list[Column[Any]], context: Context
) -> Row[Any] | None:
    """Return where a search ends for this page; None where there is less to look at. Found by an index alone."""
    looked_at = page_of(candidates, keys, query.after, LOOKED_AT, descending=query.newest_first, most=LOOKED_AT)
    return context.connection.execute(looked_at.with_only_columns(*keys).limit(1).offset(LOOKED_AT - 1)).first()


def _looked_at(condition: EventFilter, context: Context) -> Iterator[ColumnElement[bool]]:
    for name in _LISTS:
        check_count(getattr(condition, name), FILTER_LIMIT, f"values of {name}")
    by_index = condition.ids or condition.resource_ids or condition.after or condition.before
    if by_index or (condition.events is not None and _is_one_name(condition.events)):
        yield events.c.workspace_id == context.workspace_id
    else:
        yield in_order_of_numbers(events.c.workspace_id, context)
    if condition.ids is not None:
        yield events.c.id.in_(condition.ids)
    if condition.events is not None and _is_one_name(condition.events):
        yield events.c.event == condition.events[0]
    if condition.resource_ids is not None:
        yield events.c.resource_id.in_(condition.resource_ids)
    if condition.position_after is not None:
        yield events.c.position > condition.position_after
    if condition.after is not None:
        check_instant(condition.after, "bound of the time")
        yield events.c.occurred >= condition.after
    if condition.before is not None:
        check_instant(condition.before, "bound of the time")
        yield events.c.occurred < condition.before


def _searched_for(condition: EventFilter, context: Context) -> Iterator[ColumnElement[bool]]:
    if condition.events is not None and not _is_one_name(condition.events):
        yield or_(false(), *(_is_called(name) for name in condition.events))
    if condition.related_ids is not None:
        yield or_(false(), *(_relates_to(one, context) for one in condition.related_ids))


def _is_one_name(names: list[str]) -> bool:
    return len(names) == 1 and not names[0].endswith("*")


def _is_called(name: str) -> ColumnElement[bool]:
    if not name.endswith("*"):
        return events.c.event == name
    return and_(events.c.event >= name[:-1], events.c.event <= name[:-1] + _LAST_CHARACTER)


def _relates_to(resource_id: str, context: Context) -> ColumnElement[bool]:
    label = f'"{RESOURCE_ID}":{encode_json(resource_id)}'
    return context.dialect.contains(type_coerce(events.c.related, Text()), label)  # type: ignore[arg-type]
