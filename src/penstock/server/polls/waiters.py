"""Workers that wait for runs: none of them takes a thread, and one look at the database serves all.

A hint (`Hints`) wakes the look; so does the instant at which the next run is due. Hints may be lost: it also looks now and
then by itself. Where something is due, runs are claimed for who has waited longest there, one worker after another, as long
as there is more.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from penstock.core.errors import PenstockException, RequestError
from penstock.server.context import Context, Principal
from penstock.server.dispatcher import Dispatcher
from penstock.server.http.lanes import Lanes, TooManyWaiting
from penstock.server.polls.arrivals import Arrivals
from penstock.server.polls.memory import Told
from penstock.server.polls.waiter import Waiter
from penstock.server.services.work.outlook import Outlook, Place, look
from penstock.server.streams.hints import Hints
from penstock.wire.deploying.workers import Claimed, ClaimRuns, HandBack
from penstock.wire.operations import FLOW_RUNS_CLAIM, FLOW_RUNS_HAND_BACK

T = TypeVar("T")

MOST_WAITERS = 12_000
"""The most workers that wait on one server; more are sent back, and ask again."""

POLL_SECONDS = 1.5
"""How often it looks without having been told to, while somebody waits."""

_LEAST_BETWEEN_LOOKS_SECONDS = 0.03
_LEAST_PAUSE_SECONDS = 0.001
_PAUSE_IN_VAIN_SECONDS = 0.1
_FAILED_PAUSE_SECONDS = 1.0
_CLAIMS_AT_ONCE = 4

_log = logging.getLogger("penstock.server")


class Waiters:
    """The workers that wait on one server.

    Parameters:
        server: what carries claims out.
        lanes: the threads in which that is done.
        hints: what wakes it.
        poll_seconds: how often it looks by itself.
    """

    def __init__(self, server: Dispatcher, lanes: Lanes, hints: Hints, poll_seconds: float = POLL_SECONDS) -> None:
        self._server = server
        self._lanes = lanes
        self._hints = hints
        self._poll_seconds = poll_seconds
        self._all: set[Waiter] = set()
        self._late: set[Waiter] = set()
        self._holders: dict[UUID, Waiter] = {}
        self._newest: dict[str, Waiter] = {}
        self._looks = 0
        self._by_place: dict[Place, deque[Waiter]] = {}
        self._in_vain: dict[Place, float] = {}
        self._told = Told()
        self._arriving = 0
        self._arrivals = Arrivals(self._read)
        self._claims = asyncio.Semaphore(_CLAIMS_AT_ONCE)
        self._wake = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._serving: dict[Place, asyncio.Task[None]] = {}
        self._beside: set[asyncio.Task[None]] = set()
        self._follows = False
        self._closed = False

    @property
    def count(self) -> int:
        """How many workers wait."""
        return len(self._all)

    def close(self) -> None:
        """Send everybody away who waits. Call it in the event loop."""
        self._closed = True
        for waiter in list(self._all):
            self._send_away(waiter)
        self._wake.set()

    async def claim(self, request: ClaimRuns, principal: Principal) -> Claimed:
        """Return what a worker gets, as soon as there is something, or its time is over.

        A worker that goes away while it waits is no longer waited for; what was claimed for it meanwhile is handed back.

        Raises:
            TooManyWaiting: as many wait as may.
            Forbidden: the principal may not claim.
            RequestError: the claim was refused.
            StorageError: the database refused.
        """
        if self._arriving + len(self._all) >= MOST_WAITERS:
            raise TooManyWaiting
        self._server.admit(FLOW_RUNS_CLAIM.name, FLOW_RUNS_CLAIM.permission, principal)
        self._release(request.worker_id)
        self._arriving += 1
        try:
            known = await self._arrivals.look_up(request)
            if known.is_owed:
                async with self._claims:
                    return self._noted(request, await self._claim(request, principal))
        finally:
            self._arriving -= 1
        if self._told.is_new(request.worker_id, known.cancel):
            return self._noted(request, Claimed([], known.cancel))
        self._told.note(request.worker_id, known.cancel)
        return self._noted(request, await self._waited_for(Waiter(request, principal, known.place)))

    def _release(self, worker_id: str) -> None:
        """Answer what a worker asked before: it has asked anew, and waits for that no more."""
        earlier = self._newest.pop(worker_id, None)
        if earlier is not None:
            self._send_away(earlier)

    @staticmethod
    def _send_away(waiter: Waiter) -> None:
        """Answer a worker now: with what is being claimed for it, or with nothing."""
        waiter.is_late = True
        if not waiter.is_being_served:
            waiter.tell(Claimed())

    def _noted(self, request: ClaimRuns, claimed: Claimed) -> Claimed:
        if claimed.cancel:
            self._told.note(request.worker_id, claimed.cancel)
        return claimed

    async def _waited_for(self, waiter: Waiter) -> Claimed:
        self._enter(waiter)
        try:
            async with asyncio.timeout(0 if self._closed else waiter.request.wait_seconds):
                return await asyncio.shield(waiter.answer)
        except TimeoutError:
            return await self._last_chance(waiter)
        except asyncio.CancelledError:
            waiter.is_gone = True
            if waiter.answer.done() and waiter.answer.exception() is None:
                self._keep(self._hand_back(waiter, waiter.answer.result()))
            raise
        finally:
            self._leave(waiter)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Have something done beside."""
        task = asyncio.get_running_loop().create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _last_chance(self, waiter: Waiter) -> Claimed:
        """Return what a worker gets whose time is over: what is being claimed for it, or is due at this moment."""
        waiter.is_late = True
        self._late.add(waiter)
        if waiter.request.wait_seconds == 0 and not self._closed and not waiter.answer.done():
            self._wake.set()
            return await asyncio.shield(waiter.answer)
        if waiter.is_being_served or waiter.answer.done():
            return await asyncio.shield(waiter.answer)
        return Claimed()

    def _enter(self, waiter: Waiter) -> None:
        if not self._follows:
            self._follows = True
            self._hints.follow(self._wake.set, lambda: bool(self._all))
        self._all.add(waiter)
        self._release(waiter.request.worker_id)
        self._newest[waiter.request.worker_id] = waiter
        self._holders |= {claim.flow_run_id: waiter for claim in waiter.request.running}
        waiter.entered = self._looks
        if waiter.place is not None:
            self._by_place.setdefault(waiter.place, deque()).append(waiter)
        self._wake.set()
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())

    def _leave(self, waiter: Waiter) -> None:
        self._all.discard(waiter)
        self._late.discard(waiter)
        if self._newest.get(waiter.request.worker_id) is waiter:
            del self._newest[waiter.request.worker_id]
        for claim in waiter.request.running:
            if self._holders.get(claim.flow_run_id) is waiter:
                del self._holders[claim.flow_run_id]
        waiting = self._by_place.get(waiter.place) if waiter.place is not None else None
        if waiting is not None:
            with suppress(ValueError):
                waiting.remove(waiter)
            if not waiting and waiter.place is not None:
                self._by_place.pop(waiter.place, None)
                self._in_vain.pop(waiter.place, None)
        if not self._all:
            self._wake.set()

    async def _look(self) -> None:
        while self._all:
            self._wake.clear()
            self._looks += 1
            outlook = await self._seen(list(self._by_place))
            if outlook is None:
                await asyncio.sleep(_FAILED_PAUSE_SECONDS)
                continue
            self._tell_cancelled(outlook)
            self._tell_draining(outlook)
            for place in outlook.due:
                if place not in self._serving and place in self._by_place and self._pause_of(place) <= 0:
                    task = asyncio.get_running_loop().create_task(self._serve(place))
                    self._serving[place] = task
            self._send_late_away(outlook)
            await self._rest(outlook)
        self._looking = None

    async def _seen(self, places: list[Place]) -> Outlook | None:
        """Return what waits; where that can't be seen, those who would not wait are told."""
        try:
            return await self._read(lambda context: look(places, context))
        except Exception as error:
            self._say(error, "What waits for workers can't be seen at present")
            for waiter in list(self._late):
                waiter.fail(error)
            return None

    async def _rest(self, outlook: Outlook) -> None:
        looked = asyncio.get_running_loop().time()
        waits = [self._poll_seconds]
        waits += [(due - outlook.now).total_seconds() for due in outlook.next_due.values() if due is not None]
        waits += [self._pause_of(place) for place in outlook.due if place in self._in_vain]
        try:
            async with asyncio.timeout(max(_LEAST_PAUSE_SECONDS, min(waits))):
                await self._wake.wait()
        except TimeoutError:
            return
        # What comes close together is looked at once; what comes alone, at once.
        await asyncio.sleep(max(0.0, looked + _LEAST_BETWEEN_LOOKS_SECONDS - asyncio.get_running_loop().time()))

    def _pause_of(self, place: Place) -> float:
        return self._in_vain.get(place, 0.0) - asyncio.get_running_loop().time()

    def _tell_cancelled(self, outlook: Outlook) -> None:
        for waiter in {self._holders[run_id] for run_id in outlook.cancelling if run_id in self._holders}:
            held = waiter.request.running
            cancel = [claim for claim in held if outlook.cancelling.get(claim.flow_run_id) == claim.attempt]
            if not waiter.is_being_served and self._told.is_new(waiter.request.worker_id, cancel):
                waiter.tell(Claimed([], cancel))

    def _tell_draining(self, outlook: Outlook) -> None:
        """Answer those who said meanwhile, maybe to another server, that they take nothing more."""
        for waiter in [self._newest[id_] for id_ in outlook.draining if id_ in self._newest]:
            if waiter.request.limit:
                self._send_away(waiter)

    def _send_late_away(self, outlook: Outlook) -> None:
        """Answer those who would not wait, unless something is due where they ask."""
        for waiter in list(self._late):
            is_due = waiter.place in outlook.due and self._pause_of(waiter.place) <= 0
            if waiter.entered < self._looks and not waiter.is_being_served and not is_due:
                next_due = None if waiter.place is None else outlook.next_due.get(waiter.place)
                waiter.tell(Claimed([], [], next_due))

    async def _serve(self, place: Place) -> None:
        """Claim runs for those who wait at a place, in the order in which they came, as long as there are some."""
        is_first = True
        try:
            while waiting := self._by_place.get(place):
                waiter = waiting.popleft()
                if waiter.answer.done() or waiter.is_gone:
                    continue
                waiter.is_being_served = True
                got = await self._serve_one(waiter, place)
                if got is None:
                    if is_first:  # what is due may not begin yet
                        self._in_vain[place] = asyncio.get_running_loop().time() + _PAUSE_IN_VAIN_SECONDS
                    break
                is_first = False
                if got < waiter.request.limit:
                    break
        finally:
            self._serving.pop(place, None)
            self._wake.set()

    async def _serve_one(self, waiter: Waiter, place: Place) -> int | None:
        """Claim runs for one; return how many it got, or None where nobody gets any."""
        try:
            async with self._claims:
                claimed = await self._claim(waiter.request, waiter.principal)
        except Exception as error:
            waiter.fail(error)
            # What was wrong with this one's request need not be with others'.
            return waiter.request.limit if isinstance(error, RequestError) else None
        finally:
            waiter.is_being_served = False
        if waiter.is_gone:
            await self._hand_back(waiter, claimed)
            return waiter.request.limit
        has_news = claimed.runs or self._told.is_new(waiter.request.worker_id, claimed.cancel)
        if has_news or waiter.is_late or self._closed:
            waiter.tell(claimed)
        else:
            self._by_place.setdefault(place, deque()).appendleft(waiter)
        return len(claimed.runs) or None

    async def _claim(self, request: ClaimRuns, principal: Principal) -> Claimed:
        asked = msgspec.structs.replace(request, wait_seconds=0.0)
        return await self._lanes.writing.run(lambda: self._server.call(FLOW_RUNS_CLAIM, asked, principal))

    async def _hand_back(self, waiter: Waiter, claimed: Claimed) -> None:
        """Give back what was claimed for a worker that has gone away meanwhile."""
        for run in claimed.runs:
            back = HandBack(run.flow_run.id, run.flow_run.attempt, "the worker had gone away when it was claimed")
            try:
                await self._lanes.writing.run(
                    lambda back=back: self._server.call(FLOW_RUNS_HAND_BACK, back, waiter.principal)  # type: ignore[misc]
                )
            except Exception as error:  # its lease ends, and then it is due again
                self._say(error, f"Flow run {back.id} can't be handed back at present")

    async def _read(self, work: Callable[[Context], T]) -> T:
        database = self._server.database
        reading: Awaitable[Any] = self._lanes.reading.run(
            lambda: database.ask(lambda connection: work(Context(connection, database.dialect)))
        )
        answer: T = await reading
        return answer

    @staticmethod
    def _say(error: Exception, what: str) -> None:
        if isinstance(error, (PenstockException, TooManyWaiting)):
            _log.warning("%s: %s", what, error)
        else:
            _log.error("%s.", what, exc_info=error)
