"""The record of this process's runs: flow runs are negotiated at once, task runs and log lines go by the journal."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

from penstock import settings
from penstock.client.transport import call, current_transport, reports_to_server
from penstock.core import clock
from penstock.core.errors import (
    ObjectAlreadyExists,
    ObjectNotFound,
    PenstockException,
    StaleAttempt,
    StorageCorrupt,
    StorageError,
    StorageReadOnly,
    StorageTooNew,
)
from penstock.reporting.heartbeat import Heartbeat
from penstock.reporting.journal import Journal
from penstock.reporting.reporter import Reporter

if TYPE_CHECKING:
    from penstock.reporting.backlog import Backlog
    from penstock.settings import Settings
    from penstock.wire.events import Event
    from penstock.wire.flow_runs import FlowRun, FlowRunCreate, StateProposal, Verdict
    from penstock.wire.logs import LogRecord
    from penstock.wire.task_runs import TaskRun


_FOR_GOOD = (StorageCorrupt, StorageReadOnly, StorageTooNew)
"""After these nothing more is recorded by this process; all else may pass."""


class Recorder:
    """Reports runs to the server.

    Where something can't be recorded, it says so once and the runs go on: their work is worth more than the record of it.

    Attributes:
        journal: what is not shipped yet.
        heartbeat: keeps the leases of this process alive.
        lost: flow runs that this process no longer holds: another attempt has taken them over.
        enders: what ends this process, by the flow run it was started for: called where that run is lost.
    """

    def __init__(self) -> None:
        current = settings.current()
        self._settings = current.recording
        self._complaints: set[str] = set()
        self.lost: set[UUID] = set()
        self.enders: dict[UUID, Callable[[], None]] = {}
        self._ending: set[UUID] = set()
        self._unsettled: dict[UUID, StateProposal] = {}
        self.journal = Journal(self._settings.journal_limit, self._settings.shutdown_timeout_seconds)
        self._backlog = self._made_backlog(current) if reports_to_server() else None
        # On this machine a lock says that the process lives, whenever its leases end.
        self.heartbeat = Heartbeat(
            current, self._lost, self._refused, self._cancelling, fences=self._backlog is not None
        )
        self._reporter = Reporter(
            self.journal, current, self.heartbeat, self._lost, self._refused, self._settle, self._backlog
        )
        if not self._settings.enabled:
            self.journal.close()

    def _made_backlog(self, current: Settings) -> Backlog:
        from penstock.reporting.backlog import Backlog
        from penstock.reporting.standard_streams import fill_closed_streams

        fill_closed_streams()
        return Backlog(current, self._lost, self._begun, self._ended, self._refused)

    def _begun(self, flow_run_id: UUID) -> None:
        self.heartbeat.note_known(flow_run_id)

    def _ended(self, flow_run_id: UUID) -> None:
        self.heartbeat.let_go(flow_run_id)

    def begin(self, create: FlowRunCreate) -> FlowRun | None:
        """Create and start a flow run.

        Returns:
            The run; an earlier one, which is not started by this, where it has the same idempotency key. None where it
            can't be recorded, now or later.
        """
        from penstock.wire.operations import FLOW_RUNS_CREATE

        if self.journal.closed:
            return None
        asked = clock.current().elapsed()
        try:
            run = self._reporter.carry(FLOW_RUNS_CREATE, create)
        except Exception as error:
            self._refused(error)
            return None
        known = run is not None
        if run is None:
            from penstock.reporting.begun import begun_without_server

            run = begun_without_server(create)
        if run.id == create.id:
            self._hold(run.id, run.attempt, asked, known=known)
        return run

    def restart(
        self,
        flow_run_id: UUID,
        attempt: int | None = None,
        *,
        recoveries: int | None = None,
        retries: int | None = None,
        anew: bool | UUID = False,
    ) -> FlowRun:
        """Start an existing flow run, or start it again, and return it with its attempt.

        Parameters:
            flow_run_id: the run.
            attempt: under which a worker claimed it for this process; by default a new one is asked for.
            recoveries: how many times it is put back when it crashes; by default as it was made.
            retries: how many times it is retried when it fails; by default as it was made.
            anew: whether it is carried out from the start, or the task run that it is carried out from.

        Raises:
            RequestError: there is no such run, or it may not be started.
        """
        from penstock.client.owner import owner_id
        from penstock.core.ids import uuid7
        from penstock.wire.flow_runs import Decision
        from penstock.wire.operations import FLOW_RUNS_READ, FLOW_RUNS_START
        from penstock.wire.requests import ById, StartFlowRun

        asked = clock.current().elapsed()
        key = uuid7().hex  # the answer may be lost: then it is asked for again, not for another attempt
        from_task_run_id = anew if isinstance(anew, UUID) else None
        lease_seconds, from_start = self._settings.lease_seconds, anew is True
        start = StartFlowRun(
            flow_run_id, owner_id(), lease_seconds, key, attempt, recoveries, retries, from_start, from_task_run_id
        )
        verdict = call(FLOW_RUNS_START, start)
        if verdict.decision is not Decision.ACCEPT:
            raise ObjectAlreadyExists(f"Flow run {flow_run_id} can't be started by this process. {verdict.reason}")
        self._hold(flow_run_id, verdict.attempt, asked, known=True)
        return call(FLOW_RUNS_READ, ById(flow_run_id))

    def _hold(self, flow_run_id: UUID, attempt: int, asked: float, *, known: bool) -> None:
        self.lost.discard(flow_run_id)
        self.heartbeat.hold(flow_run_id, attempt, asked, known=known)
        self._reporter.start()

    def propose(self, flow_run_id: UUID, proposal: StateProposal) -> Verdict | None:
        """Propose a state for a flow run once all that came before it is committed.

        Returns:
            The verdict, or None where the state can't be recorded, so that the process decides for itself.

        Raises:
            StaleAttempt: another attempt has taken the run over.
        """
        from penstock.wire.operations import FLOW_RUNS_PROPOSE
        from penstock.wire.requests import Propose

        lease = self.heartbeat.leases.get(flow_run_id)
        if lease is None or self.journal.closed:
            return None
        self._reporter.ship()
        # Said beforehand: a heartbeat must not find the run ended by this, and take it for lost.
        lease.ending = proposal.lets_go
        try:
            verdict = self._reporter.carry(FLOW_RUNS_PROPOSE, Propose(flow_run_id, proposal))
        except StaleAttempt:
            self.heartbeat.let_go(flow_run_id)
            raise
        except StorageError as error:
            self._refused(error)
            self._unsettled[flow_run_id] = proposal
            self.journal.filled.set()
            return None
        except Exception as error:
            self.heartbeat.let_go(flow_run_id)
            if isinstance(error, ObjectNotFound):
                error = ObjectNotFound(f"Flow run {flow_run_id} was deleted while it ran.")
            self._refused(error)
            return None
        self._unsettled.pop(flow_run_id, None)
        if verdict is not None and lease.ending:
            self._note_let_go(flow_run_id, proposal, verdict)
        return verdict

    def _note_let_go(self, flow_run_id: UUID, proposal: StateProposal, verdict: Verdict) -> None:
        from penstock.wire.flow_runs import Decision

        if proposal.state.type.is_terminal or verdict.decision is Decision.ACCEPT:
            self.heartbeat.let_go(flow_run_id)
        else:  # it may not be suspended: it is being cancelled
            self.heartbeat.leases[flow_run_id].ending = False

    def _lost(self, flow_run_id: UUID) -> None:
        """Have nothing more of a flow run recorded; end this process if it was started for that run."""
        self.lost.add(flow_run_id)
        ender = self.enders.get(flow_run_id)
        if ender is None:
            return
        from penstock.wire.operations import FLOW_RUNS_READ
        from penstock.wire.requests import ById

        try:
            run = call(FLOW_RUNS_READ, ById(flow_run_id))
        except PenstockException:
            return  # only its record is gone: its work goes on
        self._say(
            f"Flow run {run.name!r} is no longer this process's, which stops. {run.state.message or run.state.name}"
        )
        ender()

    def _cancelling(self, flow_run_id: UUID) -> None:
        """End this process if it was started for a flow run that is being cancelled: the run says so itself."""
        ender = self.enders.get(flow_run_id)
        if ender is not None and flow_run_id not in self._ending:
            self._ending.add(flow_run_id)
            ender()

    def is_being_cancelled(self, flow_run_id: UUID) -> bool:
        """Whether somebody has asked for a flow run of this process to be cancelled; False where that can't be known."""
        from penstock.core.state_type import StateType
        from penstock.wire.operations import FLOW_RUNS_READ
        from penstock.wire.requests import ById

        if flow_run_id not in self.heartbeat.leases or self.journal.closed:
            return False
        try:
            return call(FLOW_RUNS_READ, ById(flow_run_id)).state.type is StateType.CANCELLING
        except PenstockException:
            return False

    def _settle(self) -> None:
        """Propose again what could not be recorded before."""
        for flow_run_id, proposal in list(self._unsettled.items()):
            if self._unsettled.get(flow_run_id) is proposal:
                with suppress(StaleAttempt):
                    self.propose(flow_run_id, proposal)

    def record(self, task_run: TaskRun) -> None:
        """Note that `task_run` has grown."""
        if self.journal.closed:
            return
        self.journal.record(task_run)
        if self._reporter._thread is None:
            self._reporter.start()

    def log(self, line: LogRecord) -> None:
        """Keep a log line of a run."""
        if self.journal.closed:
            return
        self.journal.log(line)
        self._reporter.start()

    def emit(self, event: Event) -> None:
        """Keep an event that the program tells."""
        if self.journal.closed:
            return
        self.journal.tell(event)
        self._reporter.start()

    def flush(self) -> bool:
        """Ship all there is, in this thread; whether all of it is committed."""
        return self.journal.closed or self._reporter.ship()

    def close(self, *, hands_over: bool = False) -> None:
        """Ship what is left, stop the threads and say what could not be recorded.

        Parameters:
            hands_over: whether this process ends: then it may leave another one behind that sends what it can't.
        """
        self._reporter.stop()
        if self._backlog:
            self._reporter.send_backlog(self._settings.shutdown_timeout_seconds)
        self.flush()
        self._settle()
        self._close_backlog(hands_over)
        self.heartbeat.stop()
        lost = self._reporter.unshipped + self._reporter.refused + self.journal.dropped_task_runs
        for what, count in (("events", self.journal.dropped_events), ("log lines", self.journal.dropped_logs)):
            if count and self._settings.enabled:
                self._say(f"{count} {what} of this process came too fast, and are not recorded.")
        if lost and self._settings.enabled:
            self._say(f"{lost} task runs, log lines and events of this process are not recorded.")
        if self._unsettled:
            self._say(f"The end of {len(self._unsettled)} flow run(s) of this process is not recorded.")

    def _close_backlog(self, hands_over: bool) -> None:
        backlog = self._backlog
        if backlog is None:
            return
        self.journal.dropped_logs += backlog.dropped_logs
        left = bool(backlog)
        if left:
            from penstock.client.owner import owner_id

            backlog.name_leases(owner_id(), self.heartbeat.leases.copy(), self._settings.lease_seconds)
        else:
            backlog.send_what_others_left(threading.Event())
        backlog.close()
        if left:
            self._say(
                f"The server did not answer until the end. What it is yet to be told is kept in {backlog.path}: "
                f"{self._who_sends(hands_over)}the next program that reports to it sends it."
            )

    def _who_sends(self, hands_over: bool) -> str:
        seconds = self._settings.hand_over_seconds
        if not hands_over or seconds <= 0:
            return ""
        from penstock.reporting.sender import leave_sender

        if not leave_sender(settings.current()):
            return ""
        return f"a process that is left behind tries for {seconds:g} s (PENSTOCK_RECORDING_HAND_OVER_SECONDS), then "

    def _refused(self, error: Exception) -> None:
        if isinstance(error, _FOR_GOOD) and self._backlog is None:
            self.journal.close()
        kind = type(error).__name__
        if kind in self._complaints:
            return
        self._complaints.add(kind)
        what = str(error) if isinstance(error, PenstockException) else f"The record failed with {kind}: {error}."
        if isinstance(error, StorageError) and self._backlog is not None:
            self._say(f"{what} Runs go on; what they do is kept in {self._backlog.path} until it answers.")
        elif isinstance(error, StorageError):
            self._say(f"{what} Runs go on; they are not recorded while this lasts.")
        else:
            self._say(f"{what} It goes on; that is not recorded.")

    def _say(self, message: str) -> None:
        # Not by logging: its lines go to the record, which is what is out of order.
        if sys.stderr is not None:
            try:
                sys.stderr.write(f"penstock: {message}\n")
            except (OSError, ValueError):
                pass


_recorder: Recorder | None = None
_recorder_lock = threading.Lock()
_closing_arranged = False


def current_recorder() -> Recorder:
    """Return the recorder of this process, made when it is first asked for."""
    global _recorder
    recorder = _recorder
    if recorder is None:
        with _recorder_lock:
            if _recorder is None:
                _recorder = Recorder()
                _arrange_closing()
            recorder = _recorder
    return recorder


def use_recorder(recorder: Recorder | None) -> Recorder | None:
    """Put `recorder` in use for the whole process, or None to make it anew; return the one it replaces."""
    global _recorder
    replaced, _recorder = _recorder, recorder
    return replaced


def _arrange_closing() -> None:
    global _closing_arranged
    if not _closing_arranged:
        # What is registered last runs first: the transport must still be open when the last records are shipped.
        current_transport()
        atexit.register(_close_at_exit)
        _closing_arranged = True


def _close_at_exit() -> None:
    if _recorder is not None:
        _recorder.close(hands_over=True)


def _forget_after_fork() -> None:
    global _recorder, _recorder_lock
    _recorder, _recorder_lock = None, threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_after_fork)
