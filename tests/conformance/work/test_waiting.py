"""Workers that wait: each is answered as soon as there is something, by one look for all, and without a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from support.deployed import POOL, WORKER, claim, claimed_ids, deployment, pool, run, runs, state_names, worker, workers
from support.requests import OWNER, proposal

from penstock.core import clock
from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.server.context import LOCAL_ADMINISTRATOR
from penstock.server.dispatcher import Dispatcher
from penstock.server.http.lanes import Lanes, TooManyWaiting
from penstock.server.polls import waiters as polls
from penstock.server.polls.waiter import Waiter
from penstock.server.polls.waiters import Waiters
from penstock.server.services.work.outlook import Outlook
from penstock.server.streams.hints import Hints
from penstock.wire import operations as op
from penstock.wire.deploying.work_pools import WorkPoolByName, WorkPoolChanges
from penstock.wire.deploying.workers import Claimed, ClaimRuns
from penstock.wire.requests import LeaseClaim, StartFlowRun

NEVER = 3_600.0
LONG = 60.0


class Room(Waiters):
    """Waiters that say when something has become of one of them, or of a look."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._moved = asyncio.Event()
        self.handed_back = asyncio.Event()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Return once something is so."""
        while not is_so():
            self._moved.clear()
            await self._moved.wait()

    async def settled(self, count: int) -> None:
        """Return once so many wait, and one look has been at all of them."""
        await self.until(lambda: self.count == count)
        looks = self._looks
        self._wake.set()
        await self.until(lambda: self._looks > looks + 1 or (self._looks > looks and not self._wake.is_set()))

    def _enter(self, waiter: Waiter) -> None:
        super()._enter(waiter)
        self._moved.set()

    def _leave(self, waiter: Waiter) -> None:
        super()._leave(waiter)
        self._moved.set()

    async def _rest(self, outlook: Outlook) -> None:
        self._moved.set()
        await super()._rest(outlook)

    async def _hand_back(self, waiter: Waiter, claimed: Claimed) -> None:
        await super()._hand_back(waiter, claimed)
        self.handed_back.set()


@asynccontextmanager
async def waiting_room(server: Dispatcher, poll_seconds: float = NEVER) -> AsyncIterator[Room]:
    """Give waiters that look only when they are woken, unless told otherwise."""
    lanes, hints = Lanes(), Hints(server.database)
    room = Room(server, lanes, hints, poll_seconds)
    try:
        yield room
    finally:
        room.close()
        hints.close()
        await asyncio.to_thread(lanes.close)


def ask(room: Waiters, worker_id: str = WORKER, wait_seconds: float = LONG, **fields: Any) -> asyncio.Task[Claimed]:
    """Have a worker ask for runs and wait."""
    request = ClaimRuns(worker_id, wait_seconds=wait_seconds, **fields)
    return asyncio.ensure_future(room.claim(request, LOCAL_ADMINISTRATOR))


@pytest.fixture
def ready(server: Dispatcher) -> Dispatcher:
    """A server with a work pool, and a worker of it."""
    pool(server)
    worker(server)
    return server


def test_a_run_reaches_a_waiting_worker(ready: Dispatcher) -> None:
    """The commit that makes a run wakes the worker that waits: nothing else does, as nobody looks by himself."""

    async def scene() -> None:
        its = deployment(ready)
        async with waiting_room(ready) as room:
            asked = ask(room)
            await room.settled(1)
            made = await asyncio.to_thread(run, ready, its)
            assert claimed_ids(await asked) == [made]
            assert room.count == 0

    asyncio.run(scene())


def test_what_is_due_already_is_given_at_once(ready: Dispatcher) -> None:
    """Who comes while something is due does not wait, whether it would or not; who would not wait gets an empty answer."""
    first, second = runs(ready, deployment(ready), 2)

    async def scene() -> None:
        async with waiting_room(ready) as room:
            assert claimed_ids(await ask(room, wait_seconds=0, limit=1)) == [first]
            held = [LeaseClaim(first, 1)]
            assert claimed_ids(await ask(room, limit=1, running=held)) == [second]
            held.append(LeaseClaim(second, 1))
            assert (await ask(room, wait_seconds=0, running=held)) == Claimed()
            assert (await ask(room, wait_seconds=0.01, running=held)) == Claimed()

    asyncio.run(scene())


def test_a_run_that_becomes_due_is_waited_for(ready: Dispatcher) -> None:
    """The instant at which the next run is due wakes the worker."""
    made = run(ready, deployment(ready), due=clock.now() + timedelta(seconds=0.2))

    async def scene() -> None:
        async with waiting_room(ready) as room:
            assert claimed_ids(await ask(room)) == [made]

    asyncio.run(scene())


def test_a_lost_hint_costs_little(ready: Dispatcher) -> None:
    """What no hint tells of is found by the next look."""

    async def scene() -> None:
        its = deployment(ready)
        async with waiting_room(ready, poll_seconds=0.01) as room:
            asked = ask(room)
            await room.settled(1)
            ready.database.told.clear()
            made = await asyncio.to_thread(run, ready, its)
            assert claimed_ids(await asked) == [made]

    asyncio.run(scene())


def test_another_servers_commit_is_heard(ready: Dispatcher) -> None:
    """A run that another server makes reaches a worker that waits here, by the database's own word."""
    if not ready.database.dialect.locks_rows:
        pytest.skip("a file tells nobody that it has changed")
    from support import databases

    other = Dispatcher(databases.postgresql(databases.shared_schema()))

    async def scene() -> None:
        its = deployment(ready)
        async with waiting_room(ready) as room:
            asked = ask(room)
            await room.settled(1)
            made = await asyncio.to_thread(run, other, its)
            assert claimed_ids(await asked) == [made]

    try:
        asyncio.run(scene())
    finally:
        other.close()


