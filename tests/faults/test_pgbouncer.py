"""PostgreSQL behind a pooler that gives each transaction another connection."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest
from support import databases
from support.requests import batch, flow_run, line, proposal, task_run

from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision
from penstock.wire.requests import ById, FlowRunQuery

CONFIGURATION = """
[databases]
pooled = host=127.0.0.1 port=5432 dbname=test user=postgres connect_query='SET search_path TO {schema}'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 100
"""


@pytest.fixture
def pooled() -> Iterator[str]:
    """The address of a schema with nothing in it, by way of a pooler."""
    databases.require_postgresql()
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.fail("CI needs pgbouncer") if os.environ.get("CI") else pytest.skip("no pgbouncer here")
    if "TEST_POSTGRESQL_URL" in os.environ:
        pytest.skip("the pooler is set up for the usual PostgreSQL")
    schema = databases.new_schema()
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port: int = listener.getsockname()[1]
    folder = Path(mkdtemp(prefix="penstock-bouncer-"))
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(CONFIGURATION.format(schema=schema, port=port))
    user = []
    if os.geteuid() == 0:  # it refuses to run as root
        shutil.chown(folder, "postgres")
        user = ["runuser", "--user", "postgres", "--"]
    url = f"postgresql://postgres@127.0.0.1:{port}/pooled"
    with subprocess.Popen(
        [*user, program, str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert any("process up" in told for told in process.stderr)
        yield url
        process.terminate()
    shutil.rmtree(folder)
    databases.drop_schema(schema)


def test_transactions_get_other_connections(pooled: str) -> None:
    """Two servers work through a pooler with fewer connections than they have: all goes through, and nothing is prepared."""
    cores = [Dispatcher(Database(Postgresql(databases.settings_for(pooled)), 5.0)) for _ in range(2)]
    cores[0].call(op.FLOW_RUNS_LIST, FlowRunQuery())

    def one_run(number: int) -> dict[str, int]:
        core, other = cores[number % 2], cores[1 - number % 2]
        run = flow_run()
        core.call(op.FLOW_RUNS_CREATE, run)
        for part in range(4):
            owner = f"{run.id}:{part}"
            other.call(op.JOURNAL_APPEND, batch(*[task_run(run.id) for _ in range(5)], line(run.id), owner=owner))
        assert core.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "COMPLETED")).decision is Decision.ACCEPT
        return dict(other.call(op.FLOW_RUNS_COUNTS, ById(run.id)).by_type)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one_run, range(40))) == [{"COMPLETED": 20}] * 40
    with psycopg.connect(pooled) as connection:
        assert connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)
    for core in cores:
        assert core.database.checked_out() == 0
        core.close()
