"""Views that people save: the conditions of a list under a name, for everybody in the workspace."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

import msgspec


class ViewKind(str, Enum):
    """Which list a view is of."""

    FLOW_RUNS = "flow_runs"
    TASK_RUNS = "task_runs"


class View(msgspec.Struct, frozen=True):
    """A saved view.

    Attributes:
        id: made by the client.
        kind: which list it is of.
        name: what it is known by, unique among the views of that list.
        filter: the conditions and the order of the list, as the dashboard's address has them.
        created: when it was saved first; UTC.
        updated: when it was last changed; UTC.
    """

    id: UUID
    kind: ViewKind
    name: str
    filter: dict[str, Any]
    created: datetime
    updated: datetime


class ViewCreate(msgspec.Struct, frozen=True):
    """A new view. Creating one twice with the same id gives the first one back.

    Attributes:
        id: made by the client.
        kind: which list it is of.
        name: what it is known by, unique among the views of that list.
        filter: the conditions and the order of the list, as the dashboard's address has them.
    """

    id: UUID
    kind: ViewKind
    name: str
    filter: dict[str, Any]


class ViewChanges(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be changed of a view; what is left out stays.

    Attributes:
        id: the view.
        name: what it is known by from now on.
        filter: its conditions from now on.
    """

    id: UUID
    name: str | msgspec.UnsetType = msgspec.UNSET
    filter: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET


class ViewQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """A page of the views of a list, by name.

    Attributes:
        kind: which list they are of.
        limit: how many at most.
        after: the `next` of the page before.
    """

    kind: ViewKind
    limit: int = 200
    after: str | None = None


class ViewPage(msgspec.Struct, frozen=True):
    """Some views, and where the next page begins."""

    items: list[View]
    next: str | None = None
