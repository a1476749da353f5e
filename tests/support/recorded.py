"""What is on record of the runs of this process."""

from __future__ import annotations

from penstock.client.transport import call
from penstock.reporting.recorder import current_recorder
from penstock.wire.flow_runs import FlowRun
from penstock.wire.operations import FLOW_RUNS_LIST, LOGS_LIST, TASK_RUNS_LIST
from penstock.wire.requests import FlowRunQuery, LogQuery, TaskRunQuery
from penstock.wire.task_runs import TaskRun


def task_runs(name: str) -> list[TaskRun]:
    """Return what is recorded of the runs of the task of that name."""
    assert current_recorder().flush()
    return [run for run in call(TASK_RUNS_LIST, TaskRunQuery(limit=200)).items if run.task_name == name]


def flow_run(name: str) -> FlowRun:
    """Return the one recorded run of the flow of that name."""
    (found,) = [run for run in call(FLOW_RUNS_LIST, FlowRunQuery()).items if run.flow_name == name]
    return found


def log_messages() -> list[str]:
    """Return the text of every recorded log line."""
    assert current_recorder().flush()
    return [line.message for line in call(LOGS_LIST, LogQuery()).items]
