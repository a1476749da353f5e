"""What is followed: read once for all, woken by commits, resumed by cursor, ended when it is to end."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from support import databases
from support.requests import batch, flow_run, line, task_run
from support.streams import always, events_in, hub_of, opened

from penstock.server.context import Context
from penstock.server.database import outbox
from penstock.server.dispatcher import Dispatcher
from penstock.server.streams import hub as hub_module
from penstock.server.streams import tail
from penstock.server.streams.feed import Feed
from penstock.server.streams.feeds import FEEDS
from penstock.server.streams.feeds.events import EventFeed
from penstock.server.streams.feeds.task_runs import TaskRunFeed
from penstock.wire import operations as op
from penstock.wire.requests import ById
from penstock.wire.streams import (
    EVENTS_STREAM,
    FLOW_RUNS_STREAM,
    LOGS_STREAM,
    STREAMS,
    TASK_RUNS_STREAM,
    EventsFollowed,
    FlowRunsFollowed,
    LogsFollowed,
    TaskRunsFollowed,
)

STATES = EventsFollowed(events=["penstock.flow-run.*"])


def head(server: Dispatcher, feed: Feed) -> int:
    """Return where a feed ends now."""
    return server.database.ask(lambda connection: feed.head(Context(connection, server.database.dialect)))


async def create(server: Dispatcher) -> Any:
    """Make a flow run that waits."""
    return await asyncio.to_thread(server.call, op.FLOW_RUNS_CREATE, flow_run(owner=None))


def test_every_stream_has_its_feed() -> None:
    """The table of streams and that of feeds hold the same."""
    assert STREAMS.keys() == FEEDS.keys()


def test_read_once_for_all(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three hundred clients get an event that is read from the database once or twice, not three hundred times."""
    readings: list[int] = []
    read = EventFeed.read

    def counted(self: EventFeed, after: int, watched: Any, context: Context) -> Any:
        readings.append(after)
        return read(self, after, watched, context)

    monkeypatch.setattr(EventFeed, "read", counted)

    async def follow() -> None:
        async with hub_of(server) as hub:
            streams = [hub.follow(EVENTS_STREAM, STATES, None, always) for _ in range(300)]
            await asyncio.gather(*[opened(stream) for stream in streams])
            assert hub.clients == 300
            readings.clear()
            await create(server)
            found = await asyncio.gather(*[events_in(stream, 1) for stream in streams])
            assert found == [["flow-run.Pending"]] * 300
            assert len(readings) <= 3
            for stream in streams:
                await stream.aclose()
            assert hub.clients == 0

    asyncio.run(follow())


def test_others_are_heard() -> None:
    """What another server on the same PostgreSQL commits arrives without looking for it."""
    databases.require_postgresql()
    databases.empty(databases.shared_schema())
    here, there = (Dispatcher(databases.postgresql(databases.shared_schema())) for _ in range(2))

    async def follow() -> None:
        async with hub_of(here) as hub:
            stream = await opened(hub.follow(EVENTS_STREAM, STATES, None, always))
            await create(there)
            async with asyncio.timeout(60):
                assert await events_in(stream, 1) == ["flow-run.Pending"]
            await stream.aclose()

    asyncio.run(follow())
    for one in (here, there):
        one.close()


def test_looked_for_where_hints_are_lost(server: Dispatcher) -> None:
    """A commit that nobody is told of arrives all the same, with the next look."""

    async def follow() -> None:
        async with hub_of(server, poll_seconds=0.01) as hub:
            stream = await opened(hub.follow(EVENTS_STREAM, STATES, None, always))
            server.database.told.clear()
            await create(server)
            assert await events_in(stream, 1) == ["flow-run.Pending"]
            await stream.aclose()

    asyncio.run(follow())


def test_signs_of_life_and_their_end(server: Dispatcher) -> None:
    """A client that gets nothing gets signs of life with its cursor; one that may no longer follow is cut off."""
    allowed = iter([True, True, False])

    async def follow() -> None:
        async with hub_of(server, heartbeat_seconds=0.01) as hub:
            await create(server)
            end = await asyncio.to_thread(head, server, EventFeed())
            stream = await opened(
                hub.follow(EVENTS_STREAM, EventsFollowed(events=["none"]), None, lambda: next(allowed))
            )
            rest = [message async for message in stream]
            assert rest == [b": alive\nid: %d\n\n" % end] * 2

    asyncio.run(follow())


