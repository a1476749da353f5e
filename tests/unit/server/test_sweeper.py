"""A lease that ended while nobody could renew it proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from support import databases
from support.requests import OTHER, OWNER, batch, flow_run, state, task_run

from penstock.cli.server_process.serving import by_lease
from penstock.core import clock
from penstock.core.ids import uuid7
from penstock.server.dispatcher import Dispatcher
from penstock.server.http.lanes import Lanes
from penstock.server.http.metrics import Metrics
from penstock.server.loops.sweeper import Judges, Sweeper
from penstock.testing.clock import ManualClock
from penstock.wire.operations import FLOW_RUNS_CREATE, FLOW_RUNS_READ, FLOW_RUNS_RENEW, JOURNAL_APPEND, TASK_RUNS_READ
from penstock.wire.requests import ById, LeaseClaim, RenewLeases

INTERVAL_SECONDS = 5.0
LEASE_SECONDS = 45.0
HOUR_SECONDS = 3600.0


class Clock(ManualClock):
    """A clock that can also be set wrong, or right."""

    def set(self, seconds: float) -> None:
        """Change what it shows; how long things take is measured otherwise, and does not change."""
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def hands() -> Iterator[Clock]:
    """Put a clock in use whose hands a test can move."""
    mine = Clock()
    replaced = clock.use(mine)
    yield mine
    clock.use(replaced)


@pytest.fixture
def server(tmp_path: Path, hands: Clock) -> Iterator[Dispatcher]:
    one = Dispatcher(databases.sqlite(tmp_path))
    yield one
    one.close()


def sweeper(server: Dispatcher) -> Sweeper:
    return Sweeper(server, Judges(by_lease, by_leases_alone=True), INTERVAL_SECONDS, LEASE_SECONDS)


def test_live_leases_are_counted(server: Dispatcher, hands: Clock) -> None:
    """A sweep measures how many runs' processes live: those whose leases have not ended, which need not be dead yet."""
    metrics = Metrics(Lanes())
    sweeps = sweeper(server)
    metrics.watch_sweeper(sweeps)

    def live_after_a_sweep() -> bool:
        sweeps.sweep()
        return b"\npenstock_live_leases 2.0\n" in metrics.as_text()

    for _ in range(2):
        begun(server)
    assert live_after_a_sweep()
    hands.move(LEASE_SECONDS + 1)
    assert not live_after_a_sweep()


def begun(server: Dispatcher) -> ById:
    """Begin a run whose process then says nothing more, and return how to ask for it."""
    run_id = uuid7()
    server.call(FLOW_RUNS_CREATE, flow_run(id=run_id))
    return ById(run_id)


def swept(sweeps: Sweeper, hands: Clock, seconds: float) -> int:
    """Let time pass, with a sweep every few seconds; return how many runs were declared Crashed."""
    count = sweeps.sweep()
    for _ in range(round(seconds / INTERVAL_SECONDS)):
        hands.move(INTERVAL_SECONDS)
        count += sweeps.sweep()
    return count


def test_a_silent_process_is_dead_within_a_minute(server: Dispatcher, hands: Clock) -> None:
    """A run whose lease was not renewed is Crashed, with the reason, before a minute has passed."""
    sweeps = sweeper(server)
    swept(sweeps, hands, 2 * LEASE_SECONDS)
    run = begun(server)
    assert swept(sweeps, hands, LEASE_SECONDS) == 0
    assert swept(sweeps, hands, 60 - LEASE_SECONDS) == 1
    state = server.call(FLOW_RUNS_READ, run).state
    assert state.name == "Crashed"
    assert "gave no sign of life" in str(state.message)


def test_a_server_that_was_away_gives_time(server: Dispatcher, hands: Clock) -> None:
    """Leases that ended while there was no server count from its start: who renews then lives on, the others are Crashed."""
    lives, dead = begun(server), begun(server)
    hands.move(10 * LEASE_SECONDS)
    sweeps = sweeper(server)
    assert swept(sweeps, hands, LEASE_SECONDS - INTERVAL_SECONDS) == 0
    server.call(FLOW_RUNS_RENEW, RenewLeases(OWNER, [LeaseClaim(lives.id, 1)]))
    server.call(FLOW_RUNS_RENEW, RenewLeases("here:9:another", [LeaseClaim(dead.id, 1)]))
    assert swept(sweeps, hands, 2 * INTERVAL_SECONDS) == 1
    assert server.call(FLOW_RUNS_READ, lives).state.name == "Running"
    assert server.call(FLOW_RUNS_READ, dead).state.name == "Crashed"


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_jumps_kills_nobody(server: Dispatcher, hands: Clock, hours: int) -> None:
    """When the clock is set an hour on or back, no lease counts as ended until processes could renew theirs."""
    sweeps = sweeper(server)
    swept(sweeps, hands, 2 * LEASE_SECONDS)
    run = begun(server)
    hands.set(hours * HOUR_SECONDS)
    assert swept(sweeps, hands, LEASE_SECONDS - INTERVAL_SECONDS) == 0
    server.call(FLOW_RUNS_RENEW, RenewLeases(OWNER, [LeaseClaim(run.id, 1)]))
    assert swept(sweeps, hands, LEASE_SECONDS) == 0
    assert swept(sweeps, hands, 2 * INTERVAL_SECONDS) == 1


def test_a_process_that_runs_tasks_alone_says_that_it_lives(server: Dispatcher, hands: Clock) -> None:
    """A task run outside of flows is Crashed when its process has said nothing for as long as a lease; not before."""
    sweeps = sweeper(server)
    swept(sweeps, hands, 2 * LEASE_SECONDS)
    states = [state("RUNNING", at=hands.now())]
    runs = [task_run(states=states), task_run(states=states)]
    for owner, run in zip((OWNER, OTHER), runs, strict=True):
        server.call(FLOW_RUNS_RENEW, RenewLeases(owner, [], alone=True))
        server.call(JOURNAL_APPEND, batch(run, owner=owner))
    for _ in range(4):
        assert swept(sweeps, hands, 10) == 0
        server.call(FLOW_RUNS_RENEW, RenewLeases(OWNER, [], alone=True))
    assert swept(sweeps, hands, 10) == 1
    assert [server.call(TASK_RUNS_READ, ById(run.id)).state.name for run in runs] == ["Running", "Crashed"]
    assert swept(sweeps, hands, LEASE_SECONDS) == 1
