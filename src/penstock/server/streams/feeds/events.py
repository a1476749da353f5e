"""The feed of events: they themselves, in their order."""

from __future__ import annotations

import msgspec
from sqlalchemy import func, select

from penstock.server.context import Context
from penstock.server.database.tables import events
from penstock.server.services.events.rows import event_of, in_order_of_numbers
from penstock.server.streams.feed import ROWS_AT_ONCE, Entry, Feed, Reading, Watched
from penstock.wire.events import RESOURCE_ID, Event, is_called
from penstock.wire.streams import EventsFollowed


class EventFeed(Feed):
    """Feeds events."""

    kind = "event"

    def head(self, context: Context) -> int:
        """Return the position of the newest event."""
        return context.connection.execute(select(func.max(events.c.position))).scalar() or 0

    def read(self, after: int, watched: Watched, context: Context) -> Reading:
        """Return the events after a position."""
        statement = select(events).where(in_order_of_numbers(events.c.workspace_id, context), events.c.position > after)
        rows = context.connection.execute(statement.order_by(events.c.position).limit(ROWS_AT_ONCE)).all()
        entries = []
        for row in rows:
            event = event_of(row)
            entries.append(Entry(event.position, self.kind, event, msgspec.json.encode(event)))
        return Reading(entries, rows[-1].position if rows else after, len(rows) == ROWS_AT_ONCE)

    def matches(self, followed: EventsFollowed, entry: Entry) -> bool:
        """Whether the event is meant."""
        event: Event = entry.subject
        if followed.events is not None and not any(is_called(event.event, name) for name in followed.events):
            return False
        if followed.resource_ids is not None and event.resource_id not in followed.resource_ids:
            return False
        related = followed.related_ids
        return related is None or any(labels.get(RESOURCE_ID) in related for labels in event.related)