def test_a_slow_client_resumes_by_its_cursor(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that takes nothing while much comes is told to resume, and then misses none."""
    monkeypatch.setattr(tail, "MOST_BYTES_KEPT", 2_000)

    async def follow() -> None:
        begin = await asyncio.to_thread(head, server, EventFeed())
        async with hub_of(server) as hub:
            slow = await opened(hub.follow(EVENTS_STREAM, STATES, None, always))
            quick = await opened(hub.follow(EVENTS_STREAM, STATES, None, always))
            for _ in range(20):
                await create(server)
                assert await events_in(quick, 1) == ["flow-run.Pending"]
            rest = [message async for message in slow]
            assert rest == [b"id: %d\nevent: resume\ndata: {}\n\n" % begin]
            again = await opened(hub.follow(EVENTS_STREAM, STATES, begin, always))
            assert len(await events_in(again, 20)) == 20
            for stream in (quick, again):
                await stream.aclose()

    asyncio.run(follow())


def test_what_waits_for_a_slow_client_is_sent_in_parts(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who takes nothing while much comes gets it in bounded parts, each once and in order, and then what comes live."""
    monkeypatch.setattr(hub_module, "MOST_BYTES_AT_ONCE", 2_000)

    async def follow() -> None:
        async with hub_of(server) as hub:
            slow = await opened(hub.follow(EVENTS_STREAM, STATES, None, always))
            quick = await opened(hub.follow(EVENTS_STREAM, STATES, None, always))
            runs = [await create(server) for _ in range(20)]
            assert len(await events_in(quick, 20)) == 20
            told = b""
            while told.count(b"event: event") < 20:
                part = await anext(slow)
                assert len(part) < 6_000
                told += part
            named = [str(run.id).encode() for run in runs]
            assert sorted(named, key=told.index) == named
            assert told.count(b"event: event") == 20
            await create(server)
            assert await events_in(slow, 1) == ["flow-run.Pending"]
            for stream in (slow, quick):
                await stream.aclose()

    asyncio.run(follow())


def test_a_cursor_whose_changes_are_forgotten(server: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes back after longer than changes are kept is told to look at everything anew."""
    monkeypatch.setattr(outbox, "CHANGES_KEPT", 2)
    for number in range(1, 6):
        server.call(op.JOURNAL_APPEND, batch(task_run(), number=number))
    end = head(server, TaskRunFeed())

    async def follow() -> None:
        async with hub_of(server) as hub:
            stream = hub.follow(TASK_RUNS_STREAM, TaskRunsFollowed(), end - 4, always)
            assert b"id: %d\nevent: reset" % end in await anext(stream)
            await stream.aclose()
            recent = await opened(hub.follow(TASK_RUNS_STREAM, TaskRunsFollowed(), end - 2, always))
            assert (await anext(recent)).count(b"event: task_run") == 2
            await recent.aclose()

    asyncio.run(follow())


def test_a_cursor_that_the_tail_has_not_reached(server: Dispatcher) -> None:
    """Who comes with a cursor that was just committed, such as another server's, is not sent back behind it."""

    async def follow() -> None:
        async with hub_of(server) as hub:
            one = await opened(hub.follow(EVENTS_STREAM, STATES, None, always))
            server.database.told.clear()  # nobody tells the tail
            await create(server)
            end = await asyncio.to_thread(head, server, EventFeed())
            other = hub.follow(EVENTS_STREAM, STATES, end, always)
            assert await anext(other) == b"id: %d\nevent: open\ndata: {}\n\n" % end
            await create(server)
            hub._hint()
            message = await anext(other)
            assert message.count(b"event: event") == 1
            assert b"id: %d\n" % (end + 1) in message
            assert await events_in(one, 2) == ["flow-run.Pending"] * 2
            for stream in (one, other):
                await stream.aclose()

    asyncio.run(follow())


def test_who_joins_while_others_follow(server: Dispatcher) -> None:
    """Who joins the lines of another flow run gets those from its cursor on, though the tail did not read them before."""

    async def follow() -> None:
        first, second = await create(server), await create(server)

        async def log(run: Any, text: str, number: int) -> None:
            await asyncio.to_thread(server.call, op.JOURNAL_APPEND, batch(line(run.id, text), number=number))

        async with hub_of(server) as hub:
            one = await opened(hub.follow(LOGS_STREAM, LogsFollowed(flow_run_ids=[first.id]), None, always))
            await log(second, "unread by the tail", 1)
            await log(first, "read", 2)
            assert b'"message":"read"' in await anext(one)
            other = await opened(hub.follow(LOGS_STREAM, LogsFollowed(flow_run_ids=[second.id]), 0, always))
            assert b"unread by the tail" in await anext(other)
            await log(second, "live", 3)
            assert b'"message":"live"' in await anext(other)
            for stream in (one, other):
                await stream.aclose()

    asyncio.run(follow())


def test_runs_and_their_deletion(server: Dispatcher) -> None:
    """A flow run that is made and deleted is sent as it is, and as gone; its parent's followers get it only."""

    async def follow() -> None:
        parent = await create(server)
        async with hub_of(server) as hub:
            followed = FlowRunsFollowed(parent_flow_run_id=parent.id)
            stream = await opened(hub.follow(FLOW_RUNS_STREAM, followed, None, always))
            await create(server)
            request = flow_run(owner=None, parent_flow_run_id=parent.id, parameters={"x": 1})
            await asyncio.to_thread(server.call, op.FLOW_RUNS_CREATE, request)
            message = (await anext(stream)).decode()
            assert f'"id":"{request.id}"' in message
            assert '"state":{"type":"PENDING"' in message
            await asyncio.to_thread(server.call, op.FLOW_RUNS_DELETE, ById(parent.id))
            gone = (await anext(stream)).decode()
            assert gone.count("event: deleted") == 2
            await stream.aclose()

    asyncio.run(follow())


def test_the_end_of_the_server_ends_streams(server: Dispatcher) -> None:
    """When the hub closes, every stream ends by itself."""

    async def follow() -> None:
        async with hub_of(server) as hub:
            streams = [await opened(hub.follow(one, one.followed(), None, always)) for one in STREAMS.values()]
            hub.close()
            for stream in streams:
                assert [message async for message in stream] == []
            assert hub.clients == 0

    asyncio.run(follow())
