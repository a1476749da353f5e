"""A past range of a schedule is made up for, a few runs at a time, each instant once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from support.deploying.hands import BEGIN, Hands
from support.deploying.scheduled import carry_on, once, runs
from support.deploying.specs import HOURLY, SCHEMA, apply, every, hourly
from support.requests import OWNER

from penstock.core.errors import InvalidRequest, ObjectAlreadyExists, ObjectLimitReached, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.dispatcher import Dispatcher
from penstock.server.loops.backfiller import Backfiller
from penstock.server.services.scheduling import backfill_steps
from penstock.wire import operations as op
from penstock.wire import requests as r
from penstock.wire.bulk import AuditQuery
from penstock.wire.deploying.backfills import Backfill, BackfillCreate, BackfillQuery, BackfillStatus
from penstock.wire.deploying.deployments import Deployment
from penstock.wire.events import EventFilter
from penstock.wire.flow_runs import FlowRun, StateProposal
from penstock.wire.states import StateRecord

MIDNIGHT = BEGIN.replace(hour=0, minute=0)


def _request(made: Deployment, hours: int = 6, **fields: Any) -> BackfillCreate:
    values: dict[str, Any] = {"id": uuid7(), "start": MIDNIGHT, "end": MIDNIGHT + timedelta(hours=hours)}
    return BackfillCreate(deployment_id=made.id, **values | fields)


def _backfill(server: Dispatcher, made: Deployment, **fields: Any) -> Backfill:
    return server.call(op.BACKFILLS_CREATE, _request(made, **fields))


def _read(server: Dispatcher, one: Backfill) -> Backfill:
    return server.call(op.BACKFILLS_READ, r.ById(one.request.id))


def _unended(server: Dispatcher, one: Backfill) -> list[FlowRun]:
    of_it = runs(server, backfill_ids=[one.request.id])
    return [run for run in of_it if not run.state.type.is_terminal]


def _end(server: Dispatcher, flow_run_id: UUID, kind: StateType = StateType.COMPLETED) -> None:
    server.call(op.FLOW_RUNS_START, r.StartFlowRun(flow_run_id, OWNER))
    ended = StateRecord(kind, kind.value.capitalize(), BEGIN)
    server.call(op.FLOW_RUNS_PROPOSE, r.Propose(flow_run_id, StateProposal(ended, attempt=1)))


def _told(server: Dispatcher) -> list[str]:
    events = server.call(op.EVENTS_LIST, r.EventQuery(EventFilter(events=["penstock.backfill.*"]))).items
    return [one.event.rpartition(".")[2] for one in events]


def test_a_few_at_a_time(server: Dispatcher, hands: Hands) -> None:
    """As runs end the next ones are made, never more than may be under way; when all have ended, so has the backfill."""
    made = apply(
        server, schedules=[hourly(parameters={"y": 2}, job_variables={"cpu": 1})], parameters={"x": 1}, tags=["a"]
    )
    one = _backfill(server, made, concurrency=2, parameters={"z": 3}, instant_parameter="at")
    assert (one.status, one.total, one.made, one.author) == (BackfillStatus.RUNNING, 6, 0, "local administrator")
    seen: list[str] = []
    while True:
        carry_on(server)
        under_way = _unended(server, one)
        if not under_way:
            break
        assert len(under_way) <= 2
        seen += [run.parameters["at"] for run in under_way if run.parameters["at"] not in seen]
        assert under_way[0].parameters == {"x": 1, "y": 2, "z": 3, "at": under_way[0].parameters["at"]}
        assert (under_way[0].tags, under_way[0].job_variables) == (["a", "backfill"], {"cpu": 1})
        _end(server, under_way[0].id, StateType.FAILED if len(seen) == 3 else StateType.COMPLETED)
    carry_on(server)
    assert seen == [(MIDNIGHT + timedelta(hours=hour)).isoformat() for hour in range(6)]
    ended = _read(server, one)
    assert (ended.status, ended.made, ended.ended is not None) == (BackfillStatus.COMPLETED, 6, True)
    assert sum(ended.by_type.values()) == 6
    assert set(ended.by_type) == {"COMPLETED", "FAILED"}
    assert _told(server) == ["created", "completed"]
    line = next(one for one in server.call(op.AUDIT_LIST, AuditQuery()).items if one.action == "backfills.create")
    assert (line.affected, line.details["deployment"]) == (6, "hello/daily")


def test_newest_first(server: Dispatcher, hands: Hands) -> None:
    """A backfill may begin with the end of its range."""
    made = apply(server)
    one = _backfill(server, made, schedule=HOURLY, newest_first=True, concurrency=2, instant_parameter="at")
    carry_on(server)
    expected = [(MIDNIGHT + timedelta(hours=hour)).isoformat() for hour in (5, 4)]
    assert sorted((run.parameters["at"] for run in _unended(server, one)), reverse=True) == expected
    for run in _unended(server, one):
        _end(server, run.id)
    carry_on(server)
    assert {run.parameters["at"] for run in _unended(server, one)} == {
        (MIDNIGHT + timedelta(hours=hour)).isoformat() for hour in (3, 2)
    }


def test_the_same_again(server: Dispatcher, hands: Hands) -> None:
    """The same id gives the first backfill back; to ask what it would come to makes nothing."""
    made, other = apply(server, schedules=[hourly()]), apply(server, "other", schedules=[hourly()])
    dry = _backfill(server, made, dry_run=True)
    assert (dry.total, server.call(op.BACKFILLS_LIST, BackfillQuery()).items) == (6, [])
    request = _request(made)
    first = server.call(op.BACKFILLS_CREATE, request)
    assert server.call(op.BACKFILLS_CREATE, request) == first
    assert _told(server) == ["created"]
    with pytest.raises(ObjectAlreadyExists, match="of another deployment"):
        server.call(op.BACKFILLS_CREATE, _request(other, id=request.id))


def test_an_empty_range(server: Dispatcher, hands: Hands) -> None:
    """A range in which nothing falls is over at once."""
    made = apply(server, schedules=[hourly()])
    one = _backfill(server, made, start=MIDNIGHT + timedelta(minutes=1), end=MIDNIGHT + timedelta(minutes=2))
    assert (one.total, one.status) == (0, BackfillStatus.COMPLETED)


def test_cancelled(server: Dispatcher, hands: Hands) -> None:
    """A cancelled backfill makes no more, and what waits is cancelled; what has begun goes on."""
    made = apply(server, schedules=[hourly()])
    one = _backfill(server, made, concurrency=3)
    carry_on(server)
    begun = _unended(server, one)[0]
    server.call(op.FLOW_RUNS_START, r.StartFlowRun(begun.id, OWNER))
    for _ in range(2):
        answer = server.call(op.BACKFILLS_CANCEL, r.ById(one.request.id))
        assert (answer.status, answer.made) == (BackfillStatus.CANCELLED, 3)
        assert answer.by_type == {"RUNNING": 1, "CANCELLED": 2}
    carry_on(server)
    assert [run.id for run in _unended(server, one)] == [begun.id]
    assert _told(server) == ["created", "cancelled"]


def test_lists(server: Dispatcher, hands: Hands) -> None:
    """Backfills are found by deployment and status, newest first, each with its progress."""
    made, other = apply(server, schedules=[hourly()]), apply(server, "other", schedules=[hourly()])
    first, second, third = (_backfill(server, one) for one in (made, other, made))
    server.call(op.BACKFILLS_CANCEL, r.ById(first.request.id))
    carry_on(server)

    def found(**conditions: Any) -> list[UUID]:
        return [one.request.id for one in server.call(op.BACKFILLS_LIST, BackfillQuery(**conditions)).items]

    assert found() == [third.request.id, second.request.id, first.request.id]
    assert found(deployment_ids=[made.id], statuses=[BackfillStatus.RUNNING]) == [third.request.id]
    assert found(statuses=[]) == []
    page = server.call(op.BACKFILLS_LIST, BackfillQuery(limit=2))
    assert found(limit=2, after=page.next) == [first.request.id]
    assert page.items[0].by_type == {"SCHEDULED": 1}


def test_many_backfills_in_steps(server: Dispatcher, hands: Hands) -> None:
    """All of them are carried on, a few in each transaction."""
    made = apply(server, schedules=[hourly()])
    several = [_backfill(server, made) for _ in range(5)]
    carry_on(server, at_once=2)
    assert [_read(server, one).made for one in several] == [1] * 5


def test_one_that_can_not_be_carried_on(
    server: Dispatcher, hands: Hands, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong with one backfill does not hold up the others, and is logged once."""
    bad, good = apply(server, "bad", schedules=[hourly()]), apply(server, "good", schedules=[hourly()])
    spoilt, sound = _backfill(server, bad), _backfill(server, good)
    make = backfill_steps.make_runs

    def made(new: Any, context: Any) -> Any:
        if new[0].deployment_id == bad.id:
            raise ZeroDivisionError("no such day")
        return make(new, context)

    monkeypatch.setattr(backfill_steps, "make_runs", made)
    loop = Backfiller(server, 2.0)
    for _ in range(3):
        once(loop)
    assert (_read(server, spoilt).made, _read(server, sound).made) == (0, 1)
    assert [one.message for one in caplog.records if str(spoilt.request.id) in one.message] == [
        f"Backfill {spoilt.request.id} can't be carried on: ZeroDivisionError: no such day"
    ]


