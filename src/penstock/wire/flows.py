"""A flow, as the server knows it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class Flow(msgspec.Struct, frozen=True):
    """A flow that has run at least once.

    Attributes:
        id: its id.
        name: its name, unique in the workspace.
        created: when it was first seen; UTC.
        tags: words to find it by.
        run_count: how many of its runs are kept.
    """

    id: UUID
    name: str
    created: datetime
    tags: list[str] = msgspec.field(default_factory=list)
    run_count: int = 0


class FlowFilter(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which flows are meant; all conditions must hold.

    Attributes:
        ids: one of these.
        names: one of these.
        name_like: the name contains this text, upper and lower case alike.
    """

    ids: list[UUID] | None = None
    names: list[str] | None = None
    name_like: str | None = None
