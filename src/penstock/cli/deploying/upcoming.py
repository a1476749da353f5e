"""When schedules fall next."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from penstock.client.transport import call
from penstock.core.errors import RequestError
from penstock.wire.deploying.deployment_schedules import UpcomingQuery
from penstock.wire.deploying.deployments import Deployment
from penstock.wire.operations import SCHEDULES_UPCOMING


def next_instants(deployment: Deployment) -> dict[UUID, datetime | None]:
    """Return when each schedule of a deployment falls next, by its id; None where it is paused or can't be told."""
    return {
        one.id: _next(one.spec.schedule) if one.spec.active and not deployment.spec.paused else None
        for one in deployment.schedules
    }


def _next(schedule: object) -> datetime | None:
    try:
        instants = call(SCHEDULES_UPCOMING, UpcomingQuery(schedule, limit=1)).instants  # type: ignore[arg-type]
    except RequestError:  # a schedule that makes no runs says so itself
        return None
    return instants[0] if instants else None
