"""From what a project says of a deployment to the deployment itself."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from penstock.cli.flow_execution import load
from penstock.cli.project.schedules import schedules_of
from penstock.cli.project.words import ConcurrencyLimit, DeploymentEntry
from penstock.client.transport import call
from penstock.core.errors import PenstockException
from penstock.deployments.runner import ConcurrencyLimitConfig, RunnerDeployment, author
from penstock.deployments.source_version import source_version
from penstock.sources.references import has_reference, resolve, resolve_known
from penstock.wire.deploying.deployments import ApplyDeployment, Deployment
from penstock.wire.operations import DEPLOYMENTS_APPLY

if TYPE_CHECKING:
    from penstock.flows import Flow

_STEPS = ("build", "push", "pull")


@dataclass
class Wanted:
    """A deployment that is wanted, as it is written: with references that are not replaced yet.

    Attributes:
        written: its entry, by name.
        where: what errors about it begin with.
        is_new: whether no file says it yet.
        flow: the flow, once it is loaded.
    """

    written: dict[str, Any]
    where: str
    is_new: bool = False
    flow: Flow[..., Any] | None = None

    def load(self, folder: Path) -> None:
        """Load its flow, so that what is wrong with it is known before any step is carried out.

        Raises:
            ClickException: there is none, or not of the name that the entry says.
        """
        if not self.written.get("entrypoint"):
            raise click.ClickException(f"{self.where}: it has no entrypoint. Add one: entrypoint: FILE.py:FLOW")
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
        try:
            entrypoint, said = resolve([self.written["entrypoint"], self.written.get("flow_name")])
            self.flow = load(entrypoint)
        except (PenstockException, click.ClickException) as error:
            message = error.message if isinstance(error, click.ClickException) else str(error)
            raise click.ClickException(f"{self.where}: {message}") from error
        if said and said != self.flow.name:
            raise click.ClickException(f"{self.where}: the flow of {entrypoint} is {self.flow.name!r}, not {said!r}.")

    def check(self) -> None:
        """See that what it says makes sense, before any step is carried out, unless that depends on references.

        Raises:
            ClickException: it does not.
        """
        said = {key: one for key, one in self.written.items() if key not in _STEPS}
        if not has_reference(msgspec.json.encode(said).decode()):
            entry = self.resolved({})
            try:
                schedules_of(entry)
            except PenstockException as error:
                raise click.ClickException(f"{self.where}: {error}") from error

    def resolved(self, outputs: dict[str, Any]) -> DeploymentEntry:
        """Return its entry with the references in it replaced by what steps returned and by environment variables.

        Raises:
            ClickException: one stands for nothing, or what is there then makes no sense.
        """
        try:
            value = resolve({key: one for key, one in self.written.items() if key not in _STEPS}, outputs)
            return msgspec.convert(value, DeploymentEntry)
        except (PenstockException, msgspec.ValidationError) as error:
            raise click.ClickException(f"{self.where}: {error}") from error

    def applied(
        self,
        entry: DeploymentEntry,
        pull_steps: list[dict[str, Any]] | None,
        outputs: dict[str, Any],
        folder: Path,
        *,
        note: str | None = None,
        promote: bool = True,
    ) -> Deployment:
        """Make the deployment known to the server, or change the one there is to this.

        Parameters:
            entry: what it says.
            pull_steps: how its code comes to where it runs; None where it is there already.
            outputs: what the build and push steps returned.
            folder: where its code is now.
            note: why, for the list of its versions.
            promote: whether runs go by it at once.

        Raises:
            ClickException: a schedule makes no sense, or the server refuses it.
        """
        try:
            schedules = schedules_of(entry)
            deployment = self._described(entry, resolve_known(pull_steps, outputs), folder)
            deployment.schedules = schedules or []
            request = ApplyDeployment(
                deployment.to_spec(), author(), note, promote, keep_schedules=schedules is None and not entry.paused
            )
            return call(DEPLOYMENTS_APPLY, request)
        except PenstockException as error:
            raise click.ClickException(f"{self.where}: {error}") from error

    def _described(
        self, entry: DeploymentEntry, pull_steps: list[dict[str, Any]] | None, folder: Path
    ) -> RunnerDeployment:
        flow = self.flow
        assert flow is not None
        assert entry.name is not None
        pool = entry.work_pool
        limit = entry.concurrency_limit
        if isinstance(limit, ConcurrencyLimit):
            limit = ConcurrencyLimitConfig(limit.limit, limit.collision_strategy, limit.grace_period_seconds)  # type: ignore[assignment]
        return RunnerDeployment(
            entry.name,
            flow.name,
            entrypoint=entry.entrypoint,
            path=None if pull_steps else str(folder),
            pull_steps=pull_steps,
            parameters=entry.parameters or {},
            parameter_schema=flow.parameters,
            enforce_parameter_schema=entry.enforce_parameter_schema is not False,
            tags=[entry.tags] if isinstance(entry.tags, str) else list(entry.tags or ()),
            description=entry.description if entry.description is not None else flow.description,
            work_pool_name=None if pool is None else pool.name,
            work_queue_name=None if pool is None else pool.work_queue_name,
            job_variables={} if pool is None else pool.job_variables,
            concurrency_limit=limit,  # type: ignore[arg-type]
            version=str(entry.version) if entry.version is not None else flow.version,
            source=source_version(folder),
            paused=entry.paused,
        )
