"""Events: written with the change they tell of, in one order that a reader by cursor can rely on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from support import databases
from support.requests import NOON, OWNER, batch, flow_run, proposal, state, task_run

from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.server.context import Context
from penstock.server.database import outbox
from penstock.server.database.database import Database
from penstock.server.database.tables import events
from penstock.server.dispatcher import Dispatcher
from penstock.server.services.events import rows as event_rows
from penstock.wire import operations as op
from penstock.wire.events import Event, EventFilter
from penstock.wire.flow_runs import FlowRunStart, StateProposal
from penstock.wire.requests import ById, EventQuery, Propose


def told(server: Dispatcher, **conditions: object) -> list[Event]:
    """Return the events that are told, in their order, page by page."""
    found: list[Event] = []
    after: str | None = None
    while True:
        query = EventQuery(EventFilter(**conditions), limit=3, after=after)  # type: ignore[arg-type]
        page = server.call(op.EVENTS_LIST, query)
        found += page.items
        after = page.next
        if after is None:
            return found


def names(found: list[Event]) -> list[str]:
    """Return what the events tell."""
    return [event.event.removeprefix("penstock.") for event in found]


def an_event(name: str = "user.said", resource: str = "user.1", **fields: object) -> Event:
    """Return an event of a user's own, at noon."""
    values = {"id": uuid7(), "occurred": NOON, "event": name, "resource": {"penstock.resource.id": resource}}
    return Event(**values | fields)  # type: ignore[arg-type]


def tell(server: Dispatcher, *told_events: Event) -> None:
    """Have events written by a transaction of their own."""

    def work(connection: object) -> None:
        for event in told_events:
            event_rows.tell(event, Context(connection, server.database.dialect))  # type: ignore[arg-type]

    server.ledger.write(work)


def test_states_of_a_flow_run(server: Dispatcher) -> None:
    """Every state of a flow run has its event: in order, each following the one before, related to what the run is of."""
    parent = server.call(op.FLOW_RUNS_CREATE, flow_run("outer"))
    run = server.call(op.FLOW_RUNS_CREATE, flow_run("inner", parent_flow_run_id=parent.id, tags=["blue"]))
    server.call(op.FLOW_RUNS_PROPOSE, proposal(run.id, "FAILED"))
    found = told(server, resource_ids=[f"penstock.flow-run.{run.id}"])
    assert names(found) == ["flow-run.Pending", "flow-run.Running", "flow-run.Failed"]
    assert [event.follows for event in found] == [None, found[0].id, found[1].id]
    assert [event.occurred for event in found] == [
        one.timestamp for one in server.call(op.FLOW_RUNS_READ, ById(run.id)).states
    ]
    assert [one["penstock.resource.id"] for one in found[2].related] == [
        f"penstock.flow.{run.flow_id}",
        f"penstock.flow-run.{parent.id}",
        "penstock.tag.blue",
    ]
    assert found[2].payload["initial_state"]["name"] == "Running"
    assert found[2].payload["validated_state"]["type"] == "FAILED"
    assert found[2].resource["penstock.resource.name"] == run.name


def test_once_each(server: Dispatcher) -> None:
    """What is asked twice is told once: a create, a proposal, an event with the same id."""
    create = flow_run()
    propose = proposal(create.id, "COMPLETED", idempotency_key="once")
    event = an_event()
    for _ in range(2):
        server.call(op.FLOW_RUNS_CREATE, create)
        server.call(op.FLOW_RUNS_PROPOSE, propose)
        tell(server, event)
    assert names(told(server)) == [
        "flow.created",
        "flow-run.Pending",
        "flow-run.Running",
        "flow-run.Completed",
        "user.said",
    ]


def test_all_in_one_microsecond(server: Dispatcher) -> None:
    """States that a run enters in one microsecond are told in the order it entered them."""
    run = server.call(
        op.FLOW_RUNS_CREATE, flow_run(states=[state("PENDING", at=NOON)], start=FlowRunStart(OWNER, NOON))
    )
    for name in ("Paused", "Running", "Completed"):
        wanted = StateProposal(state(name.upper(), name, at=NOON), attempt=1)
        assert server.call(op.FLOW_RUNS_PROPOSE, Propose(run.id, wanted)).decision.value == "ACCEPT"
    found = told(server, resource_ids=[f"penstock.flow-run.{run.id}"])
    assert {event.occurred for event in found} == {NOON}
    assert names(found) == [f"flow-run.{name}" for name in ("Pending", "Running", "Paused", "Running", "Completed")]
    assert [event.follows for event in found] == [None, *(event.id for event in found[:-1])]
    assert len({event.id for event in found}) == 5


