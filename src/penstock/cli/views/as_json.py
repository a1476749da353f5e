"""The JSON form of what commands print. Scripts rely on it: names in it stay."""

from __future__ import annotations

from typing import Any

from penstock.cli.views.pauses import pause_json
from penstock.wire.flow_runs import FlowRun
from penstock.wire.flows import Flow
from penstock.wire.logs import LogRecord
from penstock.wire.states import ErrorRecord, StateRecord
from penstock.wire.task_runs import TaskRun


def flow(one: Flow) -> dict[str, Any]:
    """Return a flow as JSON values."""
    return {"id": one.id, "name": one.name, "created": one.created, "tags": one.tags, "run_count": one.run_count}


def flow_run(run: FlowRun) -> dict[str, Any]:
    """Return a flow run as JSON values; its states only where they are known."""
    return {
        "id": run.id,
        "name": run.name,
        "flow_id": run.flow_id,
        "flow_name": run.flow_name,
        "flow_version": run.flow_version,
        "state": state(run.state),
        **({"states": [state(one) for one in run.states]} if run.states else {}),
        **({} if run.pause is None else {"pause": pause_json(run.pause)}),
        "parameters": run.parameters,
        "tags": run.tags,
        "created": run.created,
        "expected_start": run.expected_start,
        "start_time": run.start_time,
        "end_time": run.end_time,
        "total_run_seconds": run.total_run_seconds,
        "run_count": run.run_count,
        "attempt": run.attempt,
        "retries": run.retries,
        "recoveries": run.recoveries,
        "parent_flow_run_id": run.parent_flow_run_id,
        "parent_task_run_id": run.parent_task_run_id,
        "deployment_id": run.deployment_id,
        "deployment_version": run.deployment_version,
        "work_pool_name": run.work_pool_name,
        "work_queue_name": run.work_queue_name,
        "job_variables": run.job_variables,
        "repeats": run.repeats,
        "upstreams": run.upstreams,
        "error": error(run.error),
        "result": run.result,
    }


def task_run(run: TaskRun) -> dict[str, Any]:
    """Return a task run as JSON values."""
    return {
        "id": run.id,
        "name": run.name,
        "task_key": run.task_key,
        "task_name": run.task_name,
        "flow_run_id": run.flow_run_id,
        "flow_run_attempt": run.flow_run_attempt,
        "parent_task_run_id": run.parent_task_run_id,
        "state": state(run.state),
        "states": [state(one) for one in run.states],
        "tags": run.tags,
        "upstreams": run.upstreams,
        "start_time": run.start_time,
        "end_time": run.end_time,
        "total_run_seconds": run.total_run_seconds,
        "run_count": run.run_count,
        "retries": run.retries,
        "cache_key": run.cache_key,
        "error": error(run.error),
        "result": run.result,
    }


def state(record: StateRecord) -> dict[str, Any]:
    """Return a state as JSON values."""
    return {
        "type": record.type.value,
        "name": record.name,
        "timestamp": record.timestamp,
        "message": record.message,
        "scheduled_time": record.scheduled_time,
    }


def error(record: ErrorRecord | None) -> dict[str, Any] | None:
    """Return what a run failed with as JSON values."""
    if record is None:
        return None
    return {"type": record.type, "message": record.message, "traceback": record.traceback}


def log(record: LogRecord) -> dict[str, Any]:
    """Return a log line as JSON values."""
    return {
        "timestamp": record.timestamp,
        "level": record.level,
        "logger": record.logger,
        "message": record.message,
        "flow_run_id": record.flow_run_id,
        "task_run_id": record.task_run_id,
    }
