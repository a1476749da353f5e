"""Requests as a process would send them, for tests that speak to the server's core."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from penstock.core import clock
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.wire.flow_runs import FlowRunCreate, FlowRunStart, StateProposal
from penstock.wire.logs import LogRecord
from penstock.wire.requests import JournalBatch, Propose
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

OWNER = "here:1:first"
OTHER = "elsewhere:2:second"
LINES_BETWEEN = 100_000
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def state(kind: StateType | str, name: str | None = None, at: datetime | None = None, **fields: Any) -> StateRecord:
    """Return a state, named after its type unless told otherwise."""
    kind = StateType(kind)
    return StateRecord(kind, name or kind.value.capitalize(), at or clock.now(), **fields)


def flow_run(flow_name: str = "hello", owner: str | None = OWNER, **fields: Any) -> FlowRunCreate:
    """Return a request for a flow run, started at once by `owner` unless that is None."""
    start = None if owner is None else FlowRunStart(owner, clock.now())
    values: dict[str, Any] = {"id": uuid7(), "name": "brave-otter", "states": [state("PENDING")], "start": start}
    return FlowRunCreate(flow_name=flow_name, **values | fields)


def creation(flow_name: str = "hello") -> Any:
    """Return a flow run to make, as JSON has it."""
    from penstock.server.http.json_models import body_model
    from penstock.wire.operations import FLOW_RUNS_CREATE

    return msgspec.to_builtins(msgspec.convert(flow_run(flow_name), body_model(FLOW_RUNS_CREATE), from_attributes=True))


def proposal(flow_run_id: UUID, kind: StateType | str, name: str | None = None, **fields: Any) -> Propose:
    """Return a proposal of attempt 1, unless told otherwise."""
    values = {"attempt": 1} | fields
    return Propose(flow_run_id, StateProposal(state(kind, name), **values))


def task_run(flow_run_id: UUID | None = None, kinds: str = "PENDING RUNNING COMPLETED", **fields: Any) -> TaskRun:
    """Return a record with states of these types, a second apart from noon."""
    states = [state(kind, at=NOON + timedelta(seconds=number)) for number, kind in enumerate(kinds.split())]
    values: dict[str, Any] = {
        "id": uuid7(),
        "task_key": "module.double",
        "task_name": "double",
        "name": "double-0",
        "states": states,
        "flow_run_id": flow_run_id,
        "flow_run_attempt": 0 if flow_run_id is None else 1,
        "run_count": kinds.count("RUNNING"),
    }
    return TaskRun(**values | fields)


def line(flow_run_id: UUID | None = None, message: str = "hello", **fields: Any) -> LogRecord:
    """Return a log line at noon, unless told otherwise."""
    values: dict[str, Any] = {"timestamp": NOON, "level": 20, "logger": "penstock.flow_runs"} | fields
    return LogRecord(message=message, flow_run_id=flow_run_id, **values)


def batch(*entries: TaskRun | LogRecord, number: int = 1, owner: str = OWNER) -> JournalBatch:
    """Return a batch of these task runs and log lines; what has the same number, or a smaller one, was sent before."""
    task_runs = [entry for entry in entries if isinstance(entry, TaskRun)]
    logs = [entry for entry in entries if isinstance(entry, LogRecord)]
    return JournalBatch(owner, owner, number * LINES_BETWEEN, task_runs, logs)