def test_who_waited_longest_goes_first(ready: Dispatcher) -> None:
    """One run goes to one worker, the one that came first; the others go on waiting, for theirs."""
    names = [worker(ready, f"worker-{number}") for number in range(5)]

    async def scene() -> None:
        its = deployment(ready)
        async with waiting_room(ready) as room:
            asked = []
            for number, name in enumerate(names):
                asked.append(ask(room, name, limit=1))
                await room.settled(number + 1)
            first = await asyncio.to_thread(run, ready, its)
            assert claimed_ids(await asked[0]) == [first]
            assert room.count == 4
            made = await asyncio.to_thread(runs, ready, its, 4)
            given = [claimed_ids(await one) for one in asked[1:]]
            assert given == [[one] for one in made]

    asyncio.run(scene())


def test_a_slot_that_becomes_free_wakes_a_worker(ready: Dispatcher) -> None:
    """The end of a run, which makes room in its pool, lets the next one begin."""
    ready.call(op.WORK_POOLS_UPDATE, WorkPoolChanges(POOL, concurrency_limit=1))
    first, second = runs(ready, deployment(ready), 2)
    claim(ready)

    async def scene() -> None:
        async with waiting_room(ready) as room:
            asked = ask(room, running=[LeaseClaim(first, 1)])
            await room.settled(1)
            await asyncio.to_thread(ready.call, op.FLOW_RUNS_START, StartFlowRun(first, OWNER, attempt=1))
            await asyncio.to_thread(ready.call, op.FLOW_RUNS_PROPOSE, proposal(first, "COMPLETED"))
            assert claimed_ids(await asked) == [second]

    asyncio.run(scene())


def test_a_cancellation_is_told_at_once_and_once(ready: Dispatcher) -> None:
    """A waiting worker learns that what it holds is to be cancelled, also one that takes nothing; then it may wait again."""
    made = run(ready, deployment(ready))
    claim(ready)
    held = [LeaseClaim(made, 1)]

    async def scene() -> None:
        async with waiting_room(ready) as room:
            asked = ask(room, running=held, limit=0)
            await room.settled(1)
            cancelling = proposal(made, "CANCELLING", attempt=None)
            await asyncio.to_thread(ready.call, op.FLOW_RUNS_PROPOSE, cancelling)
            assert (await asked).cancel == held
            again = ask(room, running=held)
            await room.settled(1)
            assert not again.done()
            other = await asyncio.to_thread(run, ready, deployment(ready, "other"))
            told = await again
            assert (claimed_ids(told), told.cancel) == ([other], held)

    asyncio.run(scene())


def test_who_asks_anew_waits_no_more_for_what_it_asked(ready: Dispatcher) -> None:
    """A worker waits for one answer: what it asked before is answered with nothing."""

    async def scene() -> None:
        async with waiting_room(ready) as room:
            asked = ask(room)
            await room.settled(1)
            again = ask(room, limit=0)
            assert await asked == Claimed()
            assert await ask(room, limit=0, wait_seconds=0) == Claimed()
            assert await again == Claimed()

    asyncio.run(scene())


