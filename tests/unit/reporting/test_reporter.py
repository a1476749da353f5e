"""The reporter ships what is in the journal in few batches, however many entries come while it ships."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from support.requests import flow_run

from penstock import settings
from penstock.client import transport
from penstock.core.clock import now
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.reporting import backlog
from penstock.reporting.backlog import Backlog
from penstock.reporting.heartbeat import Heartbeat
from penstock.reporting.journal import Journal
from penstock.reporting.reporter import Reporter
from penstock.reporting.spool import Spool
from penstock.wire.operations import FLOW_RUNS_CREATE
from penstock.wire.requests import JournalBatch, JournalReceipt
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun


def task_run() -> TaskRun:
    """Return the record of a task run that has just begun."""
    return TaskRun(uuid7(), "shop.load", "load", "load-1", [StateRecord(StateType.PENDING, "Pending", now())])


class Receiver:
    """Takes the batches of a reporter, and does something whenever one comes."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self.meanwhile = meanwhile
        self.batches: list[JournalBatch] = []

    def call(self, operation: Any, request: JournalBatch) -> JournalReceipt:
        """Take a batch."""
        self.batches.append(request)
        self.meanwhile()
        return JournalReceipt()


@pytest.fixture
def journal() -> Journal:
    """A journal that is never full."""
    return Journal(1_000, 0)


def heartbeat() -> Heartbeat:
    """Return a heartbeat that holds nothing."""
    return Heartbeat(settings.current(), print, print, print, fences=True)


def reporter_of(journal: Journal, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Reporter:
    """Return a reporter of `journal` that ships to `receiver`."""
    monkeypatch.setattr(transport, "call", receiver.call)
    return Reporter(journal, settings.current(), heartbeat(), print, print, lambda: None)


def test_what_comes_while_it_ships_waits_for_its_company(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """One round ships one batch, and asks for another round where entries have come meanwhile."""
    receiver = Receiver(lambda: journal.record(task_run()))
    reporter = reporter_of(journal, receiver, monkeypatch)
    journal.record(task_run())
    journal.pressed.set()
    reporter._ship_what_came()
    assert [len(batch.task_runs) for batch in receiver.batches] == [1]
    assert journal.filled.is_set()
    assert len(journal) == 1


def test_whoever_ships_all_does_not_wait_for_what_comes_meanwhile(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that was there is shipped, in as many batches as it takes; others may record without end beside it."""
    receiver = Receiver(lambda: journal.record(task_run()) if len(receiver.batches) < 50 else None)
    monkeypatch.setenv("PENSTOCK_RECORDING_BATCH_LIMIT", "2")
    reporter = reporter_of(journal, receiver, monkeypatch)
    before = [task_run() for _ in range(5)]
    for one in before:
        journal.record(one)
    assert reporter.ship()
    assert [one for batch in receiver.batches for one in batch.task_runs] == before
    assert len(journal) == 3


def test_a_run_goes_on_where_there_is_no_room_for_the_thread(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses to the record is not the run's loss: it is shipped by whoever ends the run."""
    receiver = Receiver(lambda: None)
    reporter = reporter_of(journal, receiver, monkeypatch)
    before = threading.stack_size(2**46)
    try:
        reporter.start()
    finally:
        threading.stack_size(before)
    journal.record(task_run())
    assert reporter.ship()
    assert len(receiver.batches) == 1
    reporter.stop()


def test_a_journal_under_pressure_is_shipped_at_once() -> None:
    """A task that waits for room in the journal does not wait for the next round too."""
    journal = Journal(1, 0)
    journal.record(task_run())
    assert not journal.pressed.is_set()
    journal.record(task_run())
    assert journal.pressed.is_set()


def test_what_others_left_does_not_end_the_thread(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where sending what a dead process left breaks down, what this process records is shipped all the same."""
    shipped = threading.Event()
    receiver = Receiver(shipped.set)

    def break_down(operation: Any, request: Any) -> Any:
        raise RuntimeError("What was left makes no sense.")

    monkeypatch.setattr(transport, "call", receiver.call)
    monkeypatch.setattr(backlog, "call", break_down)
    waiting = Backlog(settings.current(), print, print, print, print)
    left = Spool(waiting.path.parent / "left.spool", 100_000)
    left.append(FLOW_RUNS_CREATE, flow_run())
    left.close()
    reporter = Reporter(journal, settings.current(), heartbeat(), print, lambda error: None, lambda: None, waiting)
    reporter.start()
    journal.record(task_run())
    assert shipped.wait(60)
    reporter.stop()
    waiting.close()
