"""The one thread that ships the journal."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from penstock.core import clock
from penstock.core.errors import StorageError, StorageFull, Unauthorized
from penstock.core.ids import uuid7

if TYPE_CHECKING:
    from penstock.reporting.backlog import Backlog
    from penstock.reporting.heartbeat import Heartbeat
    from penstock.reporting.journal import Journal
    from penstock.settings import Settings
    from penstock.wire.events import Event
    from penstock.wire.logs import LogRecord
    from penstock.wire.operations import Operation
    from penstock.wire.requests import JournalBatch
    from penstock.wire.task_runs import TaskRun

T = TypeVar("T")

_PAUSE_SECONDS = 1.0
"""How long to wait before what was refused is tried again."""


class Reporter:
    """Ships a journal to the server, in batches.

    Parameters:
        journal: what to ship.
        settings: intervals and bounds, as in `settings.recording`.
        heartbeat: tells whether something may be sent.
        on_lost: called with a flow run's id when this process no longer holds it.
        on_refused: called with an error when something can't be recorded, each time.
        on_shipped: called when all that there was has been shipped.
        backlog: where what can't be shipped is kept meanwhile; without one it stays in memory.

    Attributes:
        refused: how many entries were left out, because the server can't take them.
    """

    def __init__(
        self,
        journal: Journal,
        settings: Settings,
        heartbeat: Heartbeat,
        on_lost: Callable[[UUID], None],
        on_refused: Callable[[Exception], None],
        on_shipped: Callable[[], None],
        backlog: Backlog | None = None,
    ) -> None:
        self.journal = journal
        self._settings = settings.recording
        self._heartbeat = heartbeat
        self._on_lost = on_lost
        self._on_refused = on_refused
        self._on_shipped = on_shipped
        self._backlog = backlog
        self.refused = 0
        self._batches: deque[JournalBatch] = deque()
        self._events: list[Event] = []
        self._shipping = threading.Lock()
        self._starting = threading.Lock()
        self._name = uuid7().hex
        self._lines = 0
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread, once. Where the system has no room for one, whoever ends a run or the process ships."""
        if self._thread is not None:
            return
        with self._starting:
            if self._thread is None:
                thread = threading.Thread(target=self._report, name="penstock-reporter", daemon=True)
                with suppress(RuntimeError):
                    thread.start()
                    self._thread = thread

    def stop(self) -> None:
        """Stop the thread. What is still in the journal stays there."""
        self._stop.set()
        self.journal.filled.set()
        self.journal.pressed.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(self._settings.shutdown_timeout_seconds)

    @property
    def unshipped(self) -> int:
        """How many entries are not committed yet."""
        return (
            len(self.journal)
            + self.journal.waiting_events
            + len(self._events)
            + sum(len(batch.task_runs) + len(batch.logs) for batch in list(self._batches))
        )

    def ship(self) -> bool:
        """Ship all there is now, in the calling thread; whether all of that is committed.

        What another thread is shipping meanwhile is waited for.
        """
        with self._shipping:
            if self._backlog or (self.unshipped and not self._heartbeat.in_touch()):
                return self._set_aside()
            # What comes meanwhile is for the next time: others may record without end.
            left = self.journal.depth
            while self._batches or left > 0:
                if not self._batches:
                    self._take(min(left, self._settings.batch_limit))
                    left -= self._settings.batch_limit
                if not self._ship_batch(self._batches[0]):
                    return self._set_aside()
            return self._ship_events() or self._set_aside()

    def _ship_events(self) -> bool:
        """Ship the events there are; whether all are committed. Those that are not stay the first."""
        from penstock.client.transport import call
        from penstock.wire.operations import EVENTS_APPEND
        from penstock.wire.requests import EventBatch

        while self._take_events():
            try:
                taken = call(EVENTS_APPEND, EventBatch(self._events))
            except (StorageError, Unauthorized) as error:
                self._on_refused(error)
                return False
            except Exception as error:
                self.refused += len(self._events)
                self._on_refused(error)
            else:
                self.refused += len(taken.refused)
            self._events = []
        return True

    def _take_events(self) -> bool:
        self._events = self._events or self.journal.take_events(self._settings.batch_limit)
        return bool(self._events)

    def carry(self, operation: Operation[Any, T], request: Any) -> T | None:
        """Carry an operation out, or keep it behind all that waits already where the server does not answer.

        Returns:
            The answer; None where it is kept.

        Raises:
            StorageError: it can't be carried out now, nor kept.
            RequestError: the server refused.
        """
        from penstock.client.transport import call

        if self._backlog is None:
            return call(operation, request)
        refusal: StorageError | None = None
        if not self._backlog and self._heartbeat.in_touch():
            try:
                return call(operation, request)
            except StorageError as error:
                refusal = error
                self._on_refused(error)
        with self._shipping:
            self._set_aside()
            if self._batches or not self._backlog.keep(operation, request):
                raise refusal or StorageFull(f"{self._backlog.path} is full: the server has been away for too long.")
        self.start()
        self.journal.filled.set()
        return None

    def _take(self, most: int) -> None:
        self._batches.append(self._batch(*self.journal.take(most)))

    def _set_aside(self) -> bool:
        """Move what can't be shipped into the backlog, as far as there is room; False, as it is not committed by that."""
        from penstock.wire.operations import JOURNAL_APPEND

        while self._backlog is not None and (self._batches or len(self.journal)):
            if not self._batches:
                self._take(self._settings.batch_limit)
            if not self._backlog.keep(JOURNAL_APPEND, self._batches[0]):
                break
            self._batches.popleft()
        self._set_events_aside()
        return False

    def _set_events_aside(self) -> None:
        from penstock.wire.operations import EVENTS_APPEND
        from penstock.wire.requests import EventBatch

        while self._backlog is not None and self._take_events():
            if not self._backlog.keep(EVENTS_APPEND, EventBatch(self._events)):
                break
            self._events = []

    def send_backlog(self, patience_seconds: float) -> bool:
        """Send what was kept, in the calling thread; whether nothing is left of it.

        Parameters:
            patience_seconds: for how long a server that does not answer is tried.
        """
        until = clock.current().monotonic() + patience_seconds
        never = threading.Event()
        while self._backlog:
            if not (self._heartbeat.in_touch() and self._backlog.send(never)) and clock.current().monotonic() > until:
                return False
        return True

    def _batch(self, task_runs: list[TaskRun], logs: list[LogRecord]) -> JournalBatch:
        from penstock.client.owner import owner_id
        from penstock.wire.requests import JournalBatch

        first_line = self._lines
        self._lines += len(logs)
        heartbeat = self._heartbeat
        # On this machine a lock says that the process lives.
        if self._backlog is not None and not heartbeat.alone and any(run.flow_run_id is None for run in task_runs):
            heartbeat.alone = True
            heartbeat.beat()  # at once: from now on it is to be missed where it says nothing more
            heartbeat.start()
        return JournalBatch(owner_id(), self._name, first_line, task_runs, logs)

    def _ship_batch(self, batch: JournalBatch) -> bool:
        """Ship the first batch; whether the next one may follow. Until it is acknowledged it stays the first."""
        from penstock.client.transport import call
        from penstock.wire.operations import JOURNAL_APPEND

        try:
            receipt = call(JOURNAL_APPEND, batch)
        except (StorageError, Unauthorized) as error:
            self._on_refused(error)
            return False
        except Exception as error:
            self._divide(batch, error)
            return True
        self._batches.popleft()
        self.refused += len(receipt.refused) + receipt.refused_lines
        for flow_run_id in receipt.stale:
            self._on_lost(flow_run_id)
        return True

    def _divide(self, batch: JournalBatch, error: Exception) -> None:
        """Put two halves in the place of a batch that the server can't take; leave a single entry out.

        So one entry that makes no sense does not keep the others from being recorded.
        """
        from penstock.reporting.halves import halves_of

        self._batches.popleft()
        halves = halves_of(batch)
        if halves is None:
            self.refused += 1
            self._on_refused(error)
            return
        self._batches.extendleft(reversed(halves))

    def _report(self) -> None:
        try:
            if self._backlog is not None:
                self._backlog.send_what_others_left(self._stop)
        except Exception as error:
            self._on_refused(error)  # what others left is not worth the record of living runs
        while not self._stop.is_set():
            self.journal.filled.wait()
            try:
                self._ship_what_came()
            except Exception as error:
                # Whatever it is, what comes later must be shipped.
                self._on_refused(error)
                self.journal.filled.set()  # what was not shipped is tried again, also where nothing more comes
                self._stop.wait(_PAUSE_SECONDS)

    def _ship_what_came(self) -> None:
        # What comes waits for its company: a commit costs the disk as much as a hundred entries.
        if len(self.journal) < self._settings.batch_limit:
            self.journal.pressed.wait(self._settings.flush_interval_seconds)
        if self._stop.is_set():
            return
        self.journal.filled.clear()
        self.journal.pressed.clear()
        if self._backlog and self._heartbeat.in_touch():
            self._backlog.send(self._stop)
        if self.ship():
            self._on_shipped()
            if len(self.journal):
                self.journal.filled.set()
        else:
            self.journal.filled.set()
            self._stop.wait(_PAUSE_SECONDS)