def test_a_worker_that_drains_is_answered(ready: Dispatcher) -> None:
    """A worker that says that it takes nothing more is answered, if need be by a look; it may wait for cancellations."""

    async def scene() -> None:
        async with waiting_room(ready) as room:
            asked = ask(room)
            await room.settled(1)
            await asyncio.to_thread(worker, ready, draining=True)  # another server may have heard it: the look tells
            assert await asked == Claimed()
            hearing = ask(room, limit=0)
            await room.settled(1)
            assert not hearing.done()

    asyncio.run(scene())


def test_what_is_claimed_for_who_has_gone_is_handed_back(ready: Dispatcher) -> None:
    """A worker that goes away while runs are claimed for it leaves nothing Pending."""

    async def scene() -> None:
        its = deployment(ready)
        async with waiting_room(ready) as room:
            asked = ask(room)
            await room.settled(1)
            serving, original = asyncio.Event(), room._claim

            async def claims_slowly(*arguments: Any) -> Claimed:
                serving.set()
                claimed = await original(*arguments)
                asked.cancel()
                return claimed

            room._claim = claims_slowly  # type: ignore[method-assign]
            made = await asyncio.to_thread(run, ready, its)
            await serving.wait()
            with pytest.raises(asyncio.CancelledError):
                await asked
            await room.handed_back.wait()
            assert state_names(ready, made) == ["Scheduled", "Pending", "Scheduled"]

    asyncio.run(scene())


def test_what_is_wrong_is_said_at_once(ready: Dispatcher) -> None:
    """Who is not known, asks for nonsense, or whose pool is deleted while it waits, is told so."""

    async def scene() -> None:
        async with waiting_room(ready) as room:
            with pytest.raises(ObjectNotFound, match="heartbeat"):
                await ask(room, "nobody")
            with pytest.raises(InvalidRequest):
                await ask(room, limit=101)
            asked = ask(room)
            await room.settled(1)
            await asyncio.to_thread(ready.call, op.WORK_POOLS_DELETE, WorkPoolByName(POOL))
            with pytest.raises(ObjectNotFound, match="was deleted"):
                await asked

    asyncio.run(scene())


def test_the_end_of_the_server_sends_all_away(ready: Dispatcher) -> None:
    """Nobody holds up a server that ends; who comes late is not kept."""

    async def scene() -> None:
        async with waiting_room(ready) as room:
            asked = [ask(room) for _ in range(20)]
            await room.settled(20)
            room.close()
            assert await asyncio.gather(*asked) == [Claimed()] * 20
            assert await ask(room) == Claimed()

    asyncio.run(scene())


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_many_wait_without_threads(ready: Dispatcher, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """So many workers wait in a handful of threads; one more than may is sent back."""
    monkeypatch.setattr(polls, "MOST_WAITERS", count)
    names = workers(ready, count)

    async def scene() -> None:
        its = deployment(ready)
        async with waiting_room(ready) as room:
            asked = [ask(room, name, limit=1) for name in names]
            await room.until(lambda: room.count == count)
            assert threading.active_count() < 30
            with pytest.raises(TooManyWaiting):
                await ask(room)
            made = await asyncio.to_thread(run, ready, its)
            done, rest = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            assert [claimed_ids(one.result()) for one in done] == [[made]]
            room.close()
            await asyncio.gather(*rest)

    asyncio.run(scene())


def test_who_asks_anew_is_not_waited_for(server: Dispatcher) -> None:
    """What a worker asked while it had no room is answered when it asks again: a busy worker leaves no requests behind."""
    pool(server), deployment(server), worker(server)

    async def ask() -> Claimed:
        async with waiting_room(server) as room:
            full = asyncio.create_task(room.claim(ClaimRuns(WORKER, limit=0, wait_seconds=LONG), LOCAL_ADMINISTRATOR))
            await room.settled(1)
            again = asyncio.create_task(room.claim(ClaimRuns(WORKER, limit=1, wait_seconds=LONG), LOCAL_ADMINISTRATOR))
            answer = await full
            again.cancel()
            return answer

    assert asyncio.run(ask()) == Claimed()
