"""An event as a row, and as what it tells of."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement

from penstock.server.bounds import NAME_LIMIT, cut, storable
from penstock.server.context import Context
from penstock.server.database.types import encode_json
from penstock.wire.events import EVENT_LIMIT_CHARS, RELATED_LIMIT, RESOURCE_ID, Event


def tell(event: Event, context: Context) -> None:
    """Have `event` written with the change that the present transaction makes.

    Raises:
        ValueError: it names no resource, or is too large.
        TypeError: its instant has no time zone.
    """
    context.outbox.events.append(_row(event, context))


def _row(event: Event, context: Context) -> tuple[Any, ...]:
    resource_id = event.resource_id
    if not resource_id.strip() or not event.event.strip() or len(event.related) > RELATED_LIMIT:
        raise ValueError(f"Event {event.id} names nothing, no {RESOURCE_ID}, or too much.")
    texts = [encode_json(value) for value in (event.resource, event.related, event.payload)]
    if sum(len(text) for text in texts if text is not None) > EVENT_LIMIT_CHARS:
        raise ValueError(f"Event {event.id} is too large.")
    return (
        context.workspace_id,
        context.dialect.bind_id(event.id),
        context.dialect.bind_instant(event.occurred),
        cut(event.event, NAME_LIMIT),
        cut(resource_id, NAME_LIMIT),
        *(None if text is None else storable(text) for text in texts),
        None if event.follows is None else context.dialect.bind_id(event.follows),
    )


def event_of(row: Any) -> Event:
    """Return the event in `row`."""
    return Event(
        id=row.id,
        occurred=row.occurred,
        event=row.event,
        resource=row.resource or {RESOURCE_ID: row.resource_id},
        related=row.related or [],
        payload=row.payload or {},
        follows=row.follows,
        position=row.position,
    )


def in_order_of_numbers(workspace: Column[int], context: Context) -> ColumnElement[bool]:
    """Return the condition that a row is of the workspace, for a query that follows rows by their number.

    It is spelled so that it is not what an index is chosen by: one workspace has nearly all rows.
    """
    return context.dialect.unindexed(workspace) == context.workspace_id


def related_to(kind: str, id: UUID | str, role: str) -> dict[str, str]:
    """Return the labels of something that an event concerns."""
    return {RESOURCE_ID: f"penstock.{kind}.{id}", "penstock.resource.role": role}
