"""What a server is, what its database holds, and how long it keeps that."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

DatabaseKind = Literal["sqlite", "postgresql"]


class ReadInfo(msgspec.Struct, frozen=True):
    """What the server is."""


class TableLine(msgspec.Struct, frozen=True):
    """What a table of the database takes.

    Attributes:
        name: its name.
        rows: how many rows it has.
        bytes: on the disk, with its indexes.
        is_exact: whether the rows were counted; else there are about so many.
    """

    name: str
    rows: int
    bytes: int
    is_exact: bool


class DatabaseInfo(msgspec.Struct, frozen=True):
    """The database.

    Attributes:
        kind: which kind it is of.
        place: its address, without secrets.
        revision: the schema it has.
        bytes: what it takes on the disk.
        tables: what takes that, the largest first; null where it is so large that it takes too long to look.
    """

    kind: DatabaseKind
    place: str
    revision: str
    bytes: int
    tables: list[TableLine] | None = None


class Retention(msgspec.Struct, frozen=True):
    """How long each kind of thing is kept, in days; 0 for ever.

    Attributes:
        flow_runs_days: after its end, a flow run with all that belongs to it.
        task_runs_days: after its end, a task run outside of flows.
        logs_days: after it was logged, a line.
        events_days: after it occurred, an event.
        audit_days: after it was done, what the audit says of it.
    """

    flow_runs_days: float
    task_runs_days: float
    logs_days: float
    events_days: float
    audit_days: float


class ServerInfo(msgspec.Struct, frozen=True):
    """What a server is.

    Attributes:
        version: of Penstock.
        now: the present instant by the database's clock; UTC.
        database: where it keeps everything.
        retention: how long it does.
    """

    version: str
    now: datetime
    database: DatabaseInfo
    retention: Retention