def test_a_run_with_as_many_tags_as_there_may_be(server: Dispatcher) -> None:
    """A flow run with the most tags, called by another, is told with all of them."""
    parent = server.call(op.FLOW_RUNS_CREATE, flow_run())
    run = server.call(
        op.FLOW_RUNS_CREATE, flow_run(parent_flow_run_id=parent.id, tags=[f"tag {number}" for number in range(100)])
    )
    assert len(told(server, resource_ids=[f"penstock.flow-run.{run.id}"])[0].related) == 102


def test_deletion(server: Dispatcher) -> None:
    """The deletion of a flow run is told, and that of the flow runs it called."""
    outer = server.call(op.FLOW_RUNS_CREATE, flow_run())
    inner = server.call(op.FLOW_RUNS_CREATE, flow_run(parent_flow_run_id=outer.id))
    server.call(op.FLOW_RUNS_DELETE, ById(outer.id))
    found = told(server, events=["penstock.flow-run.deleted"])
    assert [event.resource_id for event in found] == [f"penstock.flow-run.{one}" for one in (outer.id, inner.id)]


def test_a_refused_work_tells_nothing(server: Dispatcher) -> None:
    """A work that raises takes its events with it, and leaves those of the works that share its transaction."""
    entered, go_on = threading.Event(), threading.Event()

    def first(connection: object) -> None:
        entered.set()
        assert go_on.wait(30)

    def good(connection: object) -> None:
        event_rows.tell(an_event("good"), Context(connection, server.database.dialect))  # type: ignore[arg-type]

    def bad(connection: object) -> None:
        event_rows.tell(an_event("bad"), Context(connection, server.database.dialect))  # type: ignore[arg-type]
        raise InvalidRequest("no")

    refused: list[Exception] = []

    def write(work: object) -> None:
        try:
            server.ledger.write(work)  # type: ignore[arg-type]
        except InvalidRequest as error:
            refused.append(error)

    threads = [threading.Thread(target=write, args=(work,)) for work in (first, good, bad, good)]
    threads[0].start()
    assert entered.wait(30)
    for thread in threads[1:]:
        thread.start()
    while len(server.ledger._waiting) < 3:
        threads[1].join(0.001)
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
    assert names(told(server)) == ["good", "good"]


def test_filters(server: Dispatcher) -> None:
    """Events are found by name, by the beginning of a name, by resource, by what they relate to and by their time."""
    red = {"penstock.resource.id": "colour.red", "penstock.resource.role": "paint"}
    tell(
        server,
        an_event("shop.opened", "shop.1"),
        an_event("shop.painted", "shop.1", related=[red], occurred=NOON + timedelta(hours=1)),
        an_event("shopping.began", "user.1", occurred=NOON + timedelta(hours=2), payload={"bag": ["a", None, 1.5]}),
    )
    assert names(told(server, events=["shop.*"])) == ["shop.opened", "shop.painted"]
    assert names(told(server, events=["shop.opened", "shopping.began"])) == ["shop.opened", "shopping.began"]
    assert names(told(server, events=[])) == []
    assert names(told(server, resource_ids=["shop.1"])) == ["shop.opened", "shop.painted"]
    assert names(told(server, related_ids=["colour.red"])) == ["shop.painted"]
    assert names(told(server, related_ids=["colour"])) == []
    assert names(told(server, after=NOON + timedelta(minutes=1))) == ["shop.painted", "shopping.began"]
    assert names(told(server, before=NOON + timedelta(minutes=90))) == ["shop.opened", "shop.painted"]
    opened, *rest = told(server)
    assert names(told(server, position_after=opened.position)) == names(rest)
    assert told(server, ids=[rest[1].id])[0].payload == {"bag": ["a", None, 1.5]}
    newest = server.call(op.EVENTS_LIST, EventQuery(newest_first=True, limit=1))
    assert names(newest.items) == ["shopping.began"]


def test_states_of_a_task_run_are_derived(server: Dispatcher) -> None:
    """The events of a task run come from its record, the same each time, and are stored nowhere."""
    run = server.call(op.FLOW_RUNS_CREATE, flow_run())
    task = task_run(run.id)
    server.call(op.JOURNAL_APPEND, batch(task))
    found = server.call(op.TASK_RUNS_EVENTS, ById(task.id)).items
    assert names(found) == ["task-run.Pending", "task-run.Running", "task-run.Completed"]
    assert found == server.call(op.TASK_RUNS_EVENTS, ById(task.id)).items
    assert [event.follows for event in found] == [None, found[0].id, found[1].id]
    assert found[0].related[0]["penstock.resource.id"] == f"penstock.flow-run.{run.id}"
    assert told(server, resource_ids=[f"penstock.task-run.{task.id}"]) == found
    assert [event for event in told(server) if event.resource_id.startswith("penstock.task-run.")] == []
    with pytest.raises(ObjectNotFound):
        server.call(op.TASK_RUNS_EVENTS, ById(uuid7()))


