"""What deployments are made to say in tests that speak to the server's core."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from penstock.core.ids import uuid7
from penstock.server.dispatcher import Dispatcher
from penstock.wire import operations as op
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.deployments import (
    ApplyDeployment,
    Deployment,
    DeploymentRun,
    DeploymentSpec,
    RunDeployment,
)
from penstock.wire.schedules import CronSchedule, IntervalSchedule

HOURLY = CronSchedule("0 * * * *")

SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "count": {"type": "integer", "minimum": 1}},
    "required": ["city"],
    "additionalProperties": False,
}


def spec(name: str = "daily", flow_name: str = "hello", **fields: Any) -> DeploymentSpec:
    """Return what a deployment says."""
    return DeploymentSpec(flow_name, name, **fields)


def hourly(**fields: Any) -> ScheduleSpec:
    """Return a schedule that falls at each full hour."""
    return ScheduleSpec(HOURLY, **({"slug": "hourly"} | fields))


def every(seconds: float, **fields: Any) -> ScheduleSpec:
    """Return a schedule that falls every so many seconds."""
    return ScheduleSpec(IntervalSchedule(seconds), **({"slug": "often"} | fields))


def apply(server: Dispatcher, name: str = "daily", promote: bool = True, **fields: Any) -> Deployment:
    """Make a deployment, or change it to this."""
    return server.call(op.DEPLOYMENTS_APPLY, ApplyDeployment(spec(name, **fields), promote=promote))


def run(server: Dispatcher, deployment_id: UUID, **fields: Any) -> DeploymentRun:
    """Have a deployment run once."""
    return server.call(op.DEPLOYMENTS_RUN, RunDeployment(deployment_id, **({"flow_run_id": uuid7()} | fields)))
