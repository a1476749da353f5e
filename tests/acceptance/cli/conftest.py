"""The command line, run in this process on a record of the test's own that is written through operations."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from penstock.cli.program import run
from penstock.client import transport
from penstock.client.owner import owner_id
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.settings.active import forget
from penstock.wire import operations
from penstock.wire.flow_runs import FlowRun, FlowRunCreate, FlowRunStart, StateProposal
from penstock.wire.logs import LogRecord
from penstock.wire.requests import ById, JournalBatch, Propose
from penstock.wire.states import ErrorRecord, StateRecord
from penstock.wire.task_runs import TaskRun

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Stream(io.TextIOWrapper):
    """A standard stream that is, or is not, a terminal."""

    def __init__(self, encoding: str, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)  # type: ignore[attr-defined]


Cli = Callable[..., Outcome]


@pytest.fixture
def cli(record: Record, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command as `penstock` would; `terminal=True` for a person, who sees 100 columns."""

    def call(*arguments: object, terminal: bool = False, encoding: str = "utf-8") -> Outcome:
        out, err = Stream(encoding, terminal=terminal), Stream(encoding, terminal=terminal)
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        monkeypatch.setenv("COLUMNS", "100")
        monkeypatch.setenv("TERM", "xterm-256color")
        forget()
        code = run([str(argument) for argument in arguments])
        return Outcome(code, out.text(), err.text())

    return call


class Record:
    """Writes runs as a process would that carried them out."""

    def __init__(self) -> None:
        self.lines = 0

    def flow_run(
        self,
        flow_name: str = "survey",
        name: str = "swift-otter",
        *,
        end: StateType | None = StateType.COMPLETED,
        state_name: str | None = None,
        start: datetime = START,
        seconds: float = 2.0,
        error: ErrorRecord | None = None,
        message: str | None = None,
        **fields: Any,
    ) -> FlowRun:
        """Write a flow run that started, and ended if `end` says so."""
        run_id = uuid7()
        create = FlowRunCreate(
            run_id,
            flow_name,
            name,
            [StateRecord(StateType.PENDING, "Pending", start)],
            start=FlowRunStart(owner_id(), start),
            **fields,
        )
        attempt = transport.call(operations.FLOW_RUNS_CREATE, create).attempt
        if end is not None:
            last = StateRecord(end, state_name or end.value.capitalize(), start + timedelta(seconds=seconds), message)
            proposal = StateProposal(last, attempt, error=error)
            transport.call(operations.FLOW_RUNS_PROPOSE, Propose(run_id, proposal))
        return transport.call(operations.FLOW_RUNS_READ, ById(run_id))

    def task_run(
        self,
        flow_run_id: UUID | None = None,
        name: str = "measure-0",
        *,
        end: StateType | None = StateType.COMPLETED,
        state_name: str | None = None,
        start: datetime = START,
        seconds: float = 1.0,
        **fields: Any,
    ) -> TaskRun:
        """Return a task run that started, and ended if `end` says so; `write` writes it."""
        states = [StateRecord(StateType.RUNNING, "Running", start)]
        if end is not None:
            states.append(StateRecord(end, state_name or end.value.capitalize(), start + timedelta(seconds=seconds)))
        fields = {"flow_run_attempt": 1, "run_count": 1, **fields}
        return TaskRun(uuid7(), "survey.measure", "measure", name, states, flow_run_id, **fields)

    def write(self, *task_runs: TaskRun, logs: list[LogRecord] | None = None) -> None:
        """Put task runs and log lines on record."""
        batch = JournalBatch(owner_id(), owner_id(), self.lines, list(task_runs), logs or [])
        self.lines += len(batch.logs)
        receipt = transport.call(operations.JOURNAL_APPEND, batch)
        assert receipt.stale == []


@pytest.fixture
def record() -> Iterator[Record]:
    """A new, empty record."""
    replaced = transport.use_transport(None)
    yield Record()
    used = transport.use_transport(replaced)
    if used is not None:
        used.close()
