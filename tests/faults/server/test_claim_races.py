"""Processes race for one slot, lock the same rows in different orders, and die between a claim and a start."""

from __future__ import annotations

import faulthandler
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from support import databases
from support.deployed import deployment, pool, runs, worker
from support.deploying.racing import TWO_HOLDERS, opened
from support.programs import environment
from support.requests import proposal
from support.servers import running

from penstock.client.http import HttpTransport
from penstock.core.errors import ObjectNotFound, StaleAttempt
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.database.tables import flow_runs
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.deploying.deployments import ApplyDeployment, DeploymentSpec, RunDeployment
from penstock.wire.deploying.work_pools import WorkPoolByName, WorkQueueChanges, WorkQueueCreate
from penstock.wire.deploying.workers import ClaimRuns, HandBack, WorkerHeartbeat
from penstock.wire.requests import LeaseClaim, StartFlowRun

PROCESSES = 8
TESTS = Path(__file__).parents[2]
# `make full-size` races as often as the fault says, which takes the better part of an hour.
ROUNDS = [120, pytest.param(10_000 if os.environ.get("FULL_SIZE") else 300, marks=pytest.mark.long)]


@dataclass
class Place:
    """A database that several processes use, and a server's core of this one on it."""

    address: str
    server: Dispatcher


