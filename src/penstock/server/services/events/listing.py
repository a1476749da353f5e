"""Events: found, in their one order. Who changes something writes its event in the same transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Text, and_, or_, select, type_coerce

from penstock.server.bounds import FILTER_LIMIT, check_count, check_instant
from penstock.server.context import Context
from penstock.server.database.tables import events
from penstock.server.database.types import encode_json
from penstock.server.pages import page_of, split_page
from penstock.server.services import task_runs
from penstock.server.services.events.rows import event_of
from penstock.server.services.events.states import events_of
from penstock.wire.events import RESOURCE_ID, EventFilter
from penstock.wire.requests import ById, EventPage, EventQuery

_LAST_CHARACTER = "\U0010ffff"
_LISTS = ("ids", "events", "resource_ids", "related_ids")


def list_(query: EventQuery, context: Context) -> EventPage:
    """Return a page of events in the order they were recorded in, or by their time where the filter bounds that."""
    condition = query.filter
    by_time = condition.after is not None or condition.before is not None
    keys: list[Column[Any]] = [events.c.occurred, events.c.position] if by_time else [events.c.position]
    statement = page_of(_matching(condition, context), keys, query.after, query.limit, descending=query.newest_first)
    rows, following = split_page(context.connection.execute(statement).all(), keys, query.limit)
    return EventPage([event_of(row) for row in rows], following)


def of_task_run(request: ById, context: Context) -> EventPage:
    """Return the events that tell of a task run's states: derived from its record, so they have no position.

    Raises:
        ObjectNotFound: there is no such task run.
    """
    return EventPage(events_of(task_runs.read(request, context)))


def _matching(condition: EventFilter, context: Context) -> Select[Any]:
    for name in _LISTS:
        check_count(getattr(condition, name), FILTER_LIMIT, f"values of {name}")
    statement = select(events).where(events.c.workspace_id == context.workspace_id)
    if condition.ids is not None:
        statement = statement.where(events.c.id.in_(condition.ids))
    if condition.events is not None:
        statement = statement.where(or_(False, *(_is_called(name) for name in condition.events)))
    if condition.resource_ids is not None:
        statement = statement.where(events.c.resource_id.in_(condition.resource_ids))
    if condition.related_ids is not None:
        statement = statement.where(or_(False, *(_relates_to(one, context) for one in condition.related_ids)))
    if condition.position_after is not None:
        statement = statement.where(events.c.position > condition.position_after)
    if condition.after is not None:
        check_instant(condition.after, "bound of the time")
        statement = statement.where(events.c.occurred >= condition.after)
    if condition.before is not None:
        check_instant(condition.before, "bound of the time")
        statement = statement.where(events.c.occurred < condition.before)
    return statement


def _is_called(name: str) -> ColumnElement[bool]:
    if not name.endswith("*"):
        return events.c.event == name
    return and_(events.c.event >= name[:-1], events.c.event <= name[:-1] + _LAST_CHARACTER)


def _relates_to(resource_id: str, context: Context) -> ColumnElement[bool]:
    label = f'"{RESOURCE_ID}":{encode_json(resource_id)}'
    return context.dialect.contains(type_coerce(events.c.related, Text()), label)  # type: ignore[arg-type]
