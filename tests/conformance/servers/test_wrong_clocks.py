"""Clocks that are wrong: the database's, set on or back by an hour, and a process's, a day ahead."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from support.requests import OWNER, batch, flow_run, proposal, state, task_run

from penstock.cli.server_process.serving import by_lease
from penstock.core import clock
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.server.loops.sweeper import Judges, Sweeper
from penstock.wire import operations as op
from penstock.wire.flow_runs import Decision, FlowRunStart
from penstock.wire.requests import ById, FlowRunQuery, LeaseClaim, RenewLeases
from penstock.wire.task_runs import TaskRun

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INTERVAL_SECONDS, LEASE_SECONDS = 5.0, 45.0


def sweeper(server: Dispatcher) -> Sweeper:
    """Return a loop whose server has run for a while."""
    one = Sweeper(server, Judges(by_lease, by_leases_alone=True), INTERVAL_SECONDS, LEASE_SECONDS)
    one._grace._ends = clock.current().monotonic()
    one.sweep()
    return one


def set_clock(one: Sweeper, by: timedelta) -> None:
    """Have the loop find that the database's clock was set by so much since it last looked."""
    assert one._grace._last is not None
    seen, monotonic = one._grace._last
    one._grace._last = seen - by, monotonic


def kind_of(server: Dispatcher, run_id: UUID) -> StateType:
    return server.call(op.FLOW_RUNS_READ, ById(run_id)).state.type


def begun(server: Dispatcher, lease_seconds: float) -> UUID:
    start = FlowRunStart(OWNER, clock.now(), lease_seconds=lease_seconds)
    return server.call(op.FLOW_RUNS_CREATE, flow_run(start=start)).id


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["on", "back"])
def test_no_mass_expiry(server: Dispatcher, by: timedelta, caplog: pytest.LogCaptureFixture) -> None:
    """When the clock is set, leases that seem to have ended are given time, which is said; who renews then lives on."""
    one = sweeper(server)
    runs = [begun(server, 1e-6) for _ in range(20)]
    set_clock(one, by)
    assert one.sweep() == 0
    assert "nothing counts as past its time for 45 s" in caplog.text
    server.call(op.FLOW_RUNS_RENEW, RenewLeases(OWNER, [LeaseClaim(run_id, 1) for run_id in runs], LEASE_SECONDS))
    one._grace._ends = clock.current().monotonic()
    assert one.sweep() == 0
    assert {kind_of(server, run_id) for run_id in runs} == {StateType.RUNNING}


def test_the_dead_are_found_in_time_though_the_clock_was_set_back(server: Dispatcher) -> None:
    """A lease that was given before the clock was set back an hour does not last for that hour."""
    one = sweeper(server)
    dead = begun(server, LEASE_SECONDS + 3600 + 30)  # as it looks once the clock is an hour behind
    before = server.call(op.FLOW_RUNS_READ, ById(dead)).lease
    assert before is not None
    set_clock(one, -HOUR)
    one.sweep()
    after = server.call(op.FLOW_RUNS_READ, ById(dead)).lease
    assert after is not None
    assert before.expires - after.expires > HOUR
    assert after.expires - clock.now() <= timedelta(seconds=LEASE_SECONDS)


def test_a_process_that_is_a_day_ahead(server: Dispatcher, caplog: pytest.LogCaptureFixture) -> None:
    """It is told of once; its leases are as long as any, and its runs are ended, listed and kept like any."""
    owner = f"ahead:77:{uuid7().hex}"
    tomorrow = clock.now() + DAY
    start = FlowRunStart(owner, tomorrow, lease_seconds=LEASE_SECONDS)
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run(states=[state("PENDING", at=tomorrow)], start=start)).id
    for number in (1, 2):
        server.call(op.JOURNAL_APPEND, batch(late_task(run_id), number=number, owner=owner))
    warnings = [record for record in caplog.messages if "clock of process '77' on 'ahead'" in record]
    assert len(warnings) == 1
    assert "1 day, 0:00:00 ahead" in warnings[0]
    lease = server.call(op.FLOW_RUNS_READ, ById(run_id)).lease
    assert lease is not None
    assert lease.expires < clock.now() + timedelta(seconds=LEASE_SECONDS + 5)
    assert server.call(op.FLOW_RUNS_PROPOSE, proposal(run_id, "COMPLETED")).decision is Decision.ACCEPT
    states = server.call(op.FLOW_RUNS_READ, ById(run_id)).states
    assert [one.type for one in states] == [StateType.PENDING, StateType.RUNNING, StateType.COMPLETED]
    assert [run.id for run in server.call(op.FLOW_RUNS_LIST, FlowRunQuery()).items] == [run_id]


def late_task(run_id: UUID) -> TaskRun:
    return task_run(run_id, states=[state("COMPLETED", at=clock.now() + DAY)])


def test_a_record_that_comes_late_is_no_wrong_clock(server: Dispatcher, caplog: pytest.LogCaptureFixture) -> None:
    """What a program did while the server was away for a day is taken without a warning, with its true times."""
    yesterday = clock.now() - DAY
    start = FlowRunStart(f"away:1:{uuid7().hex}", yesterday)
    run_id = server.call(op.FLOW_RUNS_CREATE, flow_run(states=[state("PENDING", at=yesterday)], start=start)).id
    assert caplog.messages == []
    assert server.call(op.FLOW_RUNS_READ, ById(run_id)).start_time == yesterday
