"""What people and other runs tell a flow run while it goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class SendInput(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something is told to a flow run. Sending it twice under the same key tells it once.

    Attributes:
        id: the flow run that is told.
        key: tells it from all else that the run is told. Who receives asks for keys by how they begin.
        value: what it is told, as JSON has it.
        sender: who tells it, such as `penstock.flow-run.<id>`: answers go there.
    """

    id: UUID
    key: str
    value: Any
    sender: str | None = None


class FlowRunInput(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that a flow run was told.

    Attributes:
        position: its place among all that the run is told.
        flow_run_id: the flow run.
        key: tells it from the others.
        value: what the run was told.
        created: when; UTC.
        sent_by: who sent it, as the server knows them.
        sender: who sent it, as they say themselves.
    """

    position: int
    flow_run_id: UUID
    key: str
    value: Any
    created: datetime
    sent_by: str
    sender: str | None = None


class InputQuery(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a flow run was told, in its order.

    Attributes:
        id: the flow run.
        key_prefix: only what has a key that begins so.
        after_position: only what came after it.
        limit: how many at most.
    """

    id: UUID
    key_prefix: str = ""
    after_position: int = 0
    limit: int = 50


class InputList(msgspec.Struct, frozen=True):
    """Some of what a flow run was told, in its order; there may be more after it where it holds as many as asked for."""

    items: list[FlowRunInput]


class InputByKey(msgspec.Struct, frozen=True):
    """Something that a flow run was told.

    Attributes:
        id: the flow run.
        key: tells it from the others.
    """

    id: UUID
    key: str
