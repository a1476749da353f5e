"""Requests that go on in threads of their own while something else happens, and how long each took."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from server.asking import Asker, Times
from server.questions import Question

from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.wire import operations as op
from penstock.wire.flow_runs import FlowRunCreate, FlowRunStart, StateProposal
from penstock.wire.requests import JournalBatch, Propose
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

OWNER = "watcher:1:bench"
_PAUSE_SECONDS = 0.02
_RECORDS = 20


class Watch:
    """Two clients: one reads, asking every question in turn, the other writes: short flow runs with a few task runs.

    Attributes:
        reading: how long each read took.
        writing: how long each write took.
        slowest: the question whose answer took longest, and how long.
    """

    def __init__(self, url: str, questions: list[Question]) -> None:
        self.reading: Times = []
        self.writing: Times = []
        self.slowest: tuple[float, str] = (0.0, "")
        self._url = url
        self._questions = questions
        self._stop = threading.Event()
        self._errors: list[BaseException] = []

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Have the clients ask while the block lasts.

        Raises:
            RuntimeError: a request failed.
        """
        threads = [threading.Thread(target=self._run, args=(work,)) for work in (self._read, self._write)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()
        if self._errors:
            raise RuntimeError(f"a request failed meanwhile: {self._errors[0]}") from self._errors[0]

    def _run(self, work: Callable[[Asker], None]) -> None:
        asker = Asker(self._url)
        try:
            work(asker)
        except BaseException as error:
            self._errors.append(error)
        finally:
            asker.close()

    def _read(self, asker: Asker) -> None:
        for number in itertools.count():
            for question in self._questions:
                took = asker.seconds(question.operation, question.requests[number % len(question.requests)])
                self.reading.append(took)
                self.slowest = max(self.slowest, (took, question.title))
                if self._stop.wait(_PAUSE_SECONDS):
                    return

    def _write(self, asker: Asker) -> None:
        for number in itertools.count(1):
            create, append, end = small_run(number)
            self.writing.append(asker.calling_seconds(op.FLOW_RUNS_CREATE, create))
            self.writing.append(asker.calling_seconds(op.JOURNAL_APPEND, append))
            self.writing.append(asker.calling_seconds(op.FLOW_RUNS_PROPOSE, end))
            if self._stop.wait(_PAUSE_SECONDS):
                return


def small_run(number: int) -> tuple[FlowRunCreate, JournalBatch, Propose]:
    """Return requests for a flow run that starts now, for a few task runs of it, and for its end."""
    now = datetime.now(UTC)
    pending = StateRecord(StateType.PENDING, "Pending", now)
    run = FlowRunCreate(uuid7(), "bench-small", f"small-{number}", [pending], start=FlowRunStart(OWNER, now))
    batch = JournalBatch(OWNER, OWNER, 0, [completed(run.id, n, now) for n in range(_RECORDS)])
    ended = StateRecord(StateType.COMPLETED, "Completed", now)
    return run, batch, Propose(run.id, StateProposal(ended, attempt=1))


def completed(flow_run_id: object, number: int, now: datetime) -> TaskRun:
    """Return the record of a task run that is over."""
    states = [
        StateRecord(kind, kind.value.capitalize(), now)
        for kind in (StateType.PENDING, StateType.RUNNING, StateType.COMPLETED)
    ]
    return TaskRun(uuid7(), "bench.tasks.work", "work", f"work-{number}", states, flow_run_id, 1, run_count=1)  # type: ignore[arg-type]
