"""Events that programs tell, taken in."""

from __future__ import annotations

from penstock.server import bounds
from penstock.server.context import Context
from penstock.server.services.events.rows import tell
from penstock.wire.requests import EventBatch, EventsTaken


def append(batch: EventBatch, context: Context) -> EventsTaken:
    """Write events; those that are known by their id already are left as they are.

    Raises:
        ObjectLimitReached: these are too many for one request.
    """
    bounds.check_count(batch.events, bounds.BATCH_LIMIT, "events")
    refused = []
    for event in batch.events:
        try:
            tell(event, context)
        except (TypeError, ValueError, OverflowError):
            refused.append(event.id)
    return EventsTaken(refused)
