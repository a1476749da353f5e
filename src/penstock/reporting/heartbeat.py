"""The thread that renews the leases of this process, and finds out which runs it no longer holds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING
from uuid import UUID

from penstock.core import clock
from penstock.core.errors import PenstockException, StorageBusy, StorageFull

if TYPE_CHECKING:
    from penstock.settings import Settings
    from penstock.wire.requests import LeaseClaim

FENCED_AT = 2 / 3
"""Which part of a lease may pass without a word from the server before its end is reckoned with."""

_PATIENCE_SECONDS = 5.0
"""How long a task waits to be told whether its flow run is still this process's. A server that is away stops no flow."""

_LEAVING_SECONDS = 1.0


class Lease:
    """The right of this process to carry on one flow run.

    Attributes:
        attempt: under which attempt.
        known: whether the server was told of the run: else it can't know of a lease.
        ending: whether the end of the run is on its way: then the answer to that tells what became of it.
    """

    __slots__ = ("attempt", "ending", "known")

    def __init__(self, attempt: int, known: bool) -> None:
        self.attempt = attempt
        self.known = known
        self.ending = False


class Heartbeat:
    """Renews leases from a thread of its own, which nothing that is shipped keeps waiting.

    Once two thirds of a lease have passed without an answer, by the clock of this process, it is fenced: its runs go on,
    but it no longer takes for granted that they are its own. Before anything more of them is sent, the server is asked.

    Parameters:
        settings: intervals, as in `settings.recording`.
        on_lost: called with a flow run's id when this process no longer holds it.
        on_refused: called with an error when leases can't be renewed.
        on_cancelling: called with a flow run's id when somebody asks for it to be cancelled; each time that is heard.
        fences: whether a lease is all that tells others that this process lives.

    Attributes:
        leases: the flow runs this process carries on.
        alone: whether it also runs tasks outside of flows, whose only sign of life this is.
        overdue_from: when, by the process's clock, no task may begin before it was looked whose its flow run is: no
            heartbeat came for so long that this process must have slept.
    """

    def __init__(
        self,
        settings: Settings,
        on_lost: Callable[[UUID], None],
        on_refused: Callable[[Exception], None],
        on_cancelling: Callable[[UUID], None],
        *,
        fences: bool,
    ) -> None:
        self.leases: dict[UUID, Lease] = {}
        self.alone = False
        self.overdue_from = inf
        self._interval_seconds = settings.recording.heartbeat_seconds
        self._lease_seconds = settings.recording.lease_seconds
        self._sure_seconds = FENCED_AT * settings.recording.lease_seconds
        self._on_lost = on_lost
        self._on_refused = on_refused
        self._on_cancelling = on_cancelling
        self._fences = fences
        self._fenced_from = inf
        self._beating = threading.Lock()
        self._starting = threading.Lock()
        self._heard = threading.Condition()
        self._last_asked = -inf
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def hold(self, flow_run_id: UUID, attempt: int, since: float, *, known: bool) -> None:
        """Renew the lease of an attempt from now on.

        Parameters:
            flow_run_id: the flow run.
            attempt: the attempt.
            since: when it was asked for, by the process's clock.
            known: whether the server knows of it.
        """
        self.leases[flow_run_id] = Lease(attempt, known)
        if known:
            self._reckon_from(since)
        self.start()

    def note_known(self, flow_run_id: UUID) -> None:
        """Note that the server was told of a flow run's beginning."""
        lease = self.leases.get(flow_run_id)
        if lease is not None:
            lease.known = True
            self._reckon_from(clock.current().elapsed())

    def let_go(self, flow_run_id: UUID) -> None:
        """Renew the lease of a flow run no more."""
        self.leases.pop(flow_run_id, None)

    def start(self) -> None:
        """Start the thread, once. Where the system has no room for one, leases end unless somebody calls `beat`."""
        if self._thread is not None:
            return
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="penstock-heartbeat", daemon=True)
                with suppress(RuntimeError):
                    thread.start()
                    self._thread = thread

    def stop(self) -> None:
        """Stop the thread. An answer that it waits for is not waited for."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_LEAVING_SECONDS)

    def beat(self) -> bool:
        """Renew all leases now; whether there was an answer, or nothing to ask."""
        with self._beating:
            return self._renew()

    def in_touch(self) -> bool:
        """Whether something may be sent: this process is not fenced, or the server has just said which runs it holds."""
        if self._is_sure():
            return True
        with self._beating:
            return self._is_sure() or self._renew()

    def _is_sure(self) -> bool:
        return clock.current().elapsed() < self._fenced_from

    def await_news(self) -> None:
        """Wait until the server has said which runs this process holds, or does not answer; at the most for a moment.

        To be called where `overdue_from` has passed.
        """
        asked_from = clock.current().elapsed()
        with self._heard:
            if asked_from < self.overdue_from or self._thread is None:
                return
            self._wake.set()
            if not self._heard.wait_for(lambda: self._last_asked >= asked_from, _PATIENCE_SECONDS):
                self.overdue_from = asked_from + self._sure_seconds  # the server is away, and runs go on

    def _reckon_from(self, asked: float) -> None:
        """Note that the server knew of the leases at this moment, where nothing is known of a later one."""
        if self._fences and self._fenced_from == inf:
            self._fenced_from = self.overdue_from = asked + self._sure_seconds

    def _run(self) -> None:
        due = clock.current().elapsed() + self._interval_seconds
        while True:
            self._wake.wait(max(0.0, due - clock.current().elapsed()))
            self._wake.clear()
            if self._stop.is_set():
                return
            due = clock.current().elapsed() + self._interval_seconds
            try:
                self.beat()
            except Exception as error:
                # Whatever it is, the next heartbeat must come.
                self._on_refused(error)

    def _renew(self) -> bool:
        asked = clock.current().elapsed()
        claims = self._claims()
        heard = self._ask(claims) if claims or self.alone else True
        with self._heard:
            if heard:
                self._fenced_from = asked + self._sure_seconds if claims and self._fences else inf
                self.overdue_from = self._fenced_from
            elif self._fenced_from != inf:
                self.overdue_from = clock.current().elapsed() + self._sure_seconds
            self._last_asked = asked
            self._heard.notify_all()
        return heard

    def _claims(self) -> list[LeaseClaim]:
        from penstock.wire.requests import LeaseClaim

        held = self.leases.copy().items()
        return [LeaseClaim(flow_run_id, lease.attempt) for flow_run_id, lease in held if lease.known]

    def _ask(self, claims: list[LeaseClaim]) -> bool:
        from penstock.client.owner import owner_id
        from penstock.client.transport import call
        from penstock.wire.operations import FLOW_RUNS_RENEW
        from penstock.wire.requests import RenewLeases

        try:
            renewed = call(FLOW_RUNS_RENEW, RenewLeases(owner_id(), claims, self._lease_seconds, self.alone))
        except (StorageFull, StorageBusy):
            return False
        except PenstockException as error:
            self._on_refused(error)
            return False
        for claim in renewed.lost:
            lease = self.leases.get(claim.flow_run_id)
            if lease is not None and lease.attempt == claim.attempt and not lease.ending:
                self._on_lost(claim.flow_run_id)
        for claim in renewed.cancelling:
            self._on_cancelling(claim.flow_run_id)
        return True
