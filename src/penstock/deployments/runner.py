"""A deployment as Python says it, before the server knows it."""

from __future__ import annotations

import getpass
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from penstock.client.transport import call
from penstock.core.errors import ConfigurationError
from penstock.deployments.entrypoint import EntrypointType, entrypoint_of
from penstock.deployments.schedule_lists import schedule_list
from penstock.deployments.source_version import source_version
from penstock.wire.deploying.deployment_schedules import ScheduleSpec
from penstock.wire.deploying.deployments import (
    ApplyDeployment,
    CollisionStrategy,
    Deployment,
    DeploymentSpec,
    SourceVersion,
)
from penstock.wire.operations import DEPLOYMENTS_APPLY

if TYPE_CHECKING:
    from penstock.flows import Flow

__all__ = ["ConcurrencyLimitConfig", "EntrypointType", "RunnerDeployment", "deploy"]


@dataclass(frozen=True, slots=True)
class ConcurrencyLimitConfig:
    """How many runs of a deployment may go on at once, and what becomes of the others.

    Attributes:
        limit: how many.
        collision_strategy: ENQUEUE lets the others wait, CANCEL_NEW cancels them.
        grace_period_seconds: for how long a claimed run may be on its way to run before its slot is another's.
    """

    limit: int
    collision_strategy: str = "ENQUEUE"
    grace_period_seconds: float = 600.0


@dataclass(slots=True)
class RunnerDeployment:
    """A flow with how, when and where it is to run. Made by `flow.to_deployment`; `apply` makes the server know it.

    Attributes are those of `DeploymentSpec`, but for
        flow: the flow, where it is at hand.
        storage: where its code comes from, where that is elsewhere.
    """

    name: str
    flow_name: str
    entrypoint: str | None = None
    path: str | None = None
    pull_steps: list[dict[str, Any]] | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    parameter_schema: dict[str, Any] = field(default_factory=dict)
    enforce_parameter_schema: bool = True
    tags: list[str] = field(default_factory=list)
    description: str | None = None
    work_pool_name: str | None = None
    work_queue_name: str | None = None
    job_variables: dict[str, Any] = field(default_factory=dict)
    concurrency_limit: int | ConcurrencyLimitConfig | None = None
    version: str | None = None
    source: SourceVersion | None = None
    labels: dict[str, str] = field(default_factory=dict)
    schedules: list[ScheduleSpec] = field(default_factory=list)
    paused: bool = False
    flow: Flow[..., Any] | None = field(default=None, repr=False, compare=False)
    storage: Any = field(default=None, repr=False, compare=False)

    @classmethod
    def from_flow(
        cls,
        flow: Flow[..., Any],
        name: str,
        *,
        interval: Any = None,
        cron: str | Iterable[str] | None = None,
        rrule: str | Iterable[str] | None = None,
        schedule: Any = None,
        schedules: Iterable[Any] | None = None,
        paused: bool | None = None,
        concurrency_limit: int | ConcurrencyLimitConfig | None = None,
        parameters: dict[str, Any] | None = None,
        description: str | None = None,
        tags: Iterable[str] | None = None,
        version: str | None = None,
        enforce_parameter_schema: bool = True,
        work_pool_name: str | None = None,
        work_queue_name: str | None = None,
        job_variables: dict[str, Any] | None = None,
        entrypoint_type: EntrypointType = EntrypointType.FILE_PATH,
    ) -> RunnerDeployment:
        """Return the deployment of a flow. See `Flow.to_deployment`.

        Raises:
            ConfigurationError: the flow can't be found again by another process, or a schedule makes no sense.
        """
        storage = getattr(flow, "_storage", None)
        entrypoint, path = entrypoint_of(flow, entrypoint_type)
        return cls(
            name=name,
            flow_name=flow.name,
            entrypoint=entrypoint,
            path=None if storage is not None else path,
            pull_steps=None if storage is None else [storage.to_pull_step()],
            parameters=flow.serialize_parameters(parameters or {}),
            parameter_schema=flow.parameters,
            enforce_parameter_schema=enforce_parameter_schema,
            tags=list(tags or ()),
            description=description if description is not None else flow.description,
            work_pool_name=work_pool_name,
            work_queue_name=work_queue_name,
            job_variables=dict(job_variables or {}),
            concurrency_limit=concurrency_limit,
            version=version if version is not None else flow.version,
            source=source_version(None if path is None else Path(path)),
            schedules=schedule_list(interval=interval, cron=cron, rrule=rrule, schedule=schedule, schedules=schedules),
            paused=bool(paused),
            flow=flow,
            storage=storage,
        )

    @property
    def full_name(self) -> str:
        """`<flow>/<deployment>`, as commands take it."""
        return f"{self.flow_name}/{self.name}"

    def to_spec(self, work_pool_name: str | None = None, image: str | None = None) -> DeploymentSpec:
        """Return what the server is to be told.

        Parameters:
            work_pool_name: a pool instead of its own.
            image: the container image that its runs are started from.
        """
        limit = self.concurrency_limit
        config = limit if isinstance(limit, ConcurrencyLimitConfig) else None
        job_variables = {**self.job_variables, **({} if image is None else {"image": image})}
        return DeploymentSpec(
            self.flow_name,
            self.name,
            entrypoint=self.entrypoint,
            path=self.path if image is None else None,  # it is the image's own, wherever that begins
            pull_steps=self.pull_steps,
            parameters=self.parameters,
            parameter_schema=self.parameter_schema,
            enforce_parameter_schema=self.enforce_parameter_schema,
            tags=self.tags,
            description=self.description,
            work_pool_name=work_pool_name or self.work_pool_name,
            work_queue_name=self.work_queue_name,
            job_variables=job_variables,
            concurrency_limit=limit if config is None else config.limit,  # type: ignore[arg-type]
            collision_strategy=CollisionStrategy("ENQUEUE" if config is None else config.collision_strategy),
            grace_seconds=600.0 if config is None else config.grace_period_seconds,
            version=self.version,
            source=self.source,
            labels=self.labels,
            schedules=self.schedules,
            paused=self.paused,
        )

    def apply(self, work_pool_name: str | None = None, image: str | None = None, note: str | None = None) -> UUID:
        """Make the deployment known to the server, or change the one there is to this, and return its id.

        Parameters:
            work_pool_name: a pool instead of its own.
            image: the container image that its runs are started from.
            note: why, for the list of its versions.

        Raises:
            RequestError: the server refuses it.
            StorageError: the server does not answer.
        """
        return self.applied(work_pool_name, image, note).id

    def applied(
        self, work_pool_name: str | None = None, image: str | None = None, note: str | None = None
    ) -> Deployment:
        """Do as `apply` does, and return what the server then knows."""
        return call(DEPLOYMENTS_APPLY, ApplyDeployment(self.to_spec(work_pool_name, image), author=author(), note=note))


