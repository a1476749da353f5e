"""Tables of workers, pools and queues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.cli.screen.output import Cell, Column, print_table, when
from penstock.wire.deploying.workers import Worker, WorkerStatus

_LOOKS = {WorkerStatus.ONLINE: "green", WorkerStatus.DRAINING: "yellow", WorkerStatus.OFFLINE: "dim"}


def print_workers(workers: Sequence[Worker]) -> None:
    """Print a table of workers."""
    columns = [
        Column("WORKER"),
        Column("TYPE", keep=True),
        Column("POOL"),
        Column("STATUS", keep=True),
        Column("RUNS", keep=True, right=True),
        Column("HEARD OF", keep=True, style="dim"),
        Column("PLACE", style="dim"),
    ]
    print_table(
        columns,
        [
            (
                Cell(one.name, "bold"),
                one.type,
                one.pool_name or "-",
                Cell(one.status.value.capitalize(), _LOOKS[one.status]),
                str(one.running),
                when(one.last_heartbeat),
                f"{one.hostname}:{one.pid}",
            )
            for one in workers
        ],
    )


def worker_json(worker: Worker) -> dict[str, Any]:
    """Return a worker as JSON has it."""
    plain: dict[str, Any] = msgspec.to_builtins(worker)
    return plain
