"""The contract of workers: one kind of infrastructure, how a run is described to it, started on it, and ended."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from penstock.core.names.slug import slug
from penstock.core.version import __version__
from penstock.workers.environment import base_environment, run_environment
from penstock.workers.job_template import filled, filled_text, template_of

if TYPE_CHECKING:
    from penstock.wire.deploying.deployments import Deployment
    from penstock.wire.deploying.work_pools import WorkPool
    from penstock.wire.flow_runs import FlowRun

__all__ = ["BaseJobConfiguration", "BaseVariables", "BaseWorker", "BaseWorkerResult", "TaskStatus"]

EXECUTE = "penstock flow-run execute"
"""The command that carries out the flow run which the environment names."""


class BaseVariables(BaseModel):
    """What a deployment, or a single run, may say about its infrastructure. A type of worker adds its own."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, description="The name of what is started for a run.")
    env: dict[str, str | None] = Field(
        default_factory=dict,
        title="Environment variables",
        description="Variables that a run finds in its environment; null takes one away.",
    )
    labels: dict[str, str] = Field(default_factory=dict, description="Labels of what is started for a run.")
    command: str | None = Field(
        None, description=f"What is run instead of `{EXECUTE}`. It must lead to that in the end."
    )


class BaseJobConfiguration(BaseModel):
    """What a worker needs to know to start one run: the pool's template, filled in.

    A field may say by `json_schema_extra={"template": …}` what stands for it in the default template.
    """

    command: str | None = None
    env: dict[str, str | None] = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)
    name: str | None = None

    @field_validator("env", mode="before")
    @classmethod
    def _as_text(cls, env: Any) -> Any:
        if not isinstance(env, dict):
            return env
        return {name: None if value is None else str(value) for name, value in env.items()}

    @classmethod
    def from_template_and_values(cls, base_job_template: dict[str, Any], values: dict[str, Any]) -> Any:
        """Return the configuration that a pool's template gives with a run's variables.

        Parameters:
            base_job_template: the pool's: `variables` and `job_configuration`.
            values: the run's variables, over the template's defaults.

        Raises:
            ValidationError: what comes of it is no configuration of this type.
            ConfigurationError: a reference in it can't be filled in.
        """
        return cls(**filled(base_job_template, values))

    def prepare_for_flow_run(
        self,
        flow_run: FlowRun,
        deployment: Deployment | None = None,
        work_pool: WorkPool | None = None,
        worker_name: str | None = None,
    ) -> None:
        """Settle what depends on the run: its environment, labels, name and command.

        Parameters:
            flow_run: the run that is to be started.
            deployment: what made it.
            work_pool: the pool it was claimed from.
            worker_name: the worker.
        """
        env = base_environment(flow_run) | self.env | run_environment(flow_run)
        self.env = {name: value for name, value in env.items() if value is not None}
        self.labels = {
            "penstock.io/flow-run-id": str(flow_run.id),
            "penstock.io/flow-run-name": flow_run.name,
            "penstock.io/flow-name": flow_run.flow_name,
            "penstock.io/attempt": str(flow_run.attempt),
            "penstock.io/version": __version__,
            **({} if deployment is None else {"penstock.io/deployment-name": deployment.spec.name}),
            **({} if work_pool is None else {"penstock.io/work-pool-name": work_pool.name}),
            **({} if worker_name is None else {"penstock.io/worker-name": worker_name}),
            **self.labels,
        }
        name = filled_text(self.name, {"ctx": _named(flow_run, deployment)}) if self.name else None
        self.name = name or flow_run.name
        self.command = self.command or self._base_flow_run_command()

    @staticmethod
    def _base_flow_run_command() -> str:
        return EXECUTE


def _named(flow_run: FlowRun, deployment: Deployment | None) -> dict[str, Any]:
    return {
        "flow": {"id": str(flow_run.flow_id), "name": flow_run.flow_name},
        "flow_run": {"id": str(flow_run.id), "name": flow_run.name, "attempt": flow_run.attempt},
        "deployment": {} if deployment is None else {"id": str(deployment.id), "name": deployment.spec.name},
    }


_Configuration = type[BaseJobConfiguration]
_Variables = type[BaseVariables]


class BaseWorkerResult(BaseModel):
    """How what a worker started for a run ended.

    Attributes:
        identifier: what the infrastructure knows it by.
        status_code: 0 where it ended well.
        reason: why it did not, for people: a signal, a lack of memory, an image that is not there.
    """

    identifier: str
    status_code: int
    reason: str | None = None

    def __bool__(self) -> bool:
        return self.status_code == 0


class TaskStatus:
    """How a worker says that a run is on its way: `started` is called once, with what the infrastructure knows it by."""

    def __init__(self) -> None:
        self._identifier: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def started(self, identifier: Any) -> None:
        """Note that the infrastructure has taken the run."""
        if not self._identifier.done():
            self._identifier.set_result(str(identifier))

    @property
    def identifier(self) -> str | None:
        """What the infrastructure knows it by; None where it has not taken it."""
        return self._identifier.result() if self._identifier.done() and not self._identifier.cancelled() else None


C = TypeVar("C", bound=BaseJobConfiguration)
V = TypeVar("V", bound=BaseVariables)
R = TypeVar("R", bound=BaseWorkerResult)


class BaseWorker(ABC, Generic[C, V, R]):
    """A kind of infrastructure. `run` starts one run on it and waits for the end; all else is done for you.

    A package offers its own by an entry point of the group `penstock.workers`, named after the type. It can be held to
    the contract by `penstock.testing.workers.WorkerConformance`.

    Parameters:
        work_pool_name: the pool it works for; None where it serves deployments.
        name: what people call it; by default its type and two words.

    Attributes:
        type: what pools call it.
        job_configuration: the model of what it needs to know for one run.
        job_configuration_variables: the model of what deployments may say.
    """

    type: ClassVar[str]
    job_configuration: ClassVar[_Configuration] = BaseJobConfiguration
    job_configuration_variables: ClassVar[_Variables] = BaseVariables
    _description: ClassVar[str] = ""

    def __init__(self, work_pool_name: str | None = None, name: str | None = None) -> None:
        self.work_pool_name = work_pool_name
        self.name = name or f"{self.type}-{slug()}"
        self.logger = logging.getLogger(f"penstock.workers.{self.type}")

    @classmethod
    def get_default_base_job_template(cls) -> dict[str, Any]:
        """Return the template of a pool of this type that nobody has changed."""
        return template_of(cls.job_configuration, cls.job_configuration_variables)

    async def setup(self) -> None:
        """Make ready what is needed for all runs. Called once, before the first."""

    async def teardown(self) -> None:
        """Let go of what `setup` made ready. Called once, after the last run has ended."""

    @abstractmethod
    async def run(self, flow_run: FlowRun, configuration: C, task_status: TaskStatus | None = None) -> R:
        """Start a run and wait until its infrastructure is done with it, however that ends.

        What the run itself comes to, its process tells the server. Cancelled (`CancelledError`), it must leave nothing.

        Parameters:
            flow_run: the run.
            configuration: how it is to be started.
            task_status: to be told once the infrastructure has taken it.

        Raises:
            Exception: it could not be started; the run is Crashed with these words.
        """

    @abstractmethod
    async def kill_infrastructure(self, identifier: str, configuration: C, grace_seconds: float = 30.0) -> None:
        """End what was started for a run, and all that it started; return when nothing is left.

        It is first asked to end, so that the run can say so itself.

        Parameters:
            identifier: what the infrastructure knows it by.
            configuration: how it was started.
            grace_seconds: how long it may take before it is ended by force.
        """
