"""Leases are renewed whatever else is sent, and nobody relies on one that may have ended unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from contextvars import copy_context
from typing import Any
from uuid import UUID

import pytest
from support.requests import flow_run, line, proposal, task_run

from penstock import flow, settings, task
from penstock.client.owner import owner_id
from penstock.client.transport import use_transport
from penstock.core.errors import ServerUnreachable, StaleAttempt
from penstock.reporting.backlog import Backlog
from penstock.reporting.heartbeat import FENCED_AT, Heartbeat
from penstock.reporting.journal import Journal
from penstock.reporting.recorder import current_recorder, use_recorder
from penstock.reporting.reporter import Reporter
from penstock.server.dispatcher import Dispatcher
from penstock.testing import ManualClock, moving_clock, penstock_test_harness
from penstock.wire import operations as op
from penstock.wire.flow_runs import StateProposal

LEASE_SECONDS = 45.0
FENCED_SECONDS = FENCED_AT * LEASE_SECONDS
A_WHILE = 60.0
NEVER = threading.Event()


class Server:
    """A server's core that notes what it is asked, and answers while it is there.

    Attributes:
        asked: the names of the operations it was asked for.
        is_there: whether it answers.
        renewed: released with each answer to a heartbeat.
        on_journal: called when a batch comes.
    """

    def __init__(self, core: Dispatcher) -> None:
        self._core = core
        self.asked: list[str] = []
        self.is_there = True
        self.renewed = threading.Semaphore(0)
        self.on_journal: Callable[[], object] = bool

    def call(self, operation: Any, request: Any) -> Any:
        """Answer."""
        if not self.is_there:
            raise ServerUnreachable("It does not answer.")
        self.asked.append(operation.name)
        if operation is op.JOURNAL_APPEND:
            self.on_journal()
        answer = self._core.call(operation, request)
        if operation is op.FLOW_RUNS_RENEW:
            self.renewed.release()
        return answer

    def declare_all_dead(self) -> None:
        """Take the runs away from their processes."""
        assert self._core.sweep(lambda run: "It is gone.")

    def close(self) -> None:
        """Nothing is open."""


class Process:
    """What a process with a flow run reports with.

    Attributes:
        lost: the flow runs it was told it lost.
    """

    def __init__(self) -> None:
        self.lost: list[UUID] = []
        self.cancelling: list[UUID] = []
        self.journal = Journal(1_000, 0)
        current = settings.current()
        self.heartbeat = Heartbeat(current, self.lost.append, lambda error: None, self.cancelling.append, fences=True)
        told, ended = self.heartbeat.note_known, self.heartbeat.let_go
        self.backlog = Backlog(current, self.lost.append, told, ended, lambda error: None)
        self.reporter = Reporter(
            self.journal, current, self.heartbeat, self.lost.append, lambda error: None, lambda: None, self.backlog
        )

    def begin(self) -> UUID:
        """Begin a flow run."""
        create = flow_run(owner=owner_id())
        known = self.reporter.carry(op.FLOW_RUNS_CREATE, create) is not None
        self.heartbeat.hold(create.id, 1, 0.0, known=known)
        return create.id

    def close(self) -> None:
        """Let go of threads and files."""
        self.reporter.stop()
        self.heartbeat.stop()
        self.backlog.close()


@pytest.fixture
def reached(server: Dispatcher) -> Iterator[Server]:
    """A server that this process reports to."""
    one = Server(server)
    with settings.temporary_settings({"api.url": "http://127.0.0.1:9/api"}):
        replaced = use_transport(one)
        yield one
        use_transport(replaced)


@pytest.fixture
def clock() -> Iterator[ManualClock]:
    """A clock that stands still."""
    with moving_clock() as manual:
        yield manual


@pytest.fixture
def process(clock: ManualClock, reached: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    """A process whose clock stands still, and which ships when it is told to."""
    one = Process()
    monkeypatch.setattr(one.reporter, "start", bool)
    yield one
    one.close()


def test_a_shipment_that_hangs_delays_no_heartbeat(reached: Server) -> None:
    """While a batch is under way, for as long as that may be, leases are renewed as ever."""
    with settings.temporary_settings({"recording.heartbeat_seconds": 0.01}):
        one = Process()
    one.begin()
    hangs, goes_on = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        assert goes_on.wait(A_WHILE)

    reached.on_journal = hang
    one.reporter.start()
    one.journal.record(task_run())
    assert hangs.wait(A_WHILE)
    for _ in range(3):
        assert reached.renewed.acquire(timeout=A_WHILE)
    goes_on.set()
    one.close()


def test_no_thread_without_a_lease(process: Process) -> None:
    """What ships log lines and events only has no heart that beats."""
    process.journal.log(line())
    assert process.reporter.ship()
    assert process.heartbeat._thread is None
    process.begin()
    assert process.heartbeat._thread is not None


def test_nothing_is_sent_before_the_lease_once_two_thirds_of_it_have_passed(
    process: Process, reached: Server, clock: ManualClock
) -> None:
    """Up to then a batch goes at once; from then on the server is asked first whose the run is."""
    run_id = process.begin()
    clock.move(FENCED_SECONDS - 1)
    process.journal.record(task_run(run_id))
    assert process.reporter.ship()
    clock.move(1)
    process.journal.record(task_run(run_id))
    assert process.reporter.ship()
    assert reached.asked == ["flow_runs.create", "journal.append", "flow_runs.renew_leases", "journal.append"]
    assert process.lost == []


def test_after_the_server_was_away_the_lease_comes_first(process: Process, reached: Server, clock: ManualClock) -> None:
    """What happened meanwhile waits on disk; on contact the first word is the lease's, and then all goes in order."""
    run_id = process.begin()
    reached.is_there = False
    for _ in range(20):
        clock.move(30)
        process.journal.record(task_run(run_id))
        assert not process.reporter.ship()
    assert process.reporter.carry(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED")) is None
    reached.asked.clear()
    reached.is_there = True
    assert process.reporter.send_backlog(0)
    assert reached.asked == ["flow_runs.renew_leases", *["journal.append"] * 20, "flow_runs.propose"]


def test_a_lost_run_is_known_before_anything_of_it_is_sent(
    process: Process, reached: Server, clock: ManualClock
) -> None:
    """Where the server gave the run up meanwhile, the process is told before it sends what it kept."""
    run_id = process.begin()
    reached.is_there = False
    clock.move(600)
    process.journal.record(task_run(run_id))
    process.reporter.ship()
    reached.asked.clear()
    reached.is_there = True
    reached.declare_all_dead()
    told = []
    reached.on_journal = lambda: told.extend(process.lost)
    assert process.reporter.send_backlog(0)
    assert told == [run_id]


def test_a_run_its_server_was_not_told_of_yet_is_not_lost(process: Process, reached: Server) -> None:
    """A heartbeat that comes before the beginning it waits behind does not take a living run away from its process."""
    known = process.begin()
    reached.is_there = False
    unknown = process.begin()
    reached.is_there = True
    assert process.heartbeat.beat()
    assert process.lost == []
    reached.declare_all_dead()
    assert process.heartbeat.beat()
    assert process.lost == [known]
    process.heartbeat.let_go(known)
    assert process.backlog.send(NEVER)
    assert process.heartbeat.beat()
    assert process.lost == [known]
    reached.declare_all_dead()
    assert process.heartbeat.beat()
    assert process.lost == [known, unknown]


def test_a_run_whose_end_is_on_its_way_is_not_lost(process: Process, reached: Server) -> None:
    """Where the end of a run is committed and the answer lost, the next heartbeat does not take the run for lost."""
    run_id = process.begin()
    process.heartbeat.leases[run_id].ending = True
    reached.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED"))
    assert process.heartbeat.beat()
    assert process.lost == []


def test_whoever_sends_what_was_left_keeps_the_leases(process: Process, reached: Server) -> None:
    """A process that ends while its server is away names its leases: they are renewed before the rest is sent."""
    run_id = process.begin()
    reached.is_there = False
    process.journal.record(task_run(run_id))
    process.reporter.ship()
    process.reporter.carry(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED"))
    process.backlog.name_leases(owner_id(), process.heartbeat.leases, LEASE_SECONDS)
    process.close()
    reached.asked.clear()
    reached.is_there = True
    Process().backlog.send_what_others_left(NEVER)
    renewal = "flow_runs.renew_leases"
    assert reached.asked == [renewal, "journal.append", "flow_runs.propose", renewal]


def ran_with_a_sleep(meanwhile: Callable[[], object]) -> list[str]:
    """Run a flow of two tasks, with `meanwhile` between them; return which tasks ran."""
    ran: list[str] = []

    @task
    def step(name: str) -> None:
        ran.append(name)

    @flow
    def steps() -> None:
        step("before")
        meanwhile()
        with suppress(Exception):
            step("after")
        step.submit("submitted").wait()

    def run() -> None:
        try:
            steps(return_state=True)
        except StaleAttempt:
            ran.append("stale")

    recorder = use_recorder(None)
    try:
        # Not in the main thread: there a process that was started for a flow run, and lost it, is ended by a signal.
        thread = threading.Thread(target=copy_context().run, args=(run,))
        thread.start()
        thread.join(A_WHILE)
    finally:
        current_recorder().close()
        use_recorder(recorder)
    return ran


def test_a_process_that_slept_looks_before_its_next_task(reached: Server, clock: ManualClock) -> None:
    """Where the run was given up meanwhile, no further task of it runs, and the process says why."""

    def sleep() -> None:
        clock.move(10 * LEASE_SECONDS)
        reached.declare_all_dead()

    assert ran_with_a_sleep(sleep) == ["before", "stale"]


def test_a_process_that_slept_and_lost_nothing_goes_on(reached: Server, clock: ManualClock) -> None:
    """Where the run is still its own, or the server is away, all tasks run."""
    assert ran_with_a_sleep(lambda: clock.move(10 * LEASE_SECONDS)) == ["before", "after", "submitted"]


def test_where_locks_tell_who_lives_nobody_is_fenced(clock: ManualClock) -> None:
    """A program that records on its own machine holds a lock while it sleeps, and goes on."""
    with penstock_test_harness():
        assert ran_with_a_sleep(lambda: clock.move(10 * LEASE_SECONDS)) == ["before", "after", "submitted"]


def test_a_proposal_of_what_is_no_end_is_no_end(reached: Server) -> None:
    """A run that is to be retried is held as before; one that has ended is let go of."""
    recorder = use_recorder(None)
    try:
        mine, create = current_recorder(), flow_run(owner=owner_id())
        mine.begin(create)
        for kind, held in (("SCHEDULED", True), ("RUNNING", True), ("COMPLETED", False)):
            mine.propose(create.id, StateProposal(proposal(create.id, kind).proposal.state, 1))
            assert (create.id in mine.heartbeat.leases) is held
        mine.close()
    finally:
        use_recorder(recorder)
