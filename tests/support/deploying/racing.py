"""A worker that races others for slots: `python -m support.deploying.racing ADDRESS WORKER FILE [QUEUE]`.

Whoever has a run holds the one lock of a file: that is how two holders would be found out. It ends when nothing waits.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from sqlalchemy import Connection, func, select
from support.databases import settings_for
from support.requests import proposal

from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.server.database.tables import flow_runs
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.deploying.workers import ClaimRuns, HandBack
from penstock.wire.flow_runs import FlowRun
from penstock.wire.requests import StartFlowRun

BUSY_SECONDS = 60.0
TWO_HOLDERS = 3


def opened(address: str) -> Dispatcher:
    """Return a server's core on a database of either kind."""
    if address.startswith("postgresql:"):
        return Dispatcher(Database(Postgresql(settings_for(address)), BUSY_SECONDS))
    return Dispatcher(Database(Sqlite(Path(address), BUSY_SECONDS), BUSY_SECONDS))


def _race(server: Dispatcher, worker: str, queue: str | None, file: int) -> None:
    own = 0
    asked = ClaimRuns(worker, limit=3, queue_names=None if queue is None else [queue])
    while True:
        claimed = server.call(op.FLOW_RUNS_CLAIM, asked)
        for given in claimed.runs:
            own += 1
            _carry_out(server, worker, given.flow_run, own, file)
        if not claimed.runs and not _anything_waits(server):
            return


def _carry_out(server: Dispatcher, worker: str, run: FlowRun, number: int, file: int) -> None:
    """Hold a slot for a while, and end it in one of the ways in which slots become free."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(TWO_HOLDERS)
    os.write(file, b".")
    is_handed_back = number % 3 == 0 and run.attempt == 1
    if not is_handed_back:
        server.call(op.FLOW_RUNS_START, StartFlowRun(run.id, f"{worker}-process", attempt=run.attempt))
    if server.database.ask(_holders) != 1:
        sys.exit(TWO_HOLDERS)
    fcntl.flock(file, fcntl.LOCK_UN)  # before its slot is free: the next one may have it at once
    if is_handed_back:
        server.call(op.FLOW_RUNS_HAND_BACK, HandBack(run.id, run.attempt))
    else:
        server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED", attempt=run.attempt))


def _holders(connection: Connection) -> int:
    live = select(func.count()).select_from(flow_runs).where(flow_runs.c.lease_expires.is_not(None))
    return connection.execute(live).scalar_one()


def _anything_waits(server: Dispatcher) -> bool:
    from penstock.core.state_type import TERMINAL_STATES, StateType
    from penstock.wire.flow_runs import FlowRunFilter
    from penstock.wire.requests import FlowRunQuery

    unended = [kind for kind in StateType if kind not in TERMINAL_STATES]
    return bool(server.call(op.FLOW_RUNS_LIST, FlowRunQuery(FlowRunFilter(state_types=unended), limit=1)).items)


if __name__ == "__main__":
    address, worker, path, *queue = sys.argv[1:]
    server = opened(address)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    _race(server, worker, queue[0] if queue else None, file)
    server.close()
