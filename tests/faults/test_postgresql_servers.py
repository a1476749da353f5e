"""The PostgreSQL server itself under faults: crashed under load and within a sweep, short of connections, half migrated."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from support import databases
from support.clusters import Cluster
from support.requests import batch, flow_run, line, proposal, task_run

from penstock.core.errors import StorageBusy
from penstock.core.state_type import StateType
from penstock.server.database import schema
from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision
from penstock.wire.requests import ById, FlowRunQuery

STORED = Path(__file__).parents[1] / "conformance/stored/postgresql_0001.sql"


@pytest.fixture
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A PostgreSQL server of the test's own."""
    cluster = Cluster(**getattr(request, "param", {}))
    yield cluster
    cluster.remove()


def _server(cluster: Cluster, **values: object) -> Dispatcher:
    settings = databases.settings_for(cluster.url, **{"reconnect_timeout_seconds": 60.0, **values})
    return Dispatcher(Database(Postgresql(settings), 5.0))


def test_a_crash_under_load(cluster: Cluster) -> None:
    """The server crashes and recovers while runs go on: nothing acknowledged is lost, each ends once, none is stuck."""
    cores = [_server(cluster), _server(cluster)]
    cores[0].call(op.FLOW_RUNS_LIST, FlowRunQuery())
    half_way, acknowledged = threading.Event(), []

    def one_run(number: int) -> UUID:
        core, other = cores[number % 2], cores[1 - number % 2]
        run = flow_run()
        core.call(op.FLOW_RUNS_CREATE, run)
        acknowledged.append(run.id)
        if len(acknowledged) > 30:
            half_way.set()
        other.call(op.JOURNAL_APPEND, batch(*[task_run(run.id) for _ in range(10)], line(run.id), owner=str(run.id)))
        assert core.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED")).decision is Decision.ACCEPT
        return run.id

    with ThreadPoolExecutor(8) as pool:
        runs = [pool.submit(one_run, number) for number in range(100)]
        assert half_way.wait(120)
        cluster.crash()
        cluster.start()
        ids = [future.result(120) for future in runs]
    for run_id in ids:
        states = [one.type for one in cores[0].call(op.FLOW_RUNS_READ, ById(run_id)).states]
        assert states == [StateType.PENDING, StateType.RUNNING, StateType.COMPLETED]
        assert cores[1].call(op.FLOW_RUNS_COUNTS, ById(run_id)).by_type == {"COMPLETED": 10}
    for core in cores:
        assert core.database.checked_out() == 0
        core.close()


def test_a_crash_within_a_sweep(cluster: Cluster) -> None:
    """The server crashes between the look for the dead and the sentence: the sweep finishes every run all the same."""
    core = _server(cluster)
    ids = [core.call(op.FLOW_RUNS_CREATE, flow_run()).id for _ in range(20)]
    crashed: list[int] = []

    def crash_once(run: object) -> str:
        if not crashed:
            crashed.append(1)
            cluster.crash()
            cluster.start()
        return "gone"

    assert core.sweep(crash_once) == len(ids)
    assert {core.call(op.FLOW_RUNS_READ, ById(run_id)).state.type for run_id in ids} == {StateType.CRASHED}
    core.close()


@pytest.mark.parametrize("cluster", [{"max_connections": 20}], indirect=True)
def test_more_servers_than_connections(cluster: Cluster) -> None:
    """Ten servers share twenty connections: what finds none is refused clearly, and the rest is done."""
    cores = [_server(cluster, pool_size=8) for _ in range(10)]
    cores[0].call(op.FLOW_RUNS_LIST, FlowRunQuery())

    def ask(number: int) -> BaseException | None:
        try:
            cores[number % 10].call(op.FLOW_RUNS_CREATE, flow_run())
            cores[number % 10].call(op.FLOW_RUNS_LIST, FlowRunQuery())
        except StorageBusy as error:
            return error
        return None

    with ThreadPoolExecutor(40) as pool:
        outcomes = list(pool.map(ask, range(200)))
    refused = [str(error) for error in outcomes if error is not None]
    assert len(refused) < len(outcomes)
    assert all("takes no more connections" in words for words in refused)
    for core in cores:
        assert core.database.checked_out() == 0
        core.close()
    last = _server(cluster)
    assert last.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items
    last.close()


HALF_A_MIGRATION = """
import sys, threading
sys.path.insert(0, sys.argv[2])
from support import databases
from penstock.server.database.migrations import running

def migrate(connection):
    running.upgrade(connection)
    print("migrated, not committed", flush=True)
    threading.Event().wait()

databases.postgresql(sys.argv[1]).alter(migrate)
"""

OPENS = """
import sys
sys.path.insert(0, sys.argv[2])
from support import databases
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.requests import FlowRunQuery

server = Dispatcher(databases.postgresql(sys.argv[1]))
print(len(server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items))
server.close()
"""


def test_killed_within_a_migration() -> None:
    """Of several servers that start on an old schema, the one that migrates is killed: another migrates, once."""
    databases.require_postgresql()
    name = databases.new_schema()
    databases.on_server(f"SET search_path TO {name}; {STORED.read_text()}")

    def start(program: str) -> subprocess.Popen[str]:
        arguments = [sys.executable, "-c", program, name, str(Path(__file__).parents[1])]
        return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)

    first = start(HALF_A_MIGRATION)
    assert first.stdout is not None
    assert first.stdout.readline() == "migrated, not committed\n"
    others = [start(OPENS) for _ in range(3)]
    first.send_signal(signal.SIGKILL)
    assert [other.communicate(timeout=120)[0] for other in others] == ["3\n"] * 3
    assert [other.returncode for other in others] == [0, 0, 0]
    first.communicate(timeout=120)
    database = databases.postgresql(name)
    assert database.alter(lambda connection: schema.revision_of(connection, database.dialect)) == schema.REVISION
    databases.drop_schema(name)
