"""A worker that races others for slots: `python -m support.deploying.racing ADDRESS WORKER LIMIT FILE`.

Whoever has a run holds the one lock of a file: that is how two holders would be found out. It ends when nothing waits.
"""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from support.databases import settings_for
from support.requests import proposal

from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.database.dialects.sqlite import Sqlite
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


def _race(server: Dispatcher, worker: str, left: int, file: int) -> None:
    own = 0
    while True:
        claimed = server.call(op.FLOW_RUNS_CLAIM, ClaimRuns(worker, limit=left))
        for given in claimed.runs:
            _hold(file)
            own += 1
            fcntl.flock(file, fcntl.LOCK_UN)  # before its slot is: the next one may have it at once
            _end(server, worker, given.flow_run, own)
        if not claimed.runs and not _anything_waits(server):
            return


def _hold(file: int) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(TWO_HOLDERS)
    os.write(file, b".")


def _end(server: Dispatcher, worker: str, run: FlowRun, number: int) -> None:
    """End a run in one of the ways in which slots become free."""
    if number % 3 == 0 and run.attempt == 1:
        server.call(op.FLOW_RUNS_HAND_BACK, HandBack(run.id, run.attempt))
        return
    server.call(op.FLOW_RUNS_START, StartFlowRun(run.id, f"{worker}-process", attempt=run.attempt))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED", attempt=run.attempt))


def _anything_waits(server: Dispatcher) -> bool:
    from penstock.core.state_type import TERMINAL_STATES, StateType
    from penstock.wire.flow_runs import FlowRunFilter
    from penstock.wire.requests import FlowRunQuery

    unended = [kind for kind in StateType if kind not in TERMINAL_STATES]
    return bool(server.call(op.FLOW_RUNS_LIST, FlowRunQuery(FlowRunFilter(state_types=unended), limit=1)).items)


if __name__ == "__main__":
    address, worker, left, path = sys.argv[1:]
    server = opened(address)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    _race(server, worker, int(left), file)
    server.close()
