"""Having a deployment run once, from anywhere."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from datetime import datetime
from inspect import signature
from typing import Any
from uuid import UUID

from penstock.client.transport import call
from penstock.context import FlowRunContext, TagsContext, TaskRunContext
from penstock.core import clock
from penstock.core.dispatch import in_async_code
from penstock.core.errors import InvalidRequest
from penstock.core.ids import uuid7
from penstock.core.steps import Block, Steps, drive, drive_async
from penstock.engine.invocation.effects import Sleep
from penstock.engine.parameters.as_json import as_json
from penstock.wire.deploying.deployments import Deployment, DeploymentByName, RunDeployment
from penstock.wire.flow_runs import FlowRun
from penstock.wire.operations import DEPLOYMENTS_READ, DEPLOYMENTS_READ_BY_NAME, DEPLOYMENTS_RUN, FLOW_RUNS_READ
from penstock.wire.requests import ById

__all__ = ["arun_deployment", "run_deployment"]

_FIRST_PAUSE_SECONDS = 0.05


def run_deployment(
    name: str | UUID,
    client: Any = None,
    parameters: dict[str, Any] | None = None,
    scheduled_time: datetime | None = None,
    flow_run_name: str | None = None,
    timeout: float | None = None,
    poll_interval: float | None = 5,
    tags: Iterable[str] | None = None,
    idempotency_key: str | None = None,
    work_queue_name: str | None = None,
    as_subflow: bool | None = True,
    job_variables: dict[str, Any] | None = None,
) -> Any:
    """Have a deployment run once, and wait until the run has ended.

    Parameters:
        name: `<flow>/<deployment>`, or the deployment's id.
        client: not needed; here as it is in Prefect.
        parameters: over those of the deployment, by name.
        scheduled_time: when it is to start; by default now.
        flow_run_name: the run's name.
        timeout: how many seconds to wait for its end; 0 to wait for nothing, None for as long as it takes.
        poll_interval: the longest pause between two looks at it, in seconds.
        tags: beside those of the deployment.
        idempotency_key: the same key again gives the same run.
        work_queue_name: another queue of the deployment's pool.
        as_subflow: whether the run is one of the flow that calls this, where one does.
        job_variables: over those of the deployment, by name.

    Returns:
        The run, as it is when it has ended or time is up. From async code an awaitable of it.

    Raises:
        ObjectNotFound: there is no such deployment.
        InvalidRequest: the parameters are not what its flow takes.
    """
    steps = _run_steps(**{key: value for key, value in locals().items() if key != "client"})
    return drive_async(steps) if in_async_code() else drive(steps)


def arun_deployment(name: str | UUID, *args: Any, **kwargs: Any) -> Coroutine[Any, Any, FlowRun]:
    """Do as `run_deployment` does, as a coroutine wherever it is called."""
    given = signature(run_deployment).bind(name, *args, **kwargs)
    given.apply_defaults()
    del given.arguments["client"]
    return drive_async(_run_steps(**given.arguments))


def _run_steps(
    name: str | UUID,
    parameters: dict[str, Any] | None,
    scheduled_time: datetime | None,
    flow_run_name: str | None,
    timeout: float | None,
    poll_interval: float | None,
    tags: Iterable[str] | None,
    idempotency_key: str | None,
    work_queue_name: str | None,
    as_subflow: bool | None,
    job_variables: dict[str, Any] | None,
) -> Steps[FlowRun]:
    deployment = yield Block(lambda: find_deployment(name))
    parent, caller = FlowRunContext.get(), TaskRunContext.get()
    request = RunDeployment(
        deployment.id,
        uuid7(),
        name=flow_run_name,
        parameters={key: as_json(value) for key, value in (parameters or {}).items()},
        job_variables=job_variables or {},
        tags=sorted({*(tags or ()), *(TagsContext.__var__.get() if as_subflow else ())}),
        scheduled_time=scheduled_time,
        work_queue_name=work_queue_name,
        idempotency_key=idempotency_key,
        parent_flow_run_id=parent.flow_run.id if parent is not None and as_subflow else None,
        parent_task_run_id=caller.task_run.id if caller is not None and as_subflow else None,
    )
    made = yield Block(lambda: call(DEPLOYMENTS_RUN, request))
    run: FlowRun = made.flow_run
    until = None if timeout is None else clock.current().monotonic() + timeout
    pause_seconds = _FIRST_PAUSE_SECONDS
    while not run.state.type.is_terminal:
        left = None if until is None else until - clock.current().monotonic()
        if left is not None and left <= 0:
            break
        yield Sleep(pause_seconds if left is None else min(pause_seconds, left))
        pause_seconds = min(1.5 * pause_seconds, 5 if poll_interval is None else max(poll_interval, 0.01))
        run = yield Block(lambda: call(FLOW_RUNS_READ, ById(made.flow_run.id)))
    return run


def find_deployment(name: str | UUID) -> Deployment:
    """Return the deployment that a name, `<flow>/<deployment>`, or an id means.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: it is neither a name nor an id.
    """
    if isinstance(name, UUID):
        return call(DEPLOYMENTS_READ, ById(name))
    flow_name, slash, own_name = name.partition("/")
    if slash:
        return call(DEPLOYMENTS_READ_BY_NAME, DeploymentByName(flow_name, own_name))
    try:
        return call(DEPLOYMENTS_READ, ById(UUID(name)))
    except ValueError:
        raise InvalidRequest(
            f"{name!r} is neither the name of a deployment, which is '<flow>/<deployment>', nor an id."
        ) from None
