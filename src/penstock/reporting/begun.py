"""A flow run that begins while its server does not answer."""

from __future__ import annotations

from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.wire.flow_runs import FlowRun, FlowRunCreate
from penstock.wire.states import StateRecord


def begun_without_server(create: FlowRunCreate) -> FlowRun:
    """Return the run as the server will make it once it is told: a new id has no earlier attempt, so this is its first."""
    assert create.start is not None
    running = StateRecord(StateType.RUNNING, "Running", create.start.timestamp)
    return FlowRun(
        id=create.id,
        flow_id=uuid7(),
        flow_name=create.flow_name,
        name=create.name,
        state=running,
        created=create.start.timestamp,
        states=[*create.states, running],
        parameters=create.parameters,
        tags=create.tags,
        run_count=1,
        attempt=1,
        parent_flow_run_id=create.parent_flow_run_id,
        parent_task_run_id=create.parent_task_run_id,
        start_time=create.start.timestamp,
    )
