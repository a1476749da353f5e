"""Runs of schedules are made ahead, one an instant, whatever clocks, servers and people do."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text, update
from support.deploying.hands import BEGIN, Hands
from support.deploying.scheduled import runs, schedule, starts, waiting
from support.deploying.specs import apply, every, hourly, run
from support.requests import OWNER

from penstock.core.state_type import StateType
from penstock.server.database.tables import deployment_schedules
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.scheduling import made_ahead
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.deploying import deployments as d
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.work_pools import WorkPoolCreate
from penstock.wire.events import EventFilter
from penstock.wire.schedules import CronSchedule, MissedPolicy

ELEVEN = BEGIN.replace(hour=11, minute=0)


def _hours(*numbers: float) -> list[datetime]:
    """Return the instants so many hours after the first full one."""
    return [ELEVEN + timedelta(hours=number) for number in numbers]


def _problem(server: Dispatcher, deployment_id: Any) -> str | None:
    return server.call(op.DEPLOYMENTS_READ, r.ById(deployment_id)).schedules[0].problem


def test_runs_to_come(server: Dispatcher, hands: Hands) -> None:
    """The next three runs are there, with what the deployment and the schedule say, and so it stays as time goes on."""
    server.call(op.WORK_POOLS_CREATE, WorkPoolCreate("docks", "process"))
    said: dict[str, Any] = {"parameters": {"x": 1, "y": 2}, "tags": ["a"], "work_pool_name": "docks"}
    one = hourly(parameters={"y": 3}, job_variables={"cpu": 2})
    made = apply(server, schedules=[one], **said)
    for _ in range(2):
        schedule(server)
        assert waiting(server, made.id) == _hours(0, 1, 2)
    first = runs(server)[0]
    assert (first.parameters, first.tags) == ({"x": 1, "y": 3}, ["a", "auto-scheduled"])
    assert (first.job_variables, first.work_pool_name, first.work_queue_name) == ({"cpu": 2}, "docks", "default")
    assert (first.deployment_id, first.deployment_version) == (made.id, 1)
    assert (first.schedule_id, first.flow_name) == (made.schedules[0].id, "hello")
    assert (first.state.type, first.state.name, first.state.scheduled_time) == (
        StateType.SCHEDULED,
        "Scheduled",
        ELEVEN,
    )
    assert len(first.name.split("-")) == 2
    hands.move(hours=1)
    schedule(server)
    assert waiting(server, made.id) == _hours(0, 1, 2, 3)
    kept = server.call(op.DEPLOYMENTS_READ, r.ById(made.id)).schedules[0]
    assert (kept.scheduled_until, kept.problem) == (_hours(3)[0], None)


def test_how_far_ahead(server: Dispatcher, hands: Hands) -> None:
    """A schedule says how many runs are made ahead, and none is made beyond the horizon of the server."""
    many = apply(server, "many", schedules=[hourly(max_scheduled_runs=10)])
    monthly = apply(server, "monthly", schedules=[every(40 * 86_400)])
    schedule(server)
    assert len(waiting(server, many.id)) == 10
    anchor = BEGIN + timedelta(days=40)
    assert waiting(server, monthly.id) == [anchor, anchor + timedelta(days=40)]
    hands.move(days=21)
    schedule(server)
    assert waiting(server, monthly.id)[-1] == anchor + timedelta(days=80)


def test_a_schedule_that_rests(server: Dispatcher, hands: Hands) -> None:
    """Neither a schedule that is off nor one of a deployment that rests makes runs."""
    apply(server, "off", schedules=[hourly(active=False)])
    apply(server, "paused", schedules=[hourly()], paused=True)
    schedule(server)
    hands.move(days=1)
    schedule(server)
    assert starts(server) == []


@pytest.mark.parametrize(
    ("policy", "missed"),
    [(MissedPolicy.SKIP, []), (MissedPolicy.LATEST, [35]), (MissedPolicy.ALL, [31, 32, 33, 34, 35])],
)
def test_a_server_that_was_down(server: Dispatcher, hands: Hands, policy: MissedPolicy, missed: list[int]) -> None:
    """After 36 hours without a server an hourly schedule makes up for what its policy says, within its bound."""
    made = apply(server, schedules=[hourly(missed=policy, missed_limit=5)])
    schedule(server)
    hands.move(hours=36)
    for _ in range(3):
        schedule(server)
    assert waiting(server, made.id) == _hours(0, 1, 2, *missed, 36, 37, 38)


def test_what_is_just_due_is_not_missed(server: Dispatcher, hands: Hands) -> None:
    """A schedule that falls more often than the server looks loses nothing, whatever its policy."""
    made = apply(server, schedules=[every(1, missed=MissedPolicy.SKIP)])
    for _ in range(10):
        schedule(server)
        hands.move(seconds=5)
    assert waiting(server, made.id)[:48] == [BEGIN + timedelta(seconds=second) for second in range(1, 49)]


def test_an_edit_does_not_replay(server: Dispatcher, hands: Hands) -> None:
    """Another rule takes back the runs to come and makes its own from now on; what is due, or begun, stays."""
    made = apply(server, schedules=[hourly()])
    schedule(server)
    hands.move(hours=1)
    hands.move(hours=1)
    begun = runs(server)[0]
    server.call(op.FLOW_RUNS_START, r.StartFlowRun(begun.id, OWNER))
    changed = server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, schedules=[every(1800)]))
    assert waiting(server, made.id) == _hours(1)
    schedule(server)
    assert waiting(server, made.id) == _hours(1, 2, 2.5, 3)
    assert {run.schedule_id for run in runs(server)[2:]} == {changed.schedules[0].id}


def test_the_same_schedule_with_another_rule(server: Dispatcher, hands: Hands) -> None:
    """A schedule keeps its id under its slug, and a rule that fell in the past does not make that up."""
    made = apply(server, schedules=[hourly(missed=MissedPolicy.ALL)])
    schedule(server)
    hands.move(hours=5)
    often = every(60, slug="hourly", missed=MissedPolicy.ALL)
    changed = server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, schedules=[often]))
    schedule(server)
    assert changed.schedules[0].id == made.schedules[0].id
    now = hands.now
    assert waiting(server, made.id) == [*_hours(0, 1, 2), *(now + timedelta(minutes=one) for one in (1, 2, 3))]


def test_pause_and_resume(server: Dispatcher, hands: Hands) -> None:
    """A pause takes back what is to come, and who goes on does so from now: nothing that fell meanwhile is made."""
    made = apply(server, schedules=[hourly(missed=MissedPolicy.ALL)])
    schedule(server)
    server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, paused=True))
    assert waiting(server, made.id) == []
    hands.move(hours=10)
    schedule(server)
    server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, paused=False))
    schedule(server)
    assert waiting(server, made.id) == _hours(10, 11, 12)


def test_a_change_of_something_else(server: Dispatcher, hands: Hands) -> None:
    """Runs to come are made anew as the new version says; what a server that was down missed is not forgotten by it."""
    made = apply(server, schedules=[hourly()], parameters={"x": 1})
    schedule(server)
    hands.move(hours=36)
    changed = apply(server, schedules=[hourly()], parameters={"x": 2})
    schedule(server)
    assert waiting(server, made.id) == _hours(0, 1, 2, 35, 36, 37, 38)
    assert [one.parameters["x"] for one in runs(server)] == [1, 1, 1, 2, 2, 2, 2]
    assert {one.deployment_version for one in runs(server)[3:]} == {changed.version_number}
    back = server.call(op.DEPLOYMENTS_PROMOTE, d.PromoteVersion(made.id, 1))
    schedule(server)
    assert waiting(server, made.id) == _hours(0, 1, 2, 35, 36, 37, 38)
    assert [one.parameters["x"] for one in runs(server)] == [1, 1, 1, 2, 1, 1, 1]
    assert back.schedules[0].id == made.schedules[0].id


def test_what_is_put_off(server: Dispatcher, hands: Hands) -> None:
    """Runs are put off by a part of the jitter, the same each time; what is put off beyond an edit is not lost."""
    made = apply(server, schedules=[hourly(jitter_seconds=3_000)])
    schedule(server)
    first = waiting(server, made.id)
    assert all(
        start <= jittered < start + timedelta(seconds=3_000)
        for start, jittered in zip(_hours(0, 1, 2), first, strict=True)
    )
    hands.now = ELEVEN + (first[0] - ELEVEN) / 2
    apply(server, schedules=[hourly(jitter_seconds=3_000)], tags=["new"])
    schedule(server)
    again = runs(server, tags_all=["new"])
    assert [one.expected_start for one in again][:3] == first
    assert waiting(server, made.id)[:3] == first


def test_a_deletion(server: Dispatcher, hands: Hands) -> None:
    """A schedule that is left out takes along its runs to come; those of others stay."""
    made = apply(server, schedules=[hourly(), every(7200)])
    schedule(server)
    server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, schedules=[hourly()]))
    schedule(server)
    assert waiting(server, made.id) == _hours(0, 1, 2)
    server.call(op.DEPLOYMENTS_DELETE, r.ById(made.id))
    hands.move(days=1)
    schedule(server)
    assert starts(server) == []


def test_a_run_that_was_cancelled_is_not_made_anew(server: Dispatcher, hands: Hands) -> None:
    """What somebody deleted or cancelled of the runs to come stays so."""
    made = apply(server, schedules=[hourly()])
    schedule(server)
    first = runs(server)[0]
    server.call(op.FLOW_RUNS_DELETE, r.ById(first.id))
    hands.move(hours=1)
    schedule(server)
    assert waiting(server, made.id) == _hours(1, 2, 3)


def test_a_clock_that_jumps(server: Dispatcher, hands: Hands) -> None:
    """An hour forth and back again makes no burst, and no run twice."""
    made = apply(server, schedules=[every(60)])
    schedule(server)
    hands.move(hours=1)
    schedule(server)
    after_jump = waiting(server, made.id)
    assert len(after_jump) <= 3 + 1 + 3
    hands.move(hours=-1)
    schedule(server)
    assert waiting(server, made.id) == after_jump
    hands.move(hours=1, minutes=2)
    schedule(server)
    assert len(set(waiting(server, made.id))) == len(waiting(server, made.id)) == len(after_jump) + 2


def test_two_schedulers_in_one_second(server: Dispatcher, hands: Hands) -> None:
    """Servers that look at the same schedules at once make one run for each instant."""
    ids = [apply(server, str(number), schedules=[hourly()]).id for number in range(20)]
    others = [Dispatcher(server.database) for _ in range(2)]
    barrier = threading.Barrier(3)
    errors: list[BaseException] = []

    def work(one: Dispatcher) -> None:
        try:
            barrier.wait()
            for _ in range(3):
                schedule(one, at_once=3)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(one,)) for one in (server, *others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    schedule(server)
    assert all(waiting(server, deployment_id) == _hours(0, 1, 2) for deployment_id in ids)


def test_the_place_of_a_schedule_that_is_lost(server: Dispatcher, hands: Hands) -> None:
    """Should a scheduler be told to begin anew, the database still takes one run an instant, and tells it once."""
    made = apply(server, schedules=[hourly()])
    schedule(server)
    anew = update(deployment_schedules).values(scheduled_until=hands.now, look_at=hands.now)
    server.ledger.write(lambda connection: connection.execute(anew))
    schedule(server)
    assert waiting(server, made.id) == _hours(0, 1, 2)
    told = server.call(op.EVENTS_LIST, r.EventQuery(EventFilter(events=["penstock.flow-run.Scheduled"]))).items
    assert len(told) == 3


def test_a_poisoned_schedule(server: Dispatcher, hands: Hands) -> None:
    """A schedule that can't be read is set aside and says why; the others go on; mended, it goes on too."""
    bad, good = apply(server, "bad", schedules=[hourly()]), apply(server, "good", schedules=[hourly()])
    spoil = text("UPDATE deployment_schedules SET spec = '[' WHERE deployment_id = :id")
    bound = server.database.dialect.bind_id(bad.id)
    server.ledger.write(lambda connection: connection.execute(spoil, {"id": bound}))
    schedule(server)
    assert waiting(server, good.id) == _hours(0, 1, 2)
    assert waiting(server, bad.id) == []
    mend = update(deployment_schedules).where(deployment_schedules.c.deployment_id == bad.id).values(spec=hourly())
    server.ledger.write(lambda connection: connection.execute(mend))
    assert "can't be read" in (_problem(server, bad.id) or "")
    schedule(server)
    assert waiting(server, bad.id) == []
    hands.move(minutes=5)
    schedule(server)
    assert waiting(server, bad.id) == _hours(0, 1, 2)
    assert _problem(server, bad.id) is None


