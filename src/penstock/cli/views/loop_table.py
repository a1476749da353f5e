"""What servers do by themselves, as a table and as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from penstock.cli.screen.output import Cell, Column, on_terminal, print_table
from penstock.cli.screen.words import ago, duration
from penstock.core import clock
from penstock.wire.servers.loops import LoopLine, LoopList

_STYLES = {"failed": "red", "running": "cyan", "stopped": "yellow"}


def print_table_of(loops: LoopList) -> None:
    """Print a line for each loop."""
    columns = [
        Column("LOOP", keep=True),
        Column("STATE", keep=True),
        Column("EVERY", right=True),
        Column("LAST RUN"),
        Column("TOOK", right=True),
        Column("RUNS", right=True),
        Column("FAILED", right=True),
        Column("LEADER"),
        Column("ERROR"),
    ]
    print_table(columns, [_cells(one, _process(loops.leader)) for one in loops.items])


def as_json(loops: LoopList) -> dict[str, Any]:
    """Return the loops as JSON values."""
    values: dict[str, Any] = msgspec.to_builtins(loops)
    return values


def _cells(one: LoopLine, leader: str) -> list[str | Cell]:
    return [
        one.name,
        Cell(one.state, _STYLES.get(one.state, "")),
        duration(one.interval_seconds),
        _time(one.last_begun),
        duration(one.last_seconds) if one.runs else "",
        f"{one.runs:,}",
        f"{one.failures:,}",
        leader,
        one.error or "",
    ]


def _time(instant: datetime | None) -> str:
    if instant is None:
        return ""
    return ago(instant, clock.now()) if on_terminal() else instant.isoformat()


def _process(leader: str | None) -> str:
    """Return the host and the number of the process, without what only tells it from others that had the number."""
    return "" if leader is None else leader.rpartition(":")[0]
