"""A process that is killed while it writes leaves states and their events together, or neither."""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select
from support import databases
from support.programs import TIMEOUT_SECONDS, started, with_tests, written

from penstock.server.database.database import Database
from penstock.server.database.tables import events, flow_runs

ROUNDS = 8

WRITER = """
    import os
    import sys
    from threading import Thread
    from support import databases
    from support.requests import flow_run, proposal
    from penstock.server.dispatcher import Dispatcher
    from penstock.wire import operations as op
    from pathlib import Path

    kind, place = sys.argv[1:]
    server = Dispatcher(databases.sqlite(Path(place)) if kind == "sqlite" else databases.postgresql(place))

    def write():
        while True:
            run = server.call(op.FLOW_RUNS_CREATE, flow_run())
            os.write(1, f"{run.id}\\n".encode())
            server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED"))

    for _ in range(3):
        Thread(target=write).start()
"""


@pytest.mark.parametrize("kind", databases.KINDS)
def test_killed_between_a_state_and_its_event(kind: str, tmp_path: Path) -> None:
    """Killed again and again in the midst of writing, a server leaves exactly one event for each state there is."""
    if kind == "postgresql":
        databases.require_postgresql()
    schema = databases.new_schema() if kind == "postgresql" else ""
    acknowledged: set[str] = set()
    program = written(tmp_path, WRITER)
    for number in range(ROUNDS):
        process = started(program, tmp_path, kind, schema or str(tmp_path), PYTHONPATH=with_tests())
        assert process.stdout is not None
        for _ in range(3 + 7 * number):
            acknowledged.add(process.stdout.readline().strip())
        process.send_signal(signal.SIGKILL)
        out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        assert process.returncode == -signal.SIGKILL, err
        acknowledged |= {line for line in out.splitlines() if len(line) == 36}
    database = databases.postgresql(schema) if schema else databases.sqlite(tmp_path)
    try:
        _check(database, acknowledged)
    finally:
        database.close()
        if schema:
            databases.drop_schema(schema)


def _check(database: Database, acknowledged: set[str]) -> None:
    with database.read() as connection:
        runs = connection.execute(select(flow_runs.c.id, flow_runs.c.states)).all()
        told = connection.execute(select(events.c.resource_id, events.c.event).order_by(events.c.position)).all()
    states = Counter(
        (f"penstock.flow-run.{run.id}", f"penstock.flow-run.{state.name}") for run in runs for state in run.states
    )
    assert Counter((row.resource_id, row.event) for row in told if row.event != "penstock.flow.created") == states
    assert acknowledged <= {str(run.id) for run in runs}
    assert len(acknowledged) > ROUNDS
