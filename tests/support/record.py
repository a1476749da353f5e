"""What the record says of runs, asked as any client asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from penstock.client.transport import call
from penstock.reporting.recorder import current_recorder
from penstock.testing import penstock_test_harness
from penstock.wire import operations as o
from penstock.wire.flow_runs import FlowRun, FlowRunFilter
from penstock.wire.logs import LogFilter, LogRecord
from penstock.wire.requests import LOG_PAGE_LIMIT, ById, FlowRunQuery, LogQuery, TaskRunQuery
from penstock.wire.task_runs import TaskRun, TaskRunFilter


@contextmanager
def fresh_record() -> Iterator[Path]:
    """Run the block against a new, empty record."""
    with penstock_test_harness() as home:
        yield home


def flow_run(flow_run_id: UUID | str) -> FlowRun:
    """Return a flow run with its whole history."""
    current_recorder().flush()
    return call(o.FLOW_RUNS_READ, ById(UUID(str(flow_run_id))))


def flow_runs(**conditions: Any) -> list[FlowRun]:
    """Return the flow runs, oldest first, each with its whole history."""
    current_recorder().flush()
    page = call(o.FLOW_RUNS_LIST, FlowRunQuery(FlowRunFilter(**conditions), limit=200))
    return [flow_run(one.id) for one in reversed(page.items)]


def only_flow_run() -> FlowRun:
    """Return the one flow run there is."""
    (one,) = flow_runs()
    return one


def task_runs(**conditions: Any) -> list[TaskRun]:
    """Return the task runs, oldest first, each with its whole history."""
    current_recorder().flush()
    found: list[TaskRun] = []
    after: str | None = None
    while True:
        page = call(o.TASK_RUNS_LIST, TaskRunQuery(TaskRunFilter(**conditions), limit=200, after=after))
        found += page.items
        after = page.next
        if after is None:
            return found


def only_task_run() -> TaskRun:
    """Return the one task run there is."""
    (one,) = task_runs()
    return one


def logs(**conditions: Any) -> list[LogRecord]:
    """Return the log lines, oldest first."""
    current_recorder().flush()
    return call(o.LOGS_LIST, LogQuery(LogFilter(**conditions), limit=LOG_PAGE_LIMIT)).items


def messages(**conditions: Any) -> list[str]:
    """Return the text of the log lines, oldest first."""
    return [line.message for line in logs(**conditions)]


def history(run: FlowRun | TaskRun) -> str:
    """Return the names of a run's states, in order, as one line."""
    return " ".join(state.name for state in run.states)
