"""Something that happened, as it is told: to the server, by the server, and to whoever listens."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

RESOURCE_ID = "penstock.resource.id"
RESOURCE_NAME = "penstock.resource.name"
RESOURCE_ROLE = "penstock.resource.role"

RELATED_LIMIT = 500
"""The most resources that one event relates to."""

EVENT_LIMIT_CHARS = 512 * 1024
"""The most characters of one event's labels and payload, as JSON."""


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that happened.

    Attributes:
        id: made by who tells it; told twice, it is kept once.
        occurred: when; UTC.
        event: what, such as `penstock.flow-run.Completed`.
        resource: labels of what it happened to, `penstock.resource.id` among them.
        related: labels of what else it concerns, each with `penstock.resource.id` and `penstock.resource.role`.
        payload: more about it.
        follows: the event that led to it.
        position: its place in the one order of all events of the server; 0 until it is recorded.
    """

    id: UUID
    occurred: datetime
    event: str
    resource: dict[str, str]
    related: list[dict[str, str]] = msgspec.field(default_factory=list)
    payload: dict[str, Any] = msgspec.field(default_factory=dict)
    follows: UUID | None = None
    position: int = 0

    @property
    def resource_id(self) -> str:
        """What it happened to."""
        return self.resource.get(RESOURCE_ID, "")


class EventFilter(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which events are meant; all conditions must hold.

    Attributes:
        ids: one of these.
        events: one of these names; a name that ends in `*` means all that begin so.
        resource_ids: of one of these resources.
        related_ids: related to one of these resources.
        after: occurred at this instant or later.
        before: occurred before this instant.
        position_after: recorded after the event at this position.
    """

    ids: list[UUID] | None = None
    events: list[str] | None = None
    resource_ids: list[str] | None = None
    related_ids: list[str] | None = None
    after: datetime | None = None
    before: datetime | None = None
    position_after: int | None = None