@pytest.mark.parametrize("where", ["plan", "write"])
def test_a_schedule_that_can_not_be_carried_out(
    server: Dispatcher, hands: Hands, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Whatever goes wrong with one schedule, in its rules or in the writing, does not hold up the others."""
    bad, good = apply(server, "bad", schedules=[hourly()]), apply(server, "good", schedules=[hourly()])
    bad_id = bad.schedules[0].id
    plan, make = made_ahead.plan, made_ahead.make_runs

    def planned(facts: Any, timetable: Any) -> Any:
        if facts.schedule_id == bad_id:
            raise ZeroDivisionError("no such day")
        return plan(facts, timetable)

    def made(new: Any, context: Any) -> Any:
        if any(one.deployment_id == bad.id for one in new):
            raise ZeroDivisionError("no such day")
        return make(new, context)

    monkeypatch.setattr(made_ahead, "plan" if where == "plan" else "make_runs", planned if where == "plan" else made)
    schedule(server)
    assert waiting(server, good.id) == _hours(0, 1, 2)
    assert waiting(server, bad.id) == []
    assert "ZeroDivisionError" in (_problem(server, bad.id) or "")


def test_statements_do_not_grow_with_schedules(server: Dispatcher, hands: Hands) -> None:
    """A transaction sends as many statements for fifty schedules as for two."""
    counts = []
    for number in (2, 50):
        for one in range(number):
            apply(server, f"{number}-{one}", schedules=[hourly()], tags=["x"])
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any, statements: list[str] = statements) -> None:
            statements.append(statement)

        engine = server.database._opened()
        event.listen(engine, "before_cursor_execute", note)
        try:
            step = server.write(lambda context, number=number: made_ahead.make_ahead(number, context))  # type: ignore[misc]
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert (step.schedules, step.runs) == (number, 3 * number)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 14


def test_a_run_by_hand_is_no_schedule_s(server: Dispatcher, hands: Hands) -> None:
    """What was asked for by hand is left alone when schedules change."""
    made = apply(server, schedules=[hourly()])
    later = run(server, made.id, scheduled_time=hands.now + timedelta(days=3)).flow_run
    schedule(server)
    server.call(op.DEPLOYMENTS_UPDATE, d.DeploymentChanges(made.id, paused=True))
    assert [one.id for one in runs(server)] == [later.id]


@pytest.mark.parametrize(
    ("day", "falls"),
    [
        # 02:30 is skipped on the eighth of March, and falls where the skip ends: 03:00 of the summer, 07:00 UTC.
        (datetime(2026, 3, 7, 12, tzinfo=UTC), [(8, 7, 0), (9, 6, 30)]),
        # On the first of November 02:30 comes once, at 07:30 UTC; it is 01:30 that comes twice.
        (datetime(2026, 10, 31, 12, tzinfo=UTC), [(1, 7, 30), (2, 7, 30)]),
    ],
)
def test_days_on_which_clocks_are_changed(
    server: Dispatcher, hands: Hands, day: datetime, falls: list[tuple[int, int, int]]
) -> None:
    """Looked at every minute through the night, half past two in New York makes one run on either day."""
    hands.now = day
    night = ScheduleSpec(CronSchedule("30 2 * * *", "America/New_York"), max_scheduled_runs=1)
    made = apply(server, schedules=[night])
    for _ in range(27 * 4):
        schedule(server)
        hands.move(minutes=15)
    found = waiting(server, made.id)[:2]
    assert [(start.day, start.hour, start.minute) for start in found] == falls
    assert len(waiting(server, made.id)) == 2


def test_clocks_that_come_twice(server: Dispatcher, hands: Hands) -> None:
    """Half past one comes twice in that night, and makes one run."""
    hands.now = datetime(2026, 10, 31, 12, tzinfo=UTC)
    night = ScheduleSpec(CronSchedule("30 1 * * *", "America/New_York"))
    made = apply(server, schedules=[night])
    for _ in range(24):
        schedule(server)
        hands.move(hours=1)
    assert [start for start in waiting(server, made.id) if start.day == 1] == [datetime(2026, 11, 1, 5, 30, tzinfo=UTC)]
