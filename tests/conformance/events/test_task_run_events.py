"""Events of task runs' states: derived from the records, streamed as these are written and listed run by run."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import pytest
from support.requests import NOON, batch, flow_run, task_run
from support.streams import Messages, always, events_in, hub_of, opened

from penstock.core.errors import InvalidRequest
from penstock.core.ids import uuid7
from penstock.server.dispatcher import Dispatcher
from penstock.server.streams.feeds import feed_of
from penstock.server.streams.feeds.events import EventFeed
from penstock.server.streams.feeds.task_run_events import TaskRunEventFeed
from penstock.wire import operations as op
from penstock.wire.events import EventFilter
from penstock.wire.requests import ById, EventPage, EventQuery
from penstock.wire.streams import EVENTS_STREAM, EventsFollowed
from penstock.wire.task_runs import TaskRun

ALL = EventsFollowed(events=["penstock.task-run.*"])


def _run(server: Dispatcher) -> UUID:
    return server.call(op.FLOW_RUNS_CREATE, flow_run()).id


def _grown(run: TaskRun, count: int) -> TaskRun:
    """Return a task run as it was when it had so many states."""
    return msgspec.structs.replace(run, states=run.states[:count])


async def _write(server: Dispatcher, *runs: TaskRun, number: int = 1) -> None:
    await asyncio.to_thread(server.call, op.JOURNAL_APPEND, batch(*runs, number=number))


async def _positions(messages: Messages, count: int) -> list[tuple[str, int, str | None]]:
    """Return the name, the position and the cursor of the next events."""
    found: list[tuple[str, int, str | None]] = []
    while len(found) < count:
        for text in (await anext(messages)).decode().strip().split("\n\n"):
            fields = dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith(":"))
            event = json.loads(fields["data"])
            found.append((event["event"].rpartition(".")[2], event["position"], fields.get("id")))
    return found


def test_each_state_is_told_once_as_a_run_grows(server: Dispatcher) -> None:
    """A record that grows tells of its new states only; what it tells relates to the flow run."""

    async def follow() -> None:
        run = task_run(_run(server))
        async with hub_of(server) as hub:
            stream = await opened(hub.follow(EVENTS_STREAM, ALL, None, always))
            for count, names in ((1, ["Pending"]), (2, ["Running"]), (3, ["Completed"])):
                await _write(server, _grown(run, count), number=count)
                assert await events_in(stream, 1) == [f"task-run.{name}" for name in names]
            await _write(server, task_run(), number=4)
            assert await events_in(stream, 3) == ["task-run.Pending", "task-run.Running", "task-run.Completed"]
            await stream.aclose()

    asyncio.run(follow())


def test_a_cursor_is_resumed_after(server: Dispatcher) -> None:
    """Who comes back with a cursor gets what came since, though others were told it already, and bearing the same ids."""

    async def follow() -> None:
        flow_run_id = _run(server)
        first, second = task_run(flow_run_id), task_run(flow_run_id)
        async with hub_of(server) as hub:
            stream = await opened(hub.follow(EVENTS_STREAM, ALL, None, always))
            await _write(server, first)
            told = await _positions(stream, 3)
            # Only the last event of a change says where to resume: before it, some of the change would be missed.
            assert [cursor is None for _, _, cursor in told] == [True, True, False]
            cursor = int(told[-1][2] or "")
            assert {position for _, position, _ in told} == {cursor}
            await _write(server, second, number=2)
            assert await events_in(stream, 3) == ["task-run.Pending", "task-run.Running", "task-run.Completed"]
            again = await opened(hub.follow(EVENTS_STREAM, ALL, cursor, always))
            assert await events_in(again, 3) == ["task-run.Pending", "task-run.Running", "task-run.Completed"]
            whole = await opened(hub.follow(EVENTS_STREAM, ALL, 0, always))
            assert len(await _positions(whole, 6)) == 6
            for one in (stream, again, whole):
                await one.aclose()

    asyncio.run(follow())


@pytest.mark.parametrize(
    "conditions",
    [
        lambda task, flow: EventsFollowed(
            events=["penstock.task-run.Completed"], related_ids=[f"penstock.flow-run.{flow}"]
        ),
        lambda task, flow: EventsFollowed(resource_ids=[f"penstock.task-run.{task}"], related_ids=None),
        lambda task, flow: EventsFollowed(["penstock.task-run.Comp*"], [f"penstock.task-run.{task}"]),
        lambda task, flow: EventsFollowed(["penstock.task-run.*"], related_ids=["penstock.tag.mine"]),
    ],
)
def test_conditions(server: Dispatcher, conditions: Callable[[UUID, UUID], EventsFollowed]) -> None:
    """They are followed by name, by task run, by flow run and by tag."""

    async def follow() -> None:
        mine, other = _run(server), _run(server)
        run = task_run(mine, tags=["mine"])
        async with hub_of(server) as hub:
            stream = await opened(hub.follow(EVENTS_STREAM, conditions(run.id, mine), None, always))
            await _write(server, task_run(other), run, task_run(), task_run(other))
            for _ in range(3):
                name = (await events_in(stream, 1))[-1]
                if name == "task-run.Completed":
                    break
            assert name == "task-run.Completed"
            await stream.aclose()

    asyncio.run(follow())


def test_others_do_not_get_them(server: Dispatcher) -> None:
    """A stream without conditions has what is recorded: task runs are many, and are followed by who asks for them."""
    assert feed_of(EVENTS_STREAM, EventsFollowed()) is EventFeed
    assert feed_of(EVENTS_STREAM, EventsFollowed(events=["penstock.*"])) is EventFeed
    assert feed_of(EVENTS_STREAM, EventsFollowed(events=[])) is EventFeed
    assert feed_of(EVENTS_STREAM, ALL) is TaskRunEventFeed
    mixed = ["penstock.task-run.*", "penstock.flow-run.*"]
    with pytest.raises(InvalidRequest, match="asked for by themselves"):
        feed_of(EVENTS_STREAM, EventsFollowed(events=mixed))
    with pytest.raises(InvalidRequest, match="asked for by themselves"):
        server.call(op.EVENTS_LIST, EventQuery(EventFilter(events=mixed)))


def _list(server: Dispatcher, limit: int = 4, *, newest_first: bool = False, **conditions: Any) -> list[EventPage]:
    pages: list[EventPage] = []
    while not pages or pages[-1].next is not None:
        after = pages[-1].next if pages else None
        query = EventQuery(EventFilter(**conditions), limit, after, newest_first)
        pages.append(server.call(op.EVENTS_LIST, query))
    return pages


def test_the_events_of_a_flow_runs_task_runs_are_listed(server: Dispatcher) -> None:
    """Run by run, page by page, the same events as of each task run by itself; newest first turns both around."""
    mine, other = _run(server), _run(server)
    runs = [task_run(mine) for _ in range(3)] + [task_run(mine, "PENDING")]
    server.call(op.JOURNAL_APPEND, batch(*runs, task_run(other)))
    each = [event for run in runs for event in server.call(op.TASK_RUNS_EVENTS, ById(run.id)).items]
    conditions = {"events": ["penstock.task-run.*"], "related_ids": [f"penstock.flow-run.{mine}"]}
    pages = _list(server, **conditions)
    assert [event for page in pages for event in page.items] == each
    assert [len(page.items) for page in pages] == [3, 3, 4]
    turned = _list(server, newest_first=True, **conditions)
    assert [event for page in turned for event in page.items] == each[::-1]
    completed = _list(server, events=["penstock.task-run.Completed"])
    assert len([event for page in completed for event in page.items]) == 4
    (only,) = _list(server, resource_ids=[f"penstock.task-run.{runs[0].id}"], after=NOON, before=NOON)
    assert only.items == []
    assert _list(server, resource_ids=["penstock.task-run.none", f"penstock.task-run.{uuid7()}"])[0].items == []
    with pytest.raises(InvalidRequest, match="have no position"):
        _list(server, events=["penstock.task-run.*"], position_after=1)


def test_a_page_looks_at_a_bounded_number_of_runs(server: Dispatcher) -> None:
    """Where none of the first runs is meant, a page is empty and says where to go on."""
    run = _run(server)
    server.call(op.JOURNAL_APPEND, batch(*[task_run(run) for _ in range(250)], task_run(run, "PENDING FAILED")))
    pages = _list(server, events=["penstock.task-run.Failed"])
    assert [len(page.items) for page in pages] == [0, 1]