def test_the_rule_of_the_day_it_was_asked_for(server: Dispatcher, hands: Hands) -> None:
    """A backfill goes on by the instants that it began with, whatever becomes of the schedule."""
    made = apply(server, schedules=[hourly()])
    one = _backfill(server, made)
    apply(server, schedules=[every(60)])
    carry_on(server)
    assert (_read(server, one).total, _read(server, one).made) == (6, 1)


def test_a_deleted_deployment_takes_its_backfills_along(server: Dispatcher, hands: Hands) -> None:
    """With its deployment a backfill is gone, and makes nothing more."""
    made = apply(server, schedules=[hourly()])
    one = _backfill(server, made)
    carry_on(server)
    server.call(op.DEPLOYMENTS_DELETE, r.ById(made.id))
    carry_on(server)
    assert runs(server) == []
    with pytest.raises(ObjectNotFound, match="There is no backfill"):
        _read(server, one)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"end": MIDNIGHT}, "has no length"),
    ({"end": BEGIN + timedelta(days=1)}, "is to come"),
    ({"start": datetime(2026, 5, 1)}, "has no time zone"),  # noqa: DTZ001  - that is what is refused
    ({"concurrency": 0}, "From 1 to 1,000 runs"),
    ({"schedule": HOURLY, "schedule_slug": "hourly"}, "not both"),
    ({"schedule_slug": "nightly"}, "has no schedule 'nightly'; it has 'hourly', 'often'"),
    ({}, "has 2 schedules, 'hourly', 'often'"),
    ({"schedule_slug": "often", "start": MIDNIGHT - timedelta(days=2)}, "more than 10,000 instants"),
    ({"schedule_slug": "hourly", "parameters": {"count": 0}}, "The parameter 'count' of deployment 'hello/daily'"),
    ({"schedule_slug": "hourly", "instant_parameter": "at"}, "no parameter 'at' of deployment"),
    ({"schedule_slug": "hourly", "parameters": {"city": {1}}}, "does not fit|no JSON"),
]


@pytest.mark.parametrize(("said", "words"), REFUSED)
def test_what_is_refused(server: Dispatcher, hands: Hands, said: dict[str, Any], words: str) -> None:
    """What makes no sense, or would be too much, is refused, and nothing is made."""
    parameters = {"city": "Bonn"}
    made = apply(server, schedules=[hourly(), every(10)], parameter_schema=SCHEMA, parameters=parameters)
    with pytest.raises((InvalidRequest, ObjectLimitReached), match=words):
        _backfill(server, made, **said)
    assert server.call(op.BACKFILLS_LIST, BackfillQuery()).items == []
