"""The life of a deployed run, played by chance against the real services on SQLite.

Workers claim runs within the limits of a pool and a deployment, start them, hand them back, fall silent and die; their
processes end well, fail, suspend, die and go on talking; people cancel, retry and resume. After every step: no more runs are
held than may be, no run has two holders, none is lost, an attempt number never comes twice, and a history only grows.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule
from sqlalchemy import select, update
from support import deployed
from support.requests import proposal

from penstock.core import clock
from penstock.core.errors import StaleAttempt
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database.database import Database
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.server.database.tables import flow_runs
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.work.liveness import look_after
from penstock.wire import operations as op
from penstock.wire.deploying.work_pools import WorkPoolByName
from penstock.wire.deploying.workers import ClaimRuns, HandBack
from penstock.wire.flow_runs import Decision, FlowRun
from penstock.wire.requests import ById, LeaseClaim, ResumeFlowRun, RetryFlowRun, StartFlowRun

IN_MEMORY = Path("/dev/shm")
WORKERS = ("there:1:w", "there:2:w")
POOL_LIMIT, DEPLOYMENT_LIMIT, RECOVERIES = 3, 2, 1

Attempt = tuple[UUID, int, str]


class ClaimedLife(RuleBasedStateMachine):
    """Rules are what can happen; the model is what every run was when it was last read."""

    attempts: Bundle[Attempt] = Bundle("attempts")
    processes: Bundle[Attempt] = Bundle("processes")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=IN_MEMORY if IN_MEMORY.is_dir() else None))
        self.server = Dispatcher(Database(Sqlite(self.folder / "penstock.db", 5.0), 5.0))
        deployed.pool(self.server, concurrency_limit=POOL_LIMIT)
        for name in WORKERS:
            deployed.worker(self.server, name)
        self.narrow = deployed.deployment(self.server, "narrow", concurrency_limit=DEPLOYMENT_LIMIT)
        self.wide = deployed.deployment(self.server, "wide")
        self.known: dict[UUID, FlowRun] = {}
        self.given: set[tuple[UUID, int]] = set()
        self.holds: dict[str, set[LeaseClaim]] = {name: set() for name in WORKERS}

    def teardown(self) -> None:
        assert self.server.database.checked_out() == 0
        self.server.close()
        shutil.rmtree(self.folder)

    def read(self, run_id: UUID) -> FlowRun:
        return self.server.call(op.FLOW_RUNS_READ, ById(run_id))

    @rule(is_narrow=st.booleans(), count=st.integers(1, 3))
    def make(self, is_narrow: bool, count: int) -> None:
        its = self.narrow if is_narrow else self.wide
        for made in deployed.runs(self.server, its, count, recoveries=RECOVERIES):
            self.known[made] = self.read(made)

    @rule(target=attempts, name=st.sampled_from(WORKERS), limit=st.integers(1, 4))
    def claim(self, name: str, limit: int) -> object:
        asked = ClaimRuns(name, limit=limit, running=sorted(self.holds[name], key=lambda claim: claim.flow_run_id))
        found = []
        for one in self.server.call(op.FLOW_RUNS_CLAIM, asked).runs:
            run_id, attempt = one.flow_run.id, one.flow_run.attempt
            assert (run_id, attempt) not in self.given, "an attempt is given once"
            assert one.flow_run.state.type is StateType.PENDING
            self.given.add((run_id, attempt))
            self.holds[name].add(LeaseClaim(run_id, attempt))
            found.append((run_id, attempt, name))
        return multiple(*found)

    @rule(target=processes, attempt=attempts, again=st.booleans())
    def start(self, attempt: Attempt, again: bool) -> object:
        run_id, number, _ = attempt
        owner = f"process-{number}-of-{run_id}"
        try:
            verdicts = [
                self.server.call(op.FLOW_RUNS_START, StartFlowRun(run_id, owner, attempt=number))
                for _ in range(1 + again)
            ]
        except StaleAttempt:
            return multiple()
        assert len({(one.decision, one.attempt) for one in verdicts}) == 1, "asking again is answered the same"
        if verdicts[0].decision is not Decision.ACCEPT:
            return multiple()
        assert verdicts[0].attempt == number
        return run_id, number, owner

    @rule(attempt=attempts)
    def hand_back(self, attempt: Attempt) -> None:
        run_id, number, name = attempt
        try:
            verdict = self.server.call(op.FLOW_RUNS_HAND_BACK, HandBack(run_id, number))
        except StaleAttempt:
            return
        if verdict.decision is Decision.ACCEPT:
            self.holds[name].discard(LeaseClaim(run_id, number))

    @rule(
        process=processes, kind=st.sampled_from(["COMPLETED", "FAILED", "CRASHED", "CANCELLED", "PAUSED", "SCHEDULED"])
    )
    def report(self, process: Attempt, kind: str) -> None:
        run_id, number, _ = process
        name = {"PAUSED": "Suspended", "SCHEDULED": "AwaitingRetry"}.get(kind)
        try:
            self.server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, kind, name, attempt=number))
        except StaleAttempt:
            assert number != self.known[run_id].attempt or self.known[run_id].lease is None

    @rule(process=consumes(processes))
    def process_dies(self, process: Attempt) -> None:
        self.server.sweep(lambda run: "gone" if run.owner == process[2] else None)

    @rule(name=st.sampled_from(WORKERS))
    def worker_dies(self, name: str) -> None:
        self.server.sweep(lambda run: "gone" if run.owner == name else None)
        self.holds[name].clear()

    @rule()
    def time_passes(self) -> None:
        """What was claimed, or cancelled, and not followed up is overdue."""
        late = {"due": clock.now() - timedelta(seconds=1)}
        overdue = update(flow_runs).where(flow_runs.c.lease_expires.is_not(None), flow_runs.c.due.is_not(None))
        self.server.ledger.write(lambda connection: connection.execute(overdue.values(late)))
        self.server.ledger.write(lambda connection: look_after(Context(connection, self.server.database.dialect)))

    @rule(attempt=attempts, kind=st.sampled_from(["CANCELLING", "CANCELLED", "PAUSED"]))
    def steer(self, attempt: Attempt, kind: str) -> None:
        name = "Suspended" if kind == "PAUSED" else None
        self.server.call(op.FLOW_RUNS_PROPOSE, proposal(attempt[0], kind, name, attempt=None))

    @rule(attempt=attempts)
    def retry(self, attempt: Attempt) -> None:
        verdict = self.server.call(op.FLOW_RUNS_RETRY, RetryFlowRun(attempt[0]))
        assert (verdict.decision is Decision.ACCEPT) == (
            verdict.state.name == "AwaitingRetry" and verdict.reason is None
        )

    @rule(attempt=attempts)
    def resume(self, attempt: Attempt) -> None:
        before = self.read(attempt[0])
        verdict = self.server.call(op.FLOW_RUNS_RESUME, ResumeFlowRun(attempt[0]))
        waits = before.state.type is StateType.PAUSED and before.lease is None  # else its process is yet to let go
        assert (verdict.decision is Decision.ACCEPT) == waits

    @invariant()
    def the_record_holds(self) -> None:
        with self.server.database.read() as connection:
            rows = {row.id: row for row in connection.execute(select(flow_runs))}
        live = [row for row in rows.values() if row.lease_expires is not None]
        assert len(live) <= POOL_LIMIT
        assert sum(row.deployment_id == self.narrow for row in live) <= DEPLOYMENT_LIMIT
        assert self.server.call(op.WORK_POOLS_READ, WorkPoolByName(deployed.POOL)).slots_in_use == len(live)
        for run_id, before in self.known.items():
            row, now = rows[run_id], self.read(run_id)
            assert now.states[: len(before.states)] == before.states, "a history only grows"
            assert now.attempt >= before.attempt
            is_waiting = now.state.type is StateType.SCHEDULED and now.lease is None
            assert (row.due is not None) >= is_waiting, "what waits can be claimed"
            if not now.state.type.is_terminal and now.state.type is not StateType.PAUSED:
                assert is_waiting or now.lease is not None, "no run is lost"
            if now.state.type is StateType.RUNNING:
                assert now.lease is not None
                assert now.lease.owner not in WORKERS
            assert sum(one.name == "AwaitingRecovery" for one in now.states) <= RECOVERIES
            self.known[run_id] = now


TestClaimedLife = ClaimedLife.TestCase
TestClaimedLife.settings = settings(
    max_examples=max(40, settings.default.max_examples // 16), stateful_step_count=30, deadline=None
)
