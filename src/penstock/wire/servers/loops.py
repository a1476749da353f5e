"""The loops of the servers: what they do by themselves, every so often."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

LoopState = Literal["waiting", "running", "failed", "stopped"]


class ListLoops(msgspec.Struct, frozen=True):
    """What the servers do by themselves."""


class LoopLine(msgspec.Struct, frozen=True):
    """What a loop does, as its server last told.

    Attributes:
        name: its name.
        state: whether it rests, runs, has failed the last time, or stands still as no server leads.
        interval_seconds: how long it rests between two runs.
        last_begun: when the last run began; UTC.
        last_seconds: how long the last run took that has ended.
        lag_seconds: how much later than it was due the last run began.
        runs: how many runs have ended since the leader started.
        failures: how many of them failed.
        error: why the last one failed; null where it did not.
    """

    name: str
    state: LoopState
    interval_seconds: float
    last_begun: datetime | None = None
    last_seconds: float = 0.0
    lag_seconds: float = 0.0
    runs: int = 0
    failures: int = 0
    error: str | None = None


class LoopList(msgspec.Struct, frozen=True):
    """The loops, and which server runs them.

    Attributes:
        items: the loops, by name.
        leader: `<host>:<process number>:<unique id>` of the server that runs them; null where none does.
        leader_since: since when it does; UTC.
    """

    items: list[LoopLine]
    leader: str | None = None
    leader_since: datetime | None = None
