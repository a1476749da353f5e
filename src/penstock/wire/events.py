"""Something that happened, as it is told: to the server, by the server, and to whoever listens."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from penstock.core.errors import InvalidRequest

FLOW_RUN_PREFIX = "penstock.flow-run."
"""Begins the ids of flow runs as resources, and the names of their events."""

TASK_RUN_PREFIX = "penstock.task-run."
"""The same of task runs."""

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
        position: its place in the one order of all events of the server; 0 until it is recorded. Events of task runs are not:
            they have a place in the order of their stream, and 0 elsewhere.
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


def is_called(event: str, name: str) -> bool:
    """Whether an event's name is `name`, or begins so where that ends in `*`."""
    return event.startswith(name[:-1]) if name.endswith("*") else event == name


def tells_of_task_runs(names: list[str] | None, resource_ids: list[str] | None) -> bool:
    """Whether the events of these names, or else of these resources, tell of task runs' states, which are not recorded.

    Raises:
        InvalidRequest: some do and some do not; there is no order between them.
    """
    wanted = names if names is not None else resource_ids
    answers = {name.startswith(TASK_RUN_PREFIX) for name in wanted or ("",)}
    if len(answers) > 1:
        raise InvalidRequest(
            f"Events of task runs ({TASK_RUN_PREFIX}*) are asked for by themselves: they are not recorded among the others, so "
            "there is no order between them. Ask for these and for the others separately."
        )
    return answers == {True}
