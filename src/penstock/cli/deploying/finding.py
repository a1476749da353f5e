"""Finding the deployment that is meant, and changing what it says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from penstock.cli.asking import fetch
from penstock.cli.finding import CANDIDATES
from penstock.cli.screen.words import one_line
from penstock.client.transport import call
from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.deployments.runner import author
from penstock.wire.deploying.deployment_schedules import DeploymentSchedule, ScheduleSpec
from penstock.wire.deploying.deployments import (
    Deployment,
    DeploymentByName,
    DeploymentChanges,
    DeploymentFilter,
    DeploymentQuery,
)
from penstock.wire.operations import (
    DEPLOYMENTS_LIST,
    DEPLOYMENTS_READ,
    DEPLOYMENTS_READ_BY_NAME,
    DEPLOYMENTS_UPDATE,
)
from penstock.wire.requests import ById


def find_deployment(reference: str) -> Deployment:
    """Return the deployment that `reference` means: `<flow>/<name>`, its id, or its name where no other has the same.

    Raises:
        ObjectNotFound: there is none.
        InvalidRequest: it could mean several.
    """
    flow_name, slash, name = reference.rpartition("/")
    if slash:
        return call(DEPLOYMENTS_READ_BY_NAME, DeploymentByName(flow_name, name))
    try:
        return call(DEPLOYMENTS_READ, ById(UUID(reference)))
    except ValueError:
        pass
    found, _ = fetch(DEPLOYMENTS_LIST, DeploymentQuery(DeploymentFilter(names=[reference])), CANDIDATES)
    if not found:
        raise ObjectNotFound(f"There is no deployment {reference!r}. `penstock deployment ls` shows those there are.")
    if len(found) > 1:
        names = [one_line(full_name(one)) for one in found[: CANDIDATES - 1]]
        last = "another" if len(found) >= CANDIDATES else names.pop()
        raise InvalidRequest(f"{reference!r} could be {', '.join(names)} or {last}. Give the flow's name, too.")
    deployment: Deployment = found[0]
    return deployment


def full_name(deployment: Deployment) -> str:
    """Return a deployment's name as commands take it, `<flow>/<name>`."""
    return f"{deployment.spec.flow_name}/{deployment.spec.name}"


def change(deployment: Deployment, note: str, **changes: Any) -> Deployment:
    """Change what a deployment says, and return it as it is then.

    Parameters:
        deployment: the deployment, as it was looked at.
        note: why, for the list of its versions.
        changes: fields of `DeploymentChanges`.

    Raises:
        ObjectAlreadyExists: somebody else has changed it since.
    """
    request = DeploymentChanges(
        deployment.id, author=author(), note=note, expected_version=deployment.version_number, **changes
    )
    return call(DEPLOYMENTS_UPDATE, request)


def find_schedule(deployment: Deployment, slug: str) -> DeploymentSchedule:
    """Return the schedule of a deployment that has a slug, or whose id this is.

    Raises:
        ObjectNotFound: there is none.
    """
    for one in deployment.schedules:
        if slug in (one.slug, str(one.id)):
            return one
    has = ", ".join(repr(one.slug) for one in deployment.schedules)
    offer = f"It has {has}." if has else "It has none."
    raise ObjectNotFound(f"Deployment {full_name(deployment)!r} has no schedule {slug!r}. {offer}")


def specs_of(deployment: Deployment) -> list[ScheduleSpec]:
    """Return what the schedules of a deployment say, each with its slug, to give them back changed."""
    return [msgspec.structs.replace(one.spec, slug=one.slug) for one in deployment.schedules]
