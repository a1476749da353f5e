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
        run_count: how many of its runs are kept; the count stops at 10,000.
        run_count_is_capped: whether there are more.
    """

    id: UUID
    name: str
    created: datetime
    tags: list[str] = msgspec.field(default_factory=list)
    run_count: int = 0
    run_count_is_capped: bool = False


class FlowFilter(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Which flows are meant; all conditions must hold. One that is left out always holds, an empty list never does.

    Attributes:
        ids: one of these.
        names: one of these.
        name_like: the name contains this text, upper and lower case alike.
        all: each of these holds as well; an empty list always holds.
        any: at least one of these holds as well.
        not_: this does not hold; `not` in JSON.
    """

    ids: list[UUID] | None = None
    names: list[str] | None = None
    name_like: str | None = None
    all: list[FlowFilter] | None = None
    any: list[FlowFilter] | None = None
    not_: FlowFilter | None = msgspec.field(default=None, name="not")
