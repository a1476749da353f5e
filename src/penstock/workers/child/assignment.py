"""Which run a process is there for, and all that it is told about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from penstock.client.transport import call
from penstock.core.errors import ConfigurationError, InvalidRequest
from penstock.wire.deploying.deployments import DeploymentSpec, ReadVersion
from penstock.wire.flow_runs import FlowRun
from penstock.wire.operations import DEPLOYMENTS_READ, DEPLOYMENTS_READ_VERSION, FLOW_RUNS_READ
from penstock.wire.requests import ById
from penstock.workers.environment import ATTEMPT, FLOW_RUN_ID


@dataclass(frozen=True, slots=True)
class Assignment:
    """One run of a deployment, to be carried out by this process.

    Attributes:
        flow_run: the run.
        spec: how it is run, as the version of its deployment says that it goes by.
        attempt: under which a worker claimed it for this process; None where no worker did.
    """

    flow_run: FlowRun
    spec: DeploymentSpec
    attempt: int | None


def flow_run_id_in(environment: Mapping[str, str]) -> tuple[UUID, int | None]:
    """Return the run that an environment names, and the attempt.

    Raises:
        ConfigurationError: it names none, or what it says can't be read.
    """
    named, attempt = environment.get(FLOW_RUN_ID), environment.get(ATTEMPT)
    if not named:
        raise ConfigurationError(f"No flow run is named. Give its id, or set {FLOW_RUN_ID}; a worker does so.")
    try:
        return UUID(named), None if not attempt else int(attempt)
    except ValueError as error:
        raise ConfigurationError(
            f"{FLOW_RUN_ID}={named!r} and {ATTEMPT}={attempt!r} are to be a UUID and a number. A worker sets both."
        ) from error


def read_assignment(flow_run_id: UUID, attempt: int | None) -> Assignment:
    """Ask the server about a run.

    Raises:
        ObjectNotFound: there is no such run.
        InvalidRequest: no deployment made it.
        StorageError: the server does not answer.
    """
    flow_run = call(FLOW_RUNS_READ, ById(flow_run_id))
    if flow_run.deployment_id is None:
        raise InvalidRequest(
            f"Flow run {flow_run.name!r} was made by no deployment, so nothing says where its code is. "
            "`penstock flow run FILE.py:flow --recover RUN` takes it up."
        )
    if flow_run.deployment_version is None:
        spec = call(DEPLOYMENTS_READ, ById(flow_run.deployment_id)).spec
    else:
        spec = call(DEPLOYMENTS_READ_VERSION, ReadVersion(flow_run.deployment_id, flow_run.deployment_version)).spec
    return Assignment(flow_run, spec, attempt)
