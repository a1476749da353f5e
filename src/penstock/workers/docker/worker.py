"""The docker worker: each run in a container of its own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound

from penstock.core.errors import ConfigurationError, InfrastructureError
from penstock.wire.deploying.job_templates import TEMPLATES
from penstock.workers.base import BaseVariables, BaseWorker, BaseWorkerResult, TaskStatus
from penstock.workers.docker.configuration import DockerJobConfiguration
from penstock.workers.process.output import Output

if TYPE_CHECKING:
    from docker.models.containers import Container

    from penstock.wire.flow_runs import FlowRun

T = TypeVar("T")

_SILENCE_SECONDS = 10 * 24 * 3_600  # it says nothing while a container runs
_MOST_THREADS = 512
_CONFLICT = 409
_VANISHED = -1
_KILLED = 137


class DockerWorkerResult(BaseWorkerResult):
    """How the container of a run ended: its exit code; -1 where it vanished."""


class DockerWorker(BaseWorker[DockerJobConfiguration, BaseVariables, DockerWorkerResult]):
    """Runs each flow run in a container, by the Docker-compatible engine that the environment names (`DOCKER_HOST`)."""

    type: ClassVar[str] = "docker"
    job_configuration = DockerJobConfiguration
    _description: ClassVar[str] = "Runs each flow run in a container of a Docker-compatible engine."

    def __init__(self, work_pool_name: str | None = None, name: str | None = None) -> None:
        super().__init__(work_pool_name, name)
        # Of its own: waiting for containers would leave the event loop's pool without a thread for anything else.
        self._threads = ThreadPoolExecutor(_MOST_THREADS, thread_name_prefix="penstock-docker")
        self._engine: Any = None

    @classmethod
    def get_default_base_job_template(cls) -> dict[str, Any]:
        """Return the template of a pool of this type that nobody has changed: the one that servers know."""
        return TEMPLATES[cls.type]

    async def setup(self) -> None:
        """Find the engine."""
        await self._in_thread(self._find_engine)

    def _find_engine(self) -> None:
        try:
            self._engine = docker.from_env(timeout=_SILENCE_SECONDS)
            self._engine.ping()
        except DockerException as error:
            raise InfrastructureError(
                f"No container engine answers: {error}. Start Docker, or podman's socket, and name it in DOCKER_HOST."
            ) from error

    async def teardown(self) -> None:
        """Let go of the engine."""
        if self._engine is not None:
            self._engine.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    async def run(
        self, flow_run: FlowRun, configuration: DockerJobConfiguration, task_status: TaskStatus | None = None
    ) -> DockerWorkerResult:
        """Start the container of a run, and wait until it has ended."""
        if self._engine is None:
            await self.setup()
        container = await self._begun(configuration)
        if task_status is not None:
            task_status.started(container.id)
        following = None
        if configuration.stream_output:
            following = self._in_thread(lambda: _follow(container, flow_run))
        try:
            async with asyncio.timeout(configuration.time_limit_seconds):
                result = await self._in_thread(lambda: _result(container))
            if following is not None:
                await following
        except TimeoutError:
            await self._in_thread(lambda: _stop(container, 10))
            reason = f"Its container ran for longer than time_limit_seconds={configuration.time_limit_seconds:g}."
            result = DockerWorkerResult(identifier=str(container.id), status_code=1, reason=reason)
        except asyncio.CancelledError:
            await asyncio.shield(self._in_thread(lambda: _stop(container, 0)))
            raise
        finally:
            if configuration.auto_remove:
                await asyncio.shield(self._in_thread(lambda: _remove(container)))
        return result

    async def _begun(self, configuration: DockerJobConfiguration) -> Container:
        """Return the container of a run, started; where the run is cancelled meanwhile, what came of it is removed."""
        beginning = asyncio.ensure_future(self._in_thread(lambda: self._started(configuration)))
        try:
            return await asyncio.shield(beginning)
        except asyncio.CancelledError:
            # The thread goes on: a container that it starts now would be nobody's.
            await asyncio.wait((beginning,))
            if beginning.exception() is None:
                await self._in_thread(lambda: _remove(beginning.result()))
            raise

    def _started(self, configuration: DockerJobConfiguration) -> Container:
        if configuration.image is None:
            raise ConfigurationError("No image is named. Give the deployment, or its pool, the job variable `image`.")
        self._have_image(configuration)
        container = self._created(configuration)
        try:
            for network in configuration.networks[1:]:
                self._engine.networks.get(network).connect(container)
            container.start()
        except (APIError, NotFound) as error:
            _remove(container)
            raise InfrastructureError(f"The container could not be started: {error.explanation or error}") from error
        return container

    def _have_image(self, configuration: DockerJobConfiguration) -> None:
        image = configuration.image
        assert image is not None
        is_there = True
        try:
            self._engine.images.get(image)
        except ImageNotFound:
            is_there = False
        if not configuration.pulls(is_there=is_there):
            if not is_there:
                raise InfrastructureError(
                    f"The image {image!r} is not here, and image_pull_policy=Never. Build it here, or allow it to be pulled."
                )
            return
        self.logger.info("Pulling image %s", image)
        name, _, tag = image.rpartition(":")
        try:
            self._engine.images.pull(*((name, tag) if name and "/" not in tag else (image, "latest")))
        except APIError as error:
            raise InfrastructureError(
                f"The image {image!r} can't be pulled: {error.explanation or error}. Is its name right, and is the worker "
                "logged in to its registry?"
            ) from error

    def _created(self, configuration: DockerJobConfiguration) -> Container:
        arguments = configuration.as_arguments()
        for name in configuration.names():
            try:
                return self._made(name=name, **arguments)
            except APIError as error:
                taken = error.status_code == _CONFLICT or "already in use" in str(error.explanation or "")
                if not taken:
                    raise InfrastructureError(
                        f"The container could not be made: {error.explanation or error}"
                    ) from error
        return self._made(**arguments)

    def _made(self, **arguments: Any) -> Container:
        made: Container = self._engine.containers.create(**arguments)
        return made

    async def kill_infrastructure(
        self, identifier: str, configuration: DockerJobConfiguration, grace_seconds: float = 30.0
    ) -> None:
        """Ask the container of a run to end, and kill it after the grace time."""
        if self._engine is None:
            await self.setup()

        def end() -> None:
            with suppress(NotFound):
                _stop(self._engine.containers.get(identifier), grace_seconds)

        await self._in_thread(end)


def _stop(container: Container, grace_seconds: float) -> None:
    with suppress(NotFound):
        container.stop(timeout=max(0, round(grace_seconds)))


def _result(container: Container) -> DockerWorkerResult:
    """Wait until a container has ended; return how."""
    try:
        status = int(container.wait()["StatusCode"])
        container.reload()
    except NotFound:
        return _vanished(container)
    except DockerException as error:
        raise InfrastructureError(f"The container engine no longer answers: {error}.") from error
    state = container.attrs.get("State", {})
    reason = None
    if state.get("OOMKilled"):
        reason = "Its container ran out of memory, and was killed. Raise mem_limit, or have it use less."
    elif status == _KILLED:
        # Engines without a word on memory, such as podman on the first kind of control groups, leave no more than this.
        reason = "Its container was killed (exit code 137): by somebody, or because it ran out of memory (mem_limit)."
    elif status:
        reason = f"Its container ended with exit code {status}."
        if state.get("Error"):
            reason = f"{reason} {state['Error']}"
    if state.get("OOMKilled") and not status:
        status = _KILLED
    return DockerWorkerResult(identifier=str(container.id), status_code=status, reason=reason)


def _vanished(container: Container) -> DockerWorkerResult:
    reason = "Its container vanished: somebody removed it, or the engine lost it."
    return DockerWorkerResult(identifier=str(container.id), status_code=_VANISHED, reason=reason)


def _follow(container: Container, flow_run: FlowRun) -> None:
    """Keep what a container prints until it has ended."""
    output = Output(flow_run.id, logging.INFO)
    with suppress(DockerException, OSError):
        for chunk in container.logs(stream=True, follow=True, stdout=True, stderr=True):
            output.feed(chunk)
    output.finish()


def _remove(container: Container) -> None:
    with suppress(DockerException):
        container.remove(force=True)
