"""What can be asked about events, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

import builtins

from penstock.client.threads import in_thread
from penstock.client.transport import Transport
from penstock.wire.events import Event, EventFilter
from penstock.wire.operations import EVENTS_APPEND, EVENTS_LIST
from penstock.wire.requests import EventBatch, EventPage, EventQuery, EventsTaken


class Events:
    """What can be asked of a server about events."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(
        self,
        *,
        filter: EventFilter | None = None,
        limit: int = 200,
        after: str | None = None,
        newest_first: bool = False,
    ) -> EventPage:
        """`POST /api/events/filter`: list of events.

        A page of events, oldest first unless `newest_first`. `after` is the `next` of the page before.
        """
        request = EventQuery(
            filter=EventFilter() if filter is None else filter,
            limit=limit,
            after=after,
            newest_first=newest_first,
        )
        return await in_thread(lambda: self._transport.call(EVENTS_LIST, request))

    async def append(self, *, events: builtins.list[Event]) -> EventsTaken:
        """`POST /api/events`: append of events.

        Events that a program tells. At most 10,000 at once; one that is told twice is kept once.
        """
        request = EventBatch(
            events=events,
        )
        return await in_thread(lambda: self._transport.call(EVENTS_APPEND, request))
