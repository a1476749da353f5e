"""What claims cost: a bounded number of statements, each of which finds its way by an index, with 50,000 runs due."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from support import databases
from support.deployed import POOL, WORKER, claim, claimed_ids, deployment, pool, run, runs, schedule, worker, workers
from support.requests import OWNER

from penstock.core import clock
from penstock.server.context import Context
from penstock.server.database.database import Database
from penstock.server.database.dialects.postgresql import Postgresql
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.work.liveness import look_after
from penstock.server.services.work.outlook import Place, arrival, look
from penstock.wire import operations as op
from penstock.wire.deploying.work_pools import WorkPoolByName, WorkPoolChanges, WorkQueueCreate, WorkQueueQuery
from penstock.wire.deploying.workers import ClaimRuns, HandBack, WorkerHeartbeat
from penstock.wire.requests import LeaseClaim, StartFlowRun
from penstock.wire.schedules import OverlapPolicy

ROWS = 50_000
HOUR = timedelta(hours=1)
_DETOUR = {
    "sqlite": re.compile(r"^SCAN flow_runs\b|^USE TEMP B-TREE FOR ORDER BY"),
    "postgresql": re.compile(r"Seq Scan on flow_runs\b|Sort .*rows=\d{4,}"),
}


class Crowded:
    """A database in which many runs are due, and what is asked of it.

    Attributes:
        kind: which kind of database.
        server: a server's core on it.
        served: a deployment that no pool carries out.
        waits: how many runs wait.
    """

    def __init__(self, kind: str, server: Dispatcher) -> None:
        self.kind = kind
        self.server = server
        pool(server)
        server.call(op.WORK_QUEUES_CREATE, WorkQueueCreate(POOL, "express"))
        worker(server)
        workers(server, 2_000)
        now = clock.now()
        wide = deployment(server)
        for _ in range(ROWS // 5_000):
            runs(server, wide, 5_000, due=now - HOUR, step=timedelta(milliseconds=1))
        self.narrow = deployment(server, "narrow", concurrency_limit=1)
        self.served = deployment(server, "served", None)
        runs(server, self.served, 5_000, due=now - HOUR, pool_name=None)
        worker(server, "server", None, deployment_ids=[self.served])

    def asked(self, work: Callable[[], Any]) -> list[tuple[str, Any]]:
        """Return the statements that `work` sends; one that is sent with many rows counts once."""
        statements: list[tuple[str, Any]] = []

        def note(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if not statement.startswith("BEGIN"):
                statements.append((statement, parameters))

        engine = self.server.database._opened()
        event.listen(engine, "before_cursor_execute", note)
        try:
            work()
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return statements

    def detours(self, work: Callable[[], Any]) -> list[str]:
        """Return the steps of what `work` asks that look at every flow run, or sort more than a few."""
        explain = "EXPLAIN QUERY PLAN" if self.kind == "sqlite" else "EXPLAIN"
        place = 3 if self.kind == "sqlite" else 0
        found = []
        statements = self.asked(work)
        assert statements
        with self.server.database.read() as connection:
            driver: Any = connection.connection.driver_connection
            for statement, parameters in statements:
                if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")) and "pg_advisory" not in statement:
                    some = parameters[0] if isinstance(parameters, list) else parameters
                    found += [row[place] for row in driver.execute(f"{explain} {statement}", some)]
        return [step for step in found if _DETOUR[self.kind].search(step)]


@pytest.fixture(scope="module", params=databases.KINDS)
def crowded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowded]:
    """A database with 50,000 due runs in one queue."""
    if request.param == "sqlite":
        server = Dispatcher(databases.sqlite(tmp_path_factory.mktemp("crowded")))
        yield Crowded(request.param, server)
        server.close()
        return
    databases.require_postgresql()
    with databases.own_postgresql() as address:
        server = Dispatcher(Database(Postgresql(databases.settings_for(address)), 5.0))
        crowded = Crowded(request.param, server)
        databases.on_server("VACUUM ANALYZE", address)
        yield crowded
        server.close()


def in_context(crowded: Crowded, work: Callable[[Context], Any]) -> Any:
    return crowded.server.database.ask(lambda connection: work(Context(connection, crowded.server.database.dialect)))


def test_every_question_has_its_index(crowded: Crowded) -> None:
    """Nothing that a worker asks or says looks at all runs, however many wait."""
    server = crowded.server
    for limited in (None, 1_000):
        server.call(op.WORK_POOLS_UPDATE, WorkPoolChanges(POOL, concurrency_limit=limited))
        for asked in (
            lambda: claim(server, limit=5),
            lambda: claim(server, limit=5, queue_names=["default"]),
            lambda: claim(server, "server", limit=5),
            lambda: in_context(crowded, lambda context: arrival(ClaimRuns(WORKER), context)),
            lambda: in_context(crowded, lambda context: look([Place(POOL)], context)),
            lambda: in_context(
                crowded, lambda context: look([Place(deployment_ids=frozenset({crowded.served}))], context)
            ),
            lambda: server.call(op.WORK_POOLS_READ, WorkPoolByName(POOL)),
            # To count what is nearly the whole table, PostgreSQL rightly reads the beginning of the table.
            lambda: server.call(op.WORK_QUEUES_LIST, WorkQueueQuery([POOL if crowded.kind == "sqlite" else "none"])),
            lambda: server.ledger.write(lambda connection: look_after(Context(connection, server.database.dialect))),
        ):
            assert not crowded.detours(asked)


def test_what_concerns_a_claimed_run(crowded: Crowded) -> None:
    """Its heartbeat, its start, and its way back find it by its id."""
    server = crowded.server
    (given,) = claim(server, "many:1:worker", limit=1).runs
    held = LeaseClaim(given.flow_run.id, 1)
    beat = WorkerHeartbeat("many:1:worker", "w", "process", POOL, claims=[held])
    assert not crowded.detours(lambda: server.call(op.WORKERS_HEARTBEAT, beat))
    assert not crowded.detours(lambda: server.call(op.FLOW_RUNS_HAND_BACK, HandBack(held.flow_run_id, 1)))
    (again,) = claim(server, "many:1:worker", limit=1).runs
    start = StartFlowRun(again.flow_run.id, OWNER, attempt=again.flow_run.attempt)
    assert not crowded.detours(lambda: server.call(op.FLOW_RUNS_START, start))


def test_a_claim_of_many_costs_as_many_statements_as_one_of_few(crowded: Crowded) -> None:
    """The statements of a claim do not grow with the runs that it gives."""
    server = crowded.server
    counts = [
        len(crowded.asked(lambda name=name, limit=limit: claim(server, name, limit=limit)))  # type: ignore[misc]
        for name, limit in (("many:2:worker", 1), ("many:3:worker", 100))
    ]
    assert counts[0] == counts[1] <= 16
    assert len(crowded.asked(lambda: claim(server, "many:4:worker", queue_names=["express"]))) <= 7


def test_those_that_wait_for_a_slot_cost_little(crowded: Crowded) -> None:
    """Many runs that wait for the one slot of their deployment, or for their schedule, are not gone through each time."""
    server, now = crowded.server, clock.now()
    first = runs(server, crowded.narrow, 2_000, due=now - 3 * HOUR)[0]
    in_turn = schedule(server, crowded.narrow, OverlapPolicy.ALLOW)
    later = deployment(server, "later")
    in_turn = schedule(server, later, OverlapPolicy.ENQUEUE)
    started = runs(server, later, 1_000, due=now - 2 * HOUR, step=timedelta(milliseconds=1), schedule_id=in_turn)[0]
    given = claimed_ids(claim(server, "many:5:worker", limit=3))
    assert given[:2] == [first, started]
    assert len(given) == 3
    for number in range(3):
        name = f"many:{10 + number}:worker"
        assert len(crowded.asked(lambda name=name: claim(server, name, limit=1))) <= 30  # type: ignore[misc]
    assert not crowded.detours(lambda: claim(server, "many:6:worker", limit=1))


def test_an_idle_pool_is_looked_at_cheaply(crowded: Crowded) -> None:
    """What wakes a hundred workers asks the database a few times, however many, whatever they wait for."""
    places = [Place(POOL), Place(POOL, frozenset({"express"})), Place(deployment_ids=frozenset({crowded.served}))]
    asked = crowded.asked(lambda: in_context(crowded, lambda context: look(places, context)))
    assert len(asked) <= 8
    run(crowded.server, crowded.served, pool_name=None)