def test_lines_of_a_flow_run_deleted_in_the_same_transaction(server: Dispatcher) -> None:
    """Lines that came in the transaction that deletes their flow run are not left behind by it."""
    from support.requests import line

    from penstock.server.services import journal
    from penstock.server.services.deletion import marks
    from penstock.wire.requests import LogQuery

    run = server.call(op.FLOW_RUNS_CREATE, flow_run())

    def work(connection: object) -> None:
        context = Context(connection, server.database.dialect)  # type: ignore[arg-type]
        journal.append(batch(line(run.id), line()), context)
        marks.begin([run.id], "flow_runs.delete", ById(run.id), context)

    server.ledger.write(work)
    assert [one.flow_run_id for one in server.call(op.LOGS_LIST, LogQuery()).items] == [None]


@pytest.fixture
def two_servers() -> Iterator[tuple[Dispatcher, Dispatcher]]:
    """Two servers on one PostgreSQL."""
    databases.require_postgresql()
    databases.empty(databases.shared_schema())
    both = tuple(Dispatcher(databases.postgresql(databases.shared_schema())) for _ in range(2))
    yield both  # type: ignore[misc]
    for one in both:
        assert one.database.checked_out() == 0
        one.close()


def test_numbers_become_visible_in_their_order(two_servers: tuple[Dispatcher, Dispatcher]) -> None:
    """While one transaction has numbered its events and not committed, no other can show a greater number."""
    first, second = two_servers
    numbered, go_on = threading.Event(), threading.Event()

    def slow(connection: object) -> None:
        context = Context(connection, first.database.dialect)  # type: ignore[arg-type]
        event_rows.tell(an_event("slow"), context)
        context.outbox.write(context.connection, context.dialect)
        del context.outbox.events[:]
        numbered.set()
        assert go_on.wait(30)

    threads = [threading.Thread(target=first.ledger.write, args=(slow,))]
    threads[0].start()
    assert numbered.wait(30)
    threads.append(threading.Thread(target=tell, args=(second, an_event("quick"))))
    threads[1].start()
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    while databases.on_server(waits) == [(0,)]:
        threads[1].join(0.01)
        assert threads[1].is_alive()
    assert told(second) == []
    go_on.set()
    for thread in threads:
        thread.join(30)
    assert names(told(second)) == ["slow", "quick"]


def test_a_cursor_misses_none(two_servers: tuple[Dispatcher, Dispatcher]) -> None:
    """Who reads by cursor while six threads write through two servers gets every event once, in the order of the numbers."""
    rounds, writers = 40, 3
    done = threading.Event()

    def write(server: Dispatcher) -> None:
        for _ in range(rounds):
            server.call(op.FLOW_RUNS_CREATE, flow_run("busy", owner=None))

    seen: list[tuple[int, UUID]] = []

    def follow(database: Database) -> None:
        last = 0
        while True:
            ended = done.is_set()
            query = select(events.c.position, events.c.id).where(events.c.position > last).order_by(events.c.position)
            with database.read() as connection:
                rows = [(row.position, row.id) for row in connection.execute(query.limit(10))]
            seen.extend(rows)
            if rows:
                last = rows[-1][0]
            elif ended:
                return

    reader = threading.Thread(target=follow, args=(two_servers[0].database,))
    reader.start()
    threads = [threading.Thread(target=write, args=(server,)) for server in two_servers for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    done.set()
    reader.join(60)
    with two_servers[1].database.read() as connection:
        query = select(events.c.position, events.c.id).order_by(events.c.position)
        everything = [(row.position, row.id) for row in connection.execute(query)]
    assert seen == everything
    assert len(everything) == 2 * writers * rounds + 1


def test_only_the_last_changes_are_kept(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notes of which task runs were written do not grow for ever."""
    monkeypatch.setattr(outbox, "CHANGES_KEPT", 2)
    for number in range(1, 5):
        server.call(op.JOURNAL_APPEND, batch(task_run(), number=number))
    with server.database.read() as connection:
        assert len(connection.execute(select(outbox.task_run_changes.c.position)).all()) == 2