def author() -> str | None:
    """Return who says what a deployment is to be, as far as this machine knows."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return None


def deploy(
    *deployments: RunnerDeployment,
    work_pool_name: str | None = None,
    image: Any = None,
    build: bool = True,
    push: bool = True,
    print_next_steps_message: bool = True,
    ignore_warnings: bool = False,
) -> list[UUID]:
    """Deploy several flows to a work pool, and return the ids of their deployments.

    Parameters:
        deployments: what `flow.to_deployment` returns.
        work_pool_name: the pool; by default each one's own.
        image: a container image, by name or as a `DockerImage`, that holds the code.
        build: whether the image is built.
        push: whether it is pushed to its registry.
        print_next_steps_message: whether to say how a worker is started.
        ignore_warnings: whether to keep quiet about what may not work.

    Raises:
        ConfigurationError: neither an image nor a source says how the code comes to where it runs.
        RequestError: the server refuses one.
    """
    if not deployments:
        return []
    name = _prepared_image(image, deployments, build=build, push=push)
    for deployment in deployments:
        if deployment.work_pool_name is None and work_pool_name is None:
            raise ConfigurationError(
                f"Deployment {deployment.full_name!r} has no work pool. Name one: work_pool_name='…'. To run it from this "
                "process instead, use `serve`."
            )
    ids = [deployment.apply(work_pool_name, name) for deployment in deployments]
    if print_next_steps_message:
        _say_next_steps(deployments, work_pool_name)
    return ids


def _prepared_image(image: Any, deployments: Iterable[RunnerDeployment], *, build: bool, push: bool) -> str | None:
    """Build an image from the folder that the entrypoints are relative to, and push it; return its name."""
    if image is None:
        return None
    from penstock.docker import DockerImage

    described = DockerImage.of(image)
    if build:
        folders = {deployment.path for deployment in deployments if deployment.path is not None}
        if len(folders) > 1:
            raise ConfigurationError(
                f"One image holds one folder, and these flows stand in several: {', '.join(sorted(folders))}. Deploy them one "
                "folder at a time, or from a folder that they all stand in."
            )
        described.build(Path(folders.pop()) if folders else None)
        if push:
            described.push()
    return described.reference


def _say_next_steps(deployments: Iterable[RunnerDeployment], work_pool_name: str | None) -> None:
    first = next(iter(deployments))
    pool = work_pool_name or first.work_pool_name
    lines = [f"Deployed {deployment.full_name}" for deployment in deployments]
    lines += [
        "",
        f"A worker carries out their runs:   penstock worker start --pool {pool!r}",
        f"To run one now:                    penstock deployment run {first.full_name!r}",
    ]
    print("\n".join(lines))  # noqa: T201  - what the user asked for by `print_next_steps_message`
