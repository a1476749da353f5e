"""A worker at work, from its first heartbeat to its last."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import UUID

from penstock.client.transport import Transport, reports_to_server
from penstock.core import clock
from penstock.core.errors import (
    ConfigurationError,
    Forbidden,
    ObjectLimitReached,
    ObjectNotFound,
    PenstockException,
    RequestError,
    ServerError,
    Unauthorized,
)
from penstock.core.ids import uuid7
from penstock.core.version import __version__
from penstock.wire.deploying.work_pools import WorkPool
from penstock.wire.deploying.workers import (
    MOST_CLAIMED_AT_ONCE,
    Claimed,
    ClaimedRun,
    ClaimRuns,
    WorkerById,
    WorkerHeartbeat,
)
from penstock.wire.operations import FLOW_RUNS_CLAIM, WORKERS_DELETE, WORKERS_HEARTBEAT
from penstock.wire.requests import LeaseClaim
from penstock.workers.base import BaseWorker
from penstock.workers.service.carrier import Carrier
from penstock.workers.service.lanes import Lanes
from penstock.workers.service.options import WorkerOptions
from penstock.workers.service.patience import Patience

_log = logging.getLogger("penstock.workers")

CANCEL_GRACE_SECONDS = 30.0
_PASSING = (ObjectNotFound, ObjectLimitReached, ServerError, Unauthorized, Forbidden)
"""Refusals that may pass: a pool that was deleted may be made again, a worker that was forgotten says again who it is, a key
is changed on one side first. What goes on is not to end for them; a worker that is refused when it starts does end."""

_LAST_WAIT_SECONDS = 2.0
"""How long a request may wait once nothing more is claimed: one whose answer is lost does not keep a worker from ending."""

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 10.0


def require_server() -> None:
    """Check that the settings name a server: what schedules runs, and hands them out, is there.

    Raises:
        ConfigurationError: they name none.
    """
    if not reports_to_server():
        raise ConfigurationError(
            "Workers, and programs that serve deployments, need a server, which hands runs out. Start one with "
            "`penstock server start --background`, and set PENSTOCK_API_URL to the address it prints."
        )


class WorkerService:
    """Has a worker claim runs and carry them out until it is asked to end.

    It only calls out: no port is opened. Another start is another worker, with another id.

    Parameters:
        worker: what starts runs.
        options: for whom it works.
        transport: the way to the server.
        on_ready: called once the server knows the worker.

    Attributes:
        id: what the server knows it by.
    """

    def __init__(
        self,
        worker: BaseWorker[Any, Any, Any],
        options: WorkerOptions,
        transport: Transport,
        on_ready: Callable[[], None] | None = None,
    ) -> None:
        self.id = f"{socket.gethostname()}:{os.getpid()}:{uuid7().hex}"
        self._worker = worker
        self._options = options
        self._lanes = Lanes(transport)
        self._on_ready = on_ready
        self._pool: WorkPool | None = None
        self._carriers: dict[UUID, Carrier] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unanswered = 0
        self._is_known = False
        self._draining = asyncio.Event()
        self._stopping = asyncio.Event()
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Work until `drain` or `stop` is called, or a signal asks for it.

        Raises:
            ConfigurationError: the settings name no server, and it is to work for longer than for what is due.
            RequestError: the server refuses this worker: a pool of another type, or of a name that can't be.
        """
        if not self._options.run_once:  # what is due already, the record on this machine hands out too
            require_server()
        await self._worker.setup()
        with self._signals():
            try:
                if not await self._introduce():
                    return
                if self._on_ready is not None:
                    self._on_ready()
                beating = asyncio.create_task(self._beat())
                try:
                    await self._claim_until_drained()
                    if self._draining.is_set():
                        with suppress(PenstockException):
                            await self._heartbeat()  # so that nothing more is claimed for it
                    hearing = asyncio.create_task(self._hear_cancellations())
                    try:
                        await self._wait_for_runs()
                    finally:
                        await _ended(hearing)
                finally:
                    # Its runs keep their leases while they are ended, which may take longer than a lease lasts.
                    await self._stop_runs()
                    await _ended(beating)
            finally:
                if self._unanswered:
                    with suppress(PenstockException):
                        await self._ask(self._wish(0, 0.0))  # the server answers what was asked before
                if self._is_known:
                    with suppress(PenstockException):
                        await self._lanes.claims.call(WORKERS_DELETE, WorkerById(self.id))
                await self._worker.teardown()
                self._lanes.close()

    def drain(self) -> None:
        """Take nothing more; end when what goes on has ended. Asked again, end what goes on."""
        if self._draining.is_set():
            self.stop()
            return
        self._draining.set()
        self._changed.set()

    def stop(self) -> None:
        """Take nothing more, and end what goes on."""
        self._draining.set()
        self._stopping.set()
        self._changed.set()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            with suppress(ValueError, NotImplementedError, RuntimeError):  # not in the main thread
                loop.add_signal_handler(number, self.drain)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                with suppress(ValueError, NotImplementedError, RuntimeError):
                    loop.remove_signal_handler(number)

    async def _introduce(self) -> bool:
        """Make the worker known to the server, as soon as that answers; whether it did before the worker was asked to end."""
        patience = Patience()
        while not self._draining.is_set():
            try:
                await self._heartbeat()
            except PenstockException as error:
                await self._rest(patience.seconds_after(error))
            else:
                self._is_known = True
                return True
        return False

    async def _beat(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._options.heartbeat_seconds):
                    await self._stopping.wait()
            if self._stopping.is_set():
                await clock.current().sleep_async(self._options.heartbeat_seconds)
            try:
                await self._heartbeat()
            except PenstockException as error:
                _log.warning("The server was not told that this worker lives: %s", error)

    async def _heartbeat(self) -> None:
        options = self._options
        orders = await self._lanes.beats.call(
            WORKERS_HEARTBEAT,
            WorkerHeartbeat(
                self.id,
                self._worker.name,
                self._worker.type,
                options.pool_name,
                None if options.deployment_ids is None else list(options.deployment_ids),
                options.heartbeat_seconds,
                options.lease_seconds,
                claims=self._claims(),
                draining=self._draining.is_set(),
                hostname=socket.gethostname(),
                pid=os.getpid(),
                version=__version__,
                base_job_template=self._worker.get_default_base_job_template(),
            ),
        )
        self._pool = orders.pool or self._pool
        await self._obey(orders.cancel, orders.lost)

    def _claims(self) -> list[LeaseClaim]:
        return [carrier.claim for carrier in self._carriers.values()]

    async def _obey(self, cancel: list[LeaseClaim], lost: list[LeaseClaim]) -> None:
        for claims, end in ((cancel, _cancel), (lost, _lose)):
            for claim in claims:
                carrier = self._carriers.get(claim.flow_run_id)
                if carrier is not None and carrier.claim.attempt == claim.attempt:
                    self._do(end(carrier))

    def _do(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _claim_until_drained(self) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        while not self._draining.is_set():
            try:
                claimed = await self._claim()
                pause_seconds = _FIRST_PAUSE_SECONDS
            except PenstockException as error:
                if isinstance(error, RequestError) and not isinstance(error, _PASSING):
                    raise
                _log.warning("No runs can be claimed at present: %s", error)
                await self._rest(pause_seconds)
                if isinstance(error, ObjectNotFound):
                    await self._introduce_again()
                pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)
                continue
            if self._options.run_once and not claimed and not self._carriers:
                return

    async def _hear_cancellations(self) -> None:
        """Ask for nothing more, but for what of it is to be cancelled, as long as runs go on."""
        pause_seconds = _FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._obey((await self._ask(self._wish(0, _LAST_WAIT_SECONDS))).cancel, [])
                pause_seconds = _FIRST_PAUSE_SECONDS
            except PenstockException as error:
                _log.warning("Whether runs are to be cancelled can't be heard at present: %s", error)
                await clock.current().sleep_async(pause_seconds)
                pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)

    async def _ask(self, wish: ClaimRuns) -> Claimed:
        self._unanswered += 1
        try:
            return await self._lanes.claims.call(FLOW_RUNS_CLAIM, wish)
        except asyncio.CancelledError:
            self._unanswered += 1  # nobody waits for it here, but it is answered one day
            raise
        finally:
            self._unanswered -= 1

    async def _introduce_again(self) -> None:
        """Make the worker known to a server that has forgotten it."""
        try:
            await self._heartbeat()
        except PenstockException as error:
            _log.warning("The server was not told that this worker lives: %s", error)

    async def _claim(self) -> bool:
        """Ask for runs once; whether there were any."""
        room, wait_seconds = self._room(), self._wait_seconds()
        self._changed.clear()
        asking = asyncio.create_task(self._ask(self._wish(room, wait_seconds)))
        while not asking.done():
            changed = asyncio.create_task(self._changed.wait())
            await asyncio.wait((asking, changed), return_when=asyncio.FIRST_COMPLETED)
            changed.cancel()
            self._changed.clear()
            has_room = room == 0 and self._room() > 0
            if not asking.done() and (self._draining.is_set() or has_room or self._wait_seconds() < wait_seconds):
                # It is not to be waited for any more; the server answers it once this worker asks anew.
                self._do(self._take_late(asking))
                return False
        answer = asking.result()
        self._begin(answer.runs)
        await self._obey(answer.cancel, [])
        return bool(answer.runs)

    def _room(self) -> int:
        """How many more runs it may carry on."""
        if self._options.limit is None:
            return MOST_CLAIMED_AT_ONCE
        return max(0, min(MOST_CLAIMED_AT_ONCE, self._options.limit - len(self._carriers)))

    def _wait_seconds(self) -> float:
        """For how long the server may wait for runs: to do what is due, for none, once what it had has ended."""
        return 0.0 if self._options.run_once and not self._carriers else self._options.wait_seconds

    def _wish(self, room: int, wait_seconds: float) -> ClaimRuns:
        options = self._options
        return ClaimRuns(
            self.id,
            None if options.queue_names is None else list(options.queue_names),
            room,
            options.lease_seconds,
            wait_seconds,
            self._claims(),
        )

    async def _take_late(self, asking: asyncio.Task[Claimed]) -> None:
        """Take what a request brings that is not waited for any more."""
        with suppress(PenstockException):
            answer = await asking
            self._begin(answer.runs)
            await self._obey(answer.cancel, [])

    def _begin(self, runs: list[ClaimedRun]) -> None:
        for claimed in runs:
            earlier = self._carriers.get(claimed.flow_run.id)
            if earlier is not None:
                if earlier.claim.attempt >= claimed.flow_run.attempt:
                    continue
                self._do(_lose(earlier))  # nobody else would: its claim is no longer among those that are told of
            carrier = Carrier(self._worker, self._lanes.runs, claimed, self._pool, self._options.lease_seconds)
            self._carriers[claimed.flow_run.id] = carrier
            self._do(self._carry(carrier))

    async def _carry(self, carrier: Carrier) -> None:
        try:
            if self._draining.is_set() and await carrier.hand_back("The worker that claimed it is ending."):
                return
            await carrier.carry()
        finally:
            if self._carriers.get(carrier.claim.flow_run_id) is carrier:
                del self._carriers[carrier.claim.flow_run_id]
            self._changed.set()

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._draining.wait()

    async def _wait_for_runs(self) -> None:
        """Wait until what goes on has ended, or time is up for it."""
        until = (
            None if self._options.drain_seconds is None else clock.current().monotonic() + self._options.drain_seconds
        )
        while self._tasks and not self._stopping.is_set():
            left = None if until is None else until - clock.current().monotonic()
            if left is not None and left <= 0:
                break
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait((*self._tasks, stopping), timeout=left, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()

    async def _stop_runs(self) -> None:
        """End what still goes on, so that no run is left behind that nobody watches."""
        self._draining.set()
        await asyncio.gather(*(carrier.stop(CANCEL_GRACE_SECONDS) for carrier in list(self._carriers.values())))
        while self._tasks:
            await asyncio.wait(set(self._tasks))


async def _ended(task: asyncio.Task[None]) -> None:
    """Cancel a task that never ends by itself."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _cancel(carrier: Carrier) -> None:
    await carrier.cancel(CANCEL_GRACE_SECONDS)


async def _lose(carrier: Carrier) -> None:
    await carrier.lose()
