"""A process that is killed amid the deletion of a large flow run: the run is gone, and the next server finishes."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from support import databases
from support.programs import TIMEOUT_SECONDS, started, with_tests, written

from penstock.server.database.tables import metadata
from penstock.server.dispatcher import Dispatcher
from penstock.server.rules.retention import Keeping
from penstock.wire import operations as op
from penstock.wire.requests import FlowRunQuery, LogQuery, TaskRunQuery

DELETER = """
    import os
    import signal
    import sys
    from pathlib import Path
    from support import databases
    from support.requests import batch, flow_run, line, task_run
    from penstock.server.dispatcher import Dispatcher
    from penstock.wire import operations as op
    from penstock.wire.requests import ById

    kind, place = sys.argv[1:]
    server = Dispatcher(databases.sqlite(Path(place)) if kind == "sqlite" else databases.postgresql(place))
    root = server.call(op.FLOW_RUNS_CREATE, flow_run())
    for number in range(4):
        child = server.call(op.FLOW_RUNS_CREATE, flow_run(parent_flow_run_id=root.id))
        entries = [each for _ in range(300) for each in (task_run(child.id), line(child.id))]
        server.call(op.JOURNAL_APPEND, batch(*entries, number=number + 1))
    transactions = 0

    def committed(works, seconds):
        global transactions
        transactions += 1
        if transactions == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    server.ledger.committed = committed
    server.call(op.FLOW_RUNS_DELETE, ById(root.id))
"""


@pytest.mark.parametrize("kind", databases.KINDS)
def test_killed_amid_a_deletion(kind: str, tmp_path: Path) -> None:
    """Nothing of the run is seen after the kill though rows are left; a purge deletes them, and only them."""
    if kind == "postgresql":
        databases.require_postgresql()
    schema = databases.new_schema() if kind == "postgresql" else ""
    process = started(written(tmp_path, DELETER), tmp_path, kind, schema or str(tmp_path), PYTHONPATH=with_tests())
    _, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == -signal.SIGKILL, err
    database = databases.postgresql(schema) if schema else databases.sqlite(tmp_path)
    server = Dispatcher(database)
    try:
        for operation, query in (
            (op.FLOW_RUNS_LIST, FlowRunQuery()),
            (op.TASK_RUNS_LIST, TaskRunQuery()),
            (op.LOGS_LIST, LogQuery()),
        ):
            assert server.call(operation, query).items == []
        assert _rows(server, "task_runs") > 0
        while server.purge(Keeping(0, 0, 0, 0, 0), 200).rows == 200:
            pass
        assert sum(_rows(server, name) for name in ("task_runs", "logs", "deletions")) == 0
    finally:
        server.close()
        if schema:
            databases.drop_schema(schema)


def _rows(server: Dispatcher, name: str) -> int:
    statement = select(func.count()).select_from(metadata.tables[name])
    return server.database.ask(lambda connection: connection.execute(statement).scalar_one())