@pytest.fixture(params=databases.KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    schema = ""
    address = str(tmp_path / "penstock.db")
    if request.param == "postgresql":
        databases.require_postgresql()
        schema = databases.new_schema()
        address = databases.schema_url(schema)
    server = opened(address)
    yield Place(address, server)
    server.close()
    if schema:
        databases.drop_schema(schema)


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("what", ["pool", "queue", "deployment", "served"])
def test_never_two_holders_of_one_slot(place: Place, tmp_path: Path, what: str, rounds: int) -> None:
    """Fault 18: whatever sets the limit, one run of all goes on at a time, each to its end, none is lost."""
    faulthandler.cancel_dump_traceback_later()  # the bound of this test is its own
    server, pools, queues = place.server, ["one", "two"], ["left", "right"]
    for name in pools:
        pool(server, name, concurrency_limit=1 if what == "pool" else None)
    its = deployment(server, pool_name="one", concurrency_limit=1 if what in {"deployment", "served"} else None)
    if what == "queue":
        server.call(op.WORK_QUEUES_UPDATE, WorkQueueChanges("one", "default", concurrency_limit=1))
    if what == "served":
        runs(server, its, rounds, pool_name=None)
    elif what == "deployment":  # it was moved from one pool to another: its runs wait in both
        for name in pools:
            runs(server, its, rounds // 2, pool_name=name)
    elif what == "pool":  # each of two queues has a run of its own to begin with
        for name in queues:
            server.call(op.WORK_QUEUES_CREATE, WorkQueueCreate("one", name))
            runs(server, its, rounds // 2, pool_name="one", queue_name=name)
    else:
        runs(server, its, rounds, pool_name="one")
    names = [f"racer:{number}:x" for number in range(PROCESSES)]
    for number, name in enumerate(names):
        where = pools[number % 2] if what == "deployment" else "one"
        worker(server, name, None if what == "served" else where, deployment_ids=[its] if what == "served" else None)
    witness = tmp_path / "witness"
    racers = [
        subprocess.Popen(
            [sys.executable, "-m", "support.deploying.racing", place.address, name, str(witness)]
            + ([queues[number % 2]] if what == "pool" else []),
            env=environment(tmp_path),
            cwd=TESTS,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number, name in enumerate(names)
    ]
    ends = _ends(racers)
    assert TWO_HOLDERS not in [code for _, code in ends], "two held the slot at once"
    assert [end for end in ends if end != ("", 0)] == []
    with server.database.read() as connection:
        rows = connection.execute(select(flow_runs)).all()
    assert Counter(row.state_type for row in rows) == {StateType.COMPLETED.value: rounds}
    assert [row.id for row in rows if row.lease_expires is not None] == []
    assert witness.stat().st_size == sum(row.attempt for row in rows)


def _ends(racers: list[subprocess.Popen[str]]) -> list[tuple[str, int]]:
    """Return how all ended; once one has ended badly, the others are ended: what it left would keep them waiting."""

    def wait(racer: subprocess.Popen[str]) -> tuple[str, int]:
        errors = racer.communicate()[1]
        if racer.returncode > 0:
            for other in racers:
                other.kill()
        return errors, racer.returncode

    with ThreadPoolExecutor(len(racers)) as threads:
        return list(threads.map(wait, racers))


def test_no_deadlocks(tmp_path: Path) -> None:
    """Fault 19: claims, heartbeats and steering of the same runs, in any order, on several servers, never wait in a circle."""
    databases.require_postgresql()
    with databases.own_postgresql() as address:
        servers = [opened(address) for _ in range(4)]
        first = servers[0]
        for name in ("one", "two"):
            pool(first, name)
            for number in range(6):
                worker(first, f"{name}-{number}", name)
        kinds = [deployment(first, f"d{number}", "one", concurrency_limit=5) for number in range(6)]
        for number in range(20):
            for its in kinds[:: (-1) ** number]:
                runs(first, its, 2, pool_name=("one", "two")[number % 2])
        for number in range(4):
            worker(first, f"server-{number}", None, deployment_ids=kinds[:: (-1) ** number])
        begin = threading.Barrier(12)
        with ThreadPoolExecutor(12) as threads:
            done = [threads.submit(_meddle, servers[number % 4], number, begin) for number in range(12)]
            for one in done:
                one.result()
        counted = databases.on_server(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", address
        )
        for server in servers:
            server.close()
        assert counted == [(0,)]


def _meddle(server: Dispatcher, number: int, begin: threading.Barrier) -> None:
    name = (f"one-{number % 6}", f"two-{number % 6}", f"server-{number % 4}")[number % 3]
    pool_name = None if number % 3 == 2 else name[:3]
    held: list[LeaseClaim] = []
    begin.wait()
    for turn in range(25):
        claimed = server.call(op.FLOW_RUNS_CLAIM, ClaimRuns(name, limit=4, running=held))
        held += [LeaseClaim(one.flow_run.id, one.flow_run.attempt) for one in claimed.runs]
        held = held[:: (-1) ** turn]
        beat = WorkerHeartbeat(
            name, name, "process", pool_name, deployment_ids=None if pool_name else [], claims=held, running=held[:2]
        )
        orders = server.call(op.WORKERS_HEARTBEAT, beat)
        gone = [*orders.lost, *orders.cancel]
        held = [claim for claim in held if claim not in gone]
        for claim in held[turn % 3 :: 3]:
            _steer(server, claim, turn)
            held.remove(claim)


def _steer(server: Dispatcher, claim: LeaseClaim, turn: int) -> None:
    try:
        if turn % 3 == 0:
            server.call(op.FLOW_RUNS_HAND_BACK, HandBack(claim.flow_run_id, claim.attempt))
        elif turn % 3 == 1:
            server.call(op.FLOW_RUNS_PROPOSE, proposal(claim.flow_run_id, "CANCELLING", attempt=None))
            server.call(op.FLOW_RUNS_PROPOSE, proposal(claim.flow_run_id, "CANCELLED", attempt=claim.attempt))
        else:
            server.call(op.FLOW_RUNS_START, StartFlowRun(claim.flow_run_id, "p", attempt=claim.attempt))
            server.call(op.FLOW_RUNS_PROPOSE, proposal(claim.flow_run_id, "CRASHED", attempt=claim.attempt))
    except (StaleAttempt, ObjectNotFound):
        return


CLAIMS_AND_DIES = """
import os, signal, sys
from penstock.client.http import HttpTransport
from penstock.wire import operations as op
from penstock.wire.deploying.workers import ClaimRuns, WorkerHeartbeat

transport = HttpTransport(sys.argv[1])
transport.call(op.WORKERS_HEARTBEAT, WorkerHeartbeat("dying", "dying", "process", "docks"))
claimed = transport.call(op.FLOW_RUNS_CLAIM, ClaimRuns("dying", wait_seconds=30, lease_seconds=1.5))
assert len(claimed.runs) == 1
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("kind", databases.KINDS)
def test_a_worker_killed_between_claim_and_start(kind: str, tmp_path: Path) -> None:
    """Fault 5: another worker, which waits, is given the run once the claim's lease ends; the slot was free for it."""
    more = {"PENSTOCK_SERVER_SWEEP_SECONDS": "0.2", "PENSTOCK_RECORDING_LEASE_SECONDS": "1.5"}
    schema = ""
    if kind == "postgresql":
        databases.require_postgresql()
        schema = databases.new_schema()
        more["PENSTOCK_DATABASE_URL"] = databases.schema_url(schema)
    with running(tmp_path, **more) as server:
        transport = HttpTransport(server.url)
        transport.call(op.WORKERS_HEARTBEAT, WorkerHeartbeat("w", "w", "process", "docks"))
        spec = DeploymentSpec("hello", "daily", work_pool_name="docks", concurrency_limit=1)
        its = transport.call(op.DEPLOYMENTS_APPLY, ApplyDeployment(spec)).id
        made: UUID = transport.call(op.DEPLOYMENTS_RUN, RunDeployment(its, uuid7())).flow_run.id
        dying: Any = subprocess.run(
            [sys.executable, "-c", CLAIMS_AND_DIES, server.url], env=environment(tmp_path), check=False
        )
        assert dying.returncode == -9
        (given,) = transport.call(op.FLOW_RUNS_CLAIM, ClaimRuns("w", wait_seconds=60)).runs
        assert (given.flow_run.id, given.flow_run.attempt) == (made, 2)
        assert transport.call(op.WORK_POOLS_READ, WorkPoolByName("docks")).slots_in_use == 1
    if schema:
        databases.drop_schema(schema)
