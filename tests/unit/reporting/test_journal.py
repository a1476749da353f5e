"""The journal keeps what is not yet shipped, once each, in order and within its bound."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.reporting.journal import Journal
from penstock.wire.logs import LogRecord
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def task_run(name: str = "load") -> TaskRun:
    return TaskRun(uuid7(), "etl.load", "load", name, [StateRecord(StateType.PENDING, "Pending", NOW)])


def line(message: str) -> LogRecord:
    return LogRecord(NOW, 20, "penstock.flow_runs", message)


def test_a_task_run_that_grows_twice_is_kept_once() -> None:
    """Between two shipments a task run travels once, with all its states."""
    journal = Journal(limit=10, patience_seconds=0)
    run = task_run()
    journal.record(run)
    run.states.append(StateRecord(StateType.RUNNING, "Running", NOW))
    journal.record(run)
    assert journal.take(10) == ([run], [])
    assert len(journal) == 0


def test_entries_come_out_oldest_first_and_no_more_than_asked_for() -> None:
    """A batch holds the oldest entries of each kind."""
    journal = Journal(limit=10, patience_seconds=0)
    runs = [task_run(str(number)) for number in range(3)]
    for run in runs:
        journal.record(run)
        journal.log(line(run.name))
    assert journal.take(2) == (runs[:2], [line("0"), line("1")])
    assert journal.take(2) == (runs[2:], [line("2")])


def test_nobody_is_told_of_an_entry_that_is_not_there_yet() -> None:
    """Who ships clears the flag and looks: an entry that came between its flag and itself would wait for ever."""
    journal = Journal(limit=10, patience_seconds=0)
    found: list[int] = []

    class Flag(threading.Event):
        def set(self) -> None:
            found.append(len(journal))
            super().set()

    journal.filled = Flag()
    journal.record(task_run())
    journal.log(line("one"))
    journal.take(10)
    journal.log(line("two"))
    journal.record(task_run())
    assert found == [1, 2, 1, 2]


def test_a_full_journal_makes_the_recorder_wait_until_there_is_room() -> None:
    """Back-pressure: nothing is dropped while somebody ships."""
    journal = Journal(limit=1, patience_seconds=30)
    first, second = task_run("first"), task_run("second")
    journal.record(first)
    recorder = threading.Thread(target=journal.record, args=(second,))
    recorder.start()
    taken: list[TaskRun] = []
    while len(taken) < 2:
        journal.filled.wait(10)
        taken += journal.take(1)[0]
    recorder.join(10)
    assert taken == [first, second]
    assert journal.dropped_task_runs == 0


def test_work_goes_on_when_nobody_ships_for_too_long() -> None:
    """A task run that found no room in time goes on unrecorded, and is counted."""
    journal = Journal(limit=1, patience_seconds=0)
    journal.record(task_run("first"))
    journal.record(task_run("second"))
    assert journal.dropped_task_runs == 1


def test_log_lines_past_the_bound_are_dropped_and_counted() -> None:
    """Logs are worth less than states: they never make a run wait."""
    journal = Journal(limit=2, patience_seconds=30)
    for number in range(5):
        journal.log(line(str(number)))
    assert journal.take(10)[1] == [line("0"), line("1")]
    assert journal.dropped_logs == 3


def test_a_closed_journal_takes_nothing_and_lets_waiters_go() -> None:
    """Where nothing can be recorded any more, nobody waits for room."""
    journal = Journal(limit=1, patience_seconds=30)
    journal.record(task_run("first"))
    waiting = threading.Thread(target=journal.record, args=(task_run("second"),))
    waiting.start()
    journal.close()
    waiting.join(10)
    journal.record(task_run("third"))
    assert not waiting.is_alive()
    assert len(journal) == 0
    assert journal.dropped_task_runs >= 2
