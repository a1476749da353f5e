"""What is known of one deployment, as lines of a name and a value."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from penstock.cli.deploying.deployment_tables import timing
from penstock.cli.deploying.finding import full_name
from penstock.cli.screen.output import paint, print_line
from penstock.cli.screen.words import ago, local, one_line
from penstock.cli.views.facts import Fact, print_facts
from penstock.core import clock
from penstock.wire.deploying.deployments import CollisionStrategy, Deployment, DeploymentSpec

_BEYOND = {CollisionStrategy.ENQUEUE: "others wait", CollisionStrategy.CANCEL_NEW: "others are cancelled"}


def print_deployment(deployment: Deployment, upcoming: Mapping[UUID, datetime | None]) -> None:
    """Print what a deployment says.

    Parameters:
        deployment: the deployment.
        upcoming: when each of its schedules falls next, by its id.
    """
    spec = deployment.spec
    status = paint("Paused", fg="cyan", bold=True) if spec.paused else paint("Active", fg="green", bold=True)
    print_line(f"{status}  {paint(one_line(full_name(deployment)), bold=True)}")
    print_facts(_facts(deployment, upcoming))


def _facts(deployment: Deployment, upcoming: Mapping[UUID, datetime | None]) -> Iterator[Fact]:
    spec = deployment.spec
    yield "id", str(deployment.id)
    yield "version", _version(deployment)
    yield "changed", f"{local(deployment.updated)} ({ago(deployment.updated, clock.now())})"
    if spec.description:
        yield "description", spec.description
    yield from _code(spec)
    yield "runs in", _place(spec)
    if spec.tags:
        yield "tags", ", ".join(spec.tags)
    if spec.parameters:
        yield "parameters", _pairs(spec.parameters)
    if spec.job_variables:
        yield "job variables", _pairs(spec.job_variables)
    if spec.concurrency_limit is not None:
        yield "at once", f"{spec.concurrency_limit} ({_BEYOND[spec.collision_strategy]})"
    if not spec.enforce_parameter_schema:
        yield "parameters are", "not held against the flow's"
    for one in deployment.schedules:
        yield "schedule", _schedule(one.slug, timing(one.spec), one.spec.active, upcoming.get(one.id), one.problem)


def _version(deployment: Deployment) -> str:
    own = f" ({deployment.spec.version})" if deployment.spec.version else ""
    held = deployment.newest_version - deployment.version_number
    newer = f"; the newest is {deployment.newest_version}" if held else ""
    return f"{deployment.version_number}{own}{newer}"


def _code(spec: DeploymentSpec) -> Iterator[Fact]:
    if spec.entrypoint:
        yield "entrypoint", spec.entrypoint
    if spec.pull_steps:
        yield "pull steps", ", ".join(name.rpartition(".")[2] for step in spec.pull_steps for name in step)
    elif spec.path:
        yield "folder", spec.path
    if spec.source is not None and spec.source.commit:
        changes = ", with changes that are in no commit" if spec.source.is_dirty else ""
        yield "commit", f"{spec.source.commit[:12]} {spec.source.message or ''}".rstrip() + changes


def _place(spec: DeploymentSpec) -> str:
    if spec.work_pool_name is None:
        return "whichever process serves it"
    queue = f", queue {spec.work_queue_name!r}" if spec.work_queue_name else ""
    return f"work pool {spec.work_pool_name!r}{queue}"


def _pairs(values: dict[str, Any]) -> str:
    return "\n".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values.items())


def _schedule(slug: str, words: str, active: bool, following: datetime | None, problem: str | None) -> str:
    state = "" if active else ", paused"
    then = "" if following is None else f", next {local(following)}"
    return f"{slug}: {words}{state}{then}{'' if problem is None else f': {problem}'}"
