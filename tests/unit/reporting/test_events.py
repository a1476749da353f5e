"""Events of users' own: told with what runs around them, bounded, refused with the reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support import record

from penstock import flow, tags, task
from penstock.client.transport import call
from penstock.events import Event, emit_event
from penstock.reporting.recorder import current_recorder
from penstock.task_runners import ProcessPoolTaskRunner
from penstock.wire.events import RELATED_LIMIT, EventFilter
from penstock.wire.operations import EVENTS_LIST
from penstock.wire.requests import EventQuery

ORDER = {"penstock.resource.id": "order.1"}


@pytest.fixture(autouse=True)
def home() -> object:
    """Keep each test's record apart."""
    with record.fresh_record() as path:
        yield path


def told(*names: str) -> list[Event]:
    """Return the events of these names that are on record."""
    current_recorder().flush()
    return call(EVENTS_LIST, EventQuery(EventFilter(events=list(names)))).items


@task
def ship(weight: float) -> None:
    emit_event("order.shipped", ORDER, payload={"weight": weight})


@flow
def trade() -> None:
    ship(2.5)


@flow(task_runner=ProcessPoolTaskRunner(max_workers=1))
def trade_elsewhere() -> None:
    ship.submit(1.5).result()


def test_all_that_is_told() -> None:
    """What a program tells is on record as it told it, its times in UTC, each event after the one it follows."""
    first = emit_event("order.made", ORDER)
    second = emit_event(
        "order.paid",
        {"prefect.resource.id": "order.1", "colour": "red"},
        occurred=datetime(2026, 11, 20, 13, tzinfo=UTC) + timedelta(hours=1),
        related=[{"penstock.resource.id": "till.2", "penstock.resource.role": "till"}],
        payload={"cents": 250, "by": ["cash", None]},
        follows=first,
    )
    made, paid = told("order.*")
    assert (made.id, paid.id) == (first.id, second.id)
    assert made.position < paid.position
    assert paid.occurred == datetime(2026, 11, 20, 14, tzinfo=UTC)
    assert paid.resource == {"penstock.resource.id": "order.1", "colour": "red"}
    assert paid.related == [{"penstock.resource.id": "till.2", "penstock.resource.role": "till"}]
    assert paid.payload == {"cents": 250, "by": ["cash", None]}
    assert paid.follows == first.id


def test_told_twice() -> None:
    """An event told twice with one id is kept once."""
    first = emit_event("order.made", ORDER)
    emit_event("order.made", ORDER, id=first.id)
    assert len(told("order.made")) == 1


def test_what_runs_around_it() -> None:
    """An event told in a task is related to the task run, the flow run and its tags."""
    with tags("urgent"):
        trade()
    (shipped,) = told("order.shipped")
    roles = {labels["penstock.resource.role"]: labels["penstock.resource.id"] for labels in shipped.related}
    assert roles == {
        "flow-run": f"penstock.flow-run.{record.only_flow_run().id}",
        "task-run": f"penstock.task-run.{record.only_task_run().id}",
        "tag": "penstock.tag.urgent",
    }


def test_from_a_process_of_a_pool() -> None:
    """An event told in a process of a pool is on record, related to the runs there."""
    trade_elsewhere()
    (shipped,) = told("order.shipped")
    assert shipped.payload == {"weight": 1.5}
    assert len(shipped.related) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"event": " "}, "The name of an event is empty"),
        ({"resource": {"name": "x"}}, "Give its labels a 'penstock.resource.id'"),
        ({"related": [{"penstock.resource.role": "x"}]}, "Give its labels a 'penstock.resource.id'"),
        ({"related": [ORDER] * (RELATED_LIMIT + 1)}, f"give it {RELATED_LIMIT} at most"),
        ({"payload": {"object": object()}}, "is no JSON"),
        ({"payload": {"text": "x" * 600_000}}, "may take 524,288"),
    ],
)
def test_what_makes_no_sense(options: dict[str, object], words: str) -> None:
    """An event that can't be told is refused where it is told, with the reason."""
    values: dict[str, object] = {"event": "order.made", "resource": ORDER} | options
    with pytest.raises(ValueError, match=words):
        emit_event(**values)  # type: ignore[arg-type]


def test_more_than_fit(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A program that tells faster than can be sent never waits: what does not fit is dropped, counted and said."""
    recorder = current_recorder()
    recorder.journal.limit = 3
    with recorder._reporter._shipping:
        for _ in range(10):
            emit_event("order.made", ORDER)
    recorder.close()
    assert 3 <= len(told("order.made")) < 10
    assert "events of this process came too fast" in capsys.readouterr().err


def test_what_was_told_stays_as_it_was() -> None:
    """What a program does to the payload afterwards changes nothing of what was told."""
    payload = {"items": [1]}
    emit_event("order.made", ORDER, payload=payload)
    payload["items"].append(2)
    assert told("order.made")[0].payload == {"items": [1]}
