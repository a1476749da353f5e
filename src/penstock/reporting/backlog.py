"""What a server that did not answer is yet to be told: kept on disk, and sent in order once it answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from penstock.client.transport import call
from penstock.core import clock
from penstock.core.errors import RequestError, StaleAttempt, StorageError, Unauthorized
from penstock.core.ids import uuid7
from penstock.reporting.halves import halves_of
from penstock.reporting.heartbeat import Lease
from penstock.reporting.spool import Spool
from penstock.settings import Settings
from penstock.wire.flow_runs import Decision
from penstock.wire.operations import FLOW_RUNS_CREATE, FLOW_RUNS_PROPOSE, FLOW_RUNS_RENEW, JOURNAL_APPEND, Operation
from penstock.wire.requests import JournalBatch, LeaseClaim, RenewLeases

PASSING = (StorageError, Unauthorized)
"""Refusals that may pass: what they met is kept, and sent again."""

_SLICE_SECONDS = 1.0
_SECONDS_FOR_OTHERS = 10.0
"""What this process itself records waits meanwhile."""


class Backlog:
    """A spool, and how what is in it is sent.

    Parameters:
        settings: where the home is, which server is spoken to, and how much may be kept.
        on_lost: called with the id of a flow run that this process no longer holds.
        on_begun: called with the id of a flow run of which the server was told.
        on_ended: called with the id of a flow run whose end is committed.
        on_refused: called with what the server refused for good.
    """

    def __init__(
        self,
        settings: Settings,
        on_lost: Callable[[UUID], None],
        on_begun: Callable[[UUID], None],
        on_ended: Callable[[UUID], None],
        on_refused: Callable[[Exception], None],
    ) -> None:
        self._folder = settings.home / "spool" / sha256((settings.api.url or "").encode()).hexdigest()[:16]
        self._limit = settings.recording.spool_max_bytes
        self._heartbeat_seconds = settings.recording.heartbeat_seconds
        self._on_lost = on_lost
        self._on_begun = on_begun
        self._on_ended = on_ended
        self._on_refused = on_refused
        self._lock = threading.Lock()
        self._spool = Spool(self._folder / f"{uuid7().hex}.spool", self._limit)
        self.dropped_logs = 0

    def __bool__(self) -> bool:
        return bool(self._spool)

    @property
    def folder(self) -> Path:
        """Where the files are of all processes of this home that report to the same server."""
        return self._folder

    @property
    def path(self) -> Path:
        """The file."""
        return self._spool.path

    def keep(self, operation: Operation[Any, Any], request: Any) -> bool:
        """Keep a request until the server answers; whether there was room. Log lines give way to states."""
        with self._lock:
            if operation is JOURNAL_APPEND and request.logs and self._spool.size > self._limit // 2:
                self.dropped_logs += len(request.logs)
                request = replace(request, logs=[])
            return self._spool.append(operation, request)

    def send(self, stop: threading.Event) -> bool:
        """Send what is kept, for a moment at the most; whether nothing is left."""
        return self._send_all(self._spool, stop, clock.current().monotonic() + _SLICE_SECONDS)

    def send_what_others_left(self, stop: threading.Event) -> None:
        """Send what processes that are gone could not send any more."""
        until = clock.current().monotonic() + _SECONDS_FOR_OTHERS
        for spool in self._left_by_others():
            if stop.is_set() or not self._send_left(spool, stop, until):
                return

    def ages_of_left(self) -> list[float]:
        """Return how many seconds ago each file was last written to that a process which is gone left."""
        now = clock.now().timestamp()
        return [now - spool.written_at for spool in self._left_by_others()]

    def _left_by_others(self) -> Iterator[Spool]:
        for path in sorted(self._folder.glob("*.spool")):
            spool = None if path == self._spool.path else Spool.left_behind(path, self._limit)
            if spool is not None:
                try:
                    yield spool
                finally:
                    spool.close()

    def _send_left(self, spool: Spool, stop: threading.Event, until: float) -> bool:
        """Send what is in a file, and keep the leases alive meanwhile of the process that left it, if it named them."""
        last = spool.last()
        if last is None or last[0] is not FLOW_RUNS_RENEW:
            return self._send_all(spool, stop, until)
        while self._send(*last):
            pause = min(until, clock.current().monotonic() + self._heartbeat_seconds)
            if self._send_all(spool, stop, pause):
                return True
            if stop.is_set() or clock.current().monotonic() < pause or pause >= until:
                return False
        return False

    def name_leases(self, owner: str, leases: dict[UUID, Lease], lease_seconds: float) -> None:
        """Keep, as the last of all, which leases this process holds: whoever sends the file keeps them alive meanwhile."""
        claims = [LeaseClaim(flow_run_id, lease.attempt) for flow_run_id, lease in leases.items()]
        if claims:
            self.keep(FLOW_RUNS_RENEW, RenewLeases(owner, claims, lease_seconds))

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._spool.close()

    def _send_all(self, spool: Spool, stop: threading.Event, until: float) -> bool:
        while True:
            with self._lock:
                entry = spool.head()
            if entry is None:
                return True
            if stop.is_set() or clock.current().monotonic() > until:
                return False
            # Not under the lock: whoever has something to keep must not wait for the network.
            if not self._send(*entry):
                return False
            with self._lock:
                spool.drop_head(entry)

    def _send(self, operation: Operation[Any, Any], request: Any) -> bool:
        """Send one request; whether it is done with."""
        try:
            if operation is JOURNAL_APPEND:
                self._send_batch(request)
                return True
            answer = call(operation, request)
        except PASSING as error:
            self._on_refused(error)
            return False
        except StaleAttempt:
            self._on_lost(request.id)
            return True
        except RequestError as error:
            self._on_refused(error)
            return True
        if operation is FLOW_RUNS_PROPOSE:
            self._settle(request, answer)
        elif operation is FLOW_RUNS_CREATE:
            self._on_begun(request.id)
        return True

    def _settle(self, request: Any, verdict: Any) -> None:
        if verdict.decision is not Decision.ACCEPT and verdict.attempt != request.proposal.attempt:
            self._on_lost(request.id)
        if request.proposal.lets_go:
            self._on_ended(request.id)

    def _send_batch(self, batch: JournalBatch) -> None:
        try:
            receipt = call(JOURNAL_APPEND, batch)
        except PASSING:
            raise
        except Exception as error:
            halves = halves_of(batch)
            if halves is None:
                self._on_refused(error)
                return
            for half in halves:
                self._send_batch(half)
            return
        for flow_run_id in receipt.stale:
            self._on_lost(flow_run_id)
