"""A server whose database has no room, is locked, or is full of sessions that do nothing: refused, and well again by itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from support import databases
from support.clusters import Cluster
from support.requests import batch, creation, flow_run, task_run
from support.servers import Server, running

from penstock.client.http import HttpTransport
from penstock.core.errors import PenstockException, StorageFull
from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision
from penstock.wire.requests import ById, StartFlowRun

SESSIONS = 200
DISK = "32m"
RESERVE_BYTES = 4 * 1024 * 1024
TASK_RUNS = 500


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 32 MB."""
    disk = Path(f"/tmp/penstock-disk-{os.getpid()}")
    disk.mkdir()
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(disk)], capture_output=True, check=False
        )
        if mounted.returncode:
            pytest.skip("only root may mount a small disk")
        try:
            yield disk
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=True)
    finally:
        disk.rmdir()


@pytest.fixture(params=databases.KINDS)
def filling(request: pytest.FixtureRequest, small_disk: Path, tmp_path: Path) -> Iterator[Server]:
    """A server whose tables lie on the small disk."""
    with ExitStack() as stack:
        url = f"sqlite:///{small_disk}/penstock.db"
        if request.param == "postgresql":
            cluster = Cluster()
            stack.callback(cluster.remove)
            space = small_disk / "space"
            space.mkdir()
            if os.geteuid() == 0:
                shutil.chown(space, "postgres")
            databases.on_server(f"CREATE TABLESPACE small LOCATION '{space}'", cluster.url)
            databases.on_server("CREATE DATABASE filling TABLESPACE small", cluster.url)
            url = cluster.url.rpartition("/")[0] + "/filling"
        yield stack.enter_context(running(tmp_path, PENSTOCK_DATABASE_URL=url))


def test_a_disk_that_becomes_full(filling: Server, small_disk: Path) -> None:
    """Once the disk is full writes are refused (503), reads answered, nothing is acknowledged that is lost; room mends it."""
    reserve = small_disk / "reserve"
    reserve.write_bytes(b"\0" * RESERVE_BYTES)
    transport = HttpTransport(filling.url, retry_seconds=0)
    run = transport.call(op.FLOW_RUNS_CREATE, flow_run())
    acknowledged, refusal = 0, None
    while refusal is None and acknowledged < 2_000:
        try:
            transport.call(op.JOURNAL_APPEND, batch(*[task_run(run.id) for _ in range(TASK_RUNS)], number=acknowledged))
            acknowledged += 1
        except PenstockException as error:
            refusal = error
    assert isinstance(refusal, StorageFull)
    assert _recorded(transport, run.id) == min(acknowledged * TASK_RUNS, 10_000)
    assert filling.ask("GET", "/api/ready").status == 200
    reserve.unlink()
    later = batch(*[task_run(run.id) for _ in range(TASK_RUNS)], number=acknowledged)
    HttpTransport(filling.url, retry_seconds=60).call(op.JOURNAL_APPEND, later)
    assert transport.call(op.FLOW_RUNS_CREATE, flow_run()).attempt == 1


def _recorded(transport: HttpTransport, run_id: Any) -> int:
    return transport.call(op.FLOW_RUNS_COUNTS, ById(run_id)).by_type.get("COMPLETED", 0)


def test_a_locked_table_is_503(tmp_path: Path) -> None:
    """A table of PostgreSQL that others keep locked: 503 with Retry-After after the bound, other tables are read, then well."""
    databases.require_postgresql()
    schema = databases.new_schema()
    settings = {
        "PENSTOCK_DATABASE_URL": databases.schema_url(schema),
        "PENSTOCK_DATABASE_LOCK_TIMEOUT_SECONDS": "0.3",
        "PENSTOCK_DATABASE_POOL_SIZE": "3",
    }
    asked = creation()
    with running(tmp_path, **settings) as server:
        with closing(psycopg.connect(databases.SERVER, options=f"-csearch_path={schema}")) as other:
            other.execute("LOCK TABLE flow_runs IN ACCESS EXCLUSIVE MODE")
            with ThreadPoolExecutor(12) as pool:
                answers = list(pool.map(lambda _: server.ask("POST", "/api/flow_runs", json=asked), range(12)))
            assert {answer.status for answer in answers} == {503}
            assert all(int(answer.headers["retry-after"]) >= 1 for answer in answers)
            assert json.loads(answers[0].data)["type"] == "urn:penstock:storage-busy"
            assert server.ask("POST", "/api/logs/filter", json={}).status == 200
            other.rollback()
        assert server.ask("POST", "/api/flow_runs", json=asked).status == 200


def test_many_sessions_that_do_nothing() -> None:
    """200 sessions stop in the midst of their transactions, one of them with the run: they are ended, and it is started."""
    databases.require_postgresql()
    cluster = Cluster(max_connections=SESSIONS + 40)
    stopping = Postgresql(databases.settings_for(cluster.url, statement_timeout_seconds=2.0))
    core = Dispatcher(Database(Postgresql(databases.settings_for(cluster.url, lock_timeout_seconds=60.0)), 60.0))
    with ExitStack() as stack:
        stack.callback(cluster.remove)
        stack.callback(core.close)
        run = core.call(op.FLOW_RUNS_CREATE, flow_run(owner=None))
        sessions = [stack.enter_context(closing(stopping._connect())) for _ in range(SESSIONS)]
        for session in sessions:
            session.execute(stopping._begin_write.encode(), prepare=False)
        sessions[0].execute("SELECT 1 FROM flow_runs FOR UPDATE")
        assert core.call(op.FLOW_RUNS_START, StartFlowRun(run.id, "me:1:x")).decision is Decision.ACCEPT
        others = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
        while databases.on_server(others, cluster.url) != [(0,)]:
            threading.Event().wait(0.05)
        for session in sessions:
            with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
                session.execute("SELECT 1")
        assert core.call(op.FLOW_RUNS_READ, ById(run.id)).attempt == 1
