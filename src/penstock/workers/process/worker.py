"""The process worker: each run in a process group of its own, forked from a warm parent or started afresh."""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import field_validator

from penstock.core.errors import ConfigurationError, InfrastructureError
from penstock.wire.deploying.job_templates import TEMPLATES
from penstock.workers.base import (
    EXECUTE,
    BaseJobConfiguration,
    BaseVariables,
    BaseWorker,
    BaseWorkerResult,
    TaskStatus,
)
from penstock.workers.child.parent import MEMORY
from penstock.workers.environment import FLOW_RUN_ID, local_environment, run_environment_names
from penstock.workers.process.group import ProcessGroup, why_it_ended
from penstock.workers.process.output import OutputPipes
from penstock.workers.process.warm import Code, ForkedProcess, WarmParentDied, WarmParents

if TYPE_CHECKING:
    from penstock.wire.deploying.deployments import Deployment
    from penstock.wire.deploying.work_pools import WorkPool
    from penstock.wire.flow_runs import FlowRun

_log = logging.getLogger("penstock.workers")

MEBIBYTE = 1024 * 1024

_FRESH = shlex.join((sys.executable, "-m", "penstock.workers.child"))

FORK_TRIES = 2
"""How many warm parents may be found dead before a run is started in a fresh interpreter."""

READ_OUT_SECONDS = 5.0
"""How long what a run wrote last may take to be read once all of its processes have ended."""


class ProcessJobConfiguration(BaseJobConfiguration):
    """How the process of one run is started."""

    working_dir: Path | None = None
    stream_output: bool = True
    time_limit_seconds: float | None = None
    memory_limit_mb: int | None = None
    grace_seconds: float = 30.0

    _code: Code | None = None

    @field_validator("working_dir")
    @classmethod
    def _is_absolute(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.expanduser().is_absolute():
            raise ValueError(f"working_dir={str(folder)!r} is not absolute; a worker may be started anywhere.")
        return None if folder is None else folder.expanduser()

    def prepare_for_flow_run(
        self,
        flow_run: FlowRun,
        deployment: Deployment | None = None,
        work_pool: WorkPool | None = None,
        worker_name: str | None = None,
    ) -> None:
        """Settle what depends on the run. See `BaseJobConfiguration.prepare_for_flow_run`."""
        own_command = self.command
        env = {**local_environment(), **self.env}
        self.env = dict(env)
        super().prepare_for_flow_run(flow_run, deployment, work_pool, worker_name)
        self.env.setdefault("PENSTOCK_LOGGING_TO_CONSOLE", "false")  # its lines are in the log already
        if self.memory_limit_mb is not None:
            self.env[MEMORY] = str(self.memory_limit_mb * MEBIBYTE)
        if own_command in (None, EXECUTE):
            self._code = self._code_of(deployment)

    def _code_of(self, deployment: Deployment | None) -> Code:
        of_run = run_environment_names()
        shared = tuple(sorted((name, value) for name, value in self.env.items() if name not in of_run and value))
        spec = None if deployment is None else deployment.spec
        if spec is None or spec.pull_steps or spec.entrypoint is None:
            return Code(None, None, shared)
        return Code(spec.path, spec.entrypoint, shared)


class ProcessWorkerResult(BaseWorkerResult):
    """How the process of a run ended: its exit code, or the number of the signal that ended it, negative."""


class ProcessWorker(BaseWorker[ProcessJobConfiguration, BaseVariables, ProcessWorkerResult]):
    """Runs each flow run in a process of its own on this machine.

    A run that uses the worker's own interpreter is forked from a warm parent, which has its flow imported; one with a
    command of its own is started afresh. On Linux no process of a run outlives it, whatever it started.
    """

    type: ClassVar[str] = "process"
    job_configuration = ProcessJobConfiguration
    _description: ClassVar[str] = "Runs each flow run in a process of its own on the worker's machine."

    def __init__(self, work_pool_name: str | None = None, name: str | None = None) -> None:
        super().__init__(work_pool_name, name)
        self._parents = WarmParents()
        self._living: dict[str, tuple[ProcessGroup, asyncio.Event]] = {}

    @classmethod
    def get_default_base_job_template(cls) -> dict[str, Any]:
        """Return the template of a pool of this type that nobody has changed: the one that servers know."""
        return TEMPLATES[cls.type]

    async def setup(self) -> None:
        """Have a parent ready before the first run comes."""
        environment = ProcessJobConfiguration(env=dict(local_environment()))
        environment.env.setdefault("PENSTOCK_LOGGING_TO_CONSOLE", "false")
        with suppress(InfrastructureError):
            async with self._parents.using(environment._code_of(None)):
                pass

    async def teardown(self) -> None:
        """End the parents."""
        await self._parents.close()

    async def run(
        self, flow_run: FlowRun, configuration: ProcessJobConfiguration, task_status: TaskStatus | None = None
    ) -> ProcessWorkerResult:
        """Start the process of a run and wait until it, and all that it started, has ended."""
        environment = {name: value for name, value in configuration.env.items() if value is not None}
        pipes = OutputPipes(flow_run.id) if configuration.stream_output else None
        ends = (os.open(os.devnull, os.O_WRONLY), os.open(os.devnull, os.O_WRONLY)) if pipes is None else pipes.ends
        following: asyncio.Task[None] | None = None
        try:
            process = await self._started(configuration, environment, ends)
        except BaseException:
            if pipes is not None:
                pipes.close()
            raise
        else:
            following = None if pipes is None else asyncio.create_task(pipes.follow())
        finally:
            if pipes is None:
                for end in ends:
                    os.close(end)
            else:
                pipes.close_ends()
        return await self._watched(flow_run, configuration, process, following, task_status)

    async def _started(
        self, configuration: ProcessJobConfiguration, environment: dict[str, str], ends: tuple[int, int]
    ) -> ForkedProcess:
        folder = None if configuration.working_dir is None else str(configuration.working_dir)
        if configuration._code is None:
            return await _fresh(configuration.command or EXECUTE, environment, folder, ends)
        for _ in range(FORK_TRIES):
            try:
                async with self._parents.using(configuration._code) as parent:
                    return await parent.fork(environment, folder, ends)
            except WarmParentDied as error:
                _log.warning("A run can't be forked: %s", error)
        # Whatever ended the parents, such as native code that the flow's module imports, is then told of the run itself.
        return await _fresh(_FRESH, environment, folder, ends)

    async def _watched(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        process: ForkedProcess,
        following: asyncio.Task[None] | None,
        task_status: TaskStatus | None,
    ) -> ProcessWorkerResult:
        group = ProcessGroup(process.pid, f"{FLOW_RUN_ID}={flow_run.id}")
        identifier = str(process.pid)
        self._living[identifier] = (group, process.ended)
        if task_status is not None:
            task_status.started(identifier)
        reason = None
        try:
            async with asyncio.timeout(configuration.time_limit_seconds):
                await process.ended.wait()
        except TimeoutError:
            reason = f"Its process ran for longer than time_limit_seconds={configuration.time_limit_seconds:g}."
            await group.end(process.ended, configuration.grace_seconds)
        except asyncio.CancelledError:
            await group.kill()
            if following is not None:
                following.cancel()
            raise
        finally:
            self._living.pop(identifier, None)
        await group.kill()  # what it left behind
        if following is not None:
            await _read_out(following)
        status = process.status or (1 if reason else 0)
        return ProcessWorkerResult(
            identifier=identifier, status_code=status, reason=reason or why_it_ended(process.status)
        )

    async def kill_infrastructure(
        self, identifier: str, configuration: ProcessJobConfiguration, grace_seconds: float = 30.0
    ) -> None:
        """End the process of a run and all that it started."""
        living = self._living.get(identifier)
        if living is not None:
            group, ended = living
            await group.end(ended, min(grace_seconds, configuration.grace_seconds))


async def _read_out(following: asyncio.Task[None]) -> None:
    """Wait until all that a run's processes wrote is read; what still holds its output after this time is not waited for."""
    _, unread = await asyncio.wait((following,), timeout=READ_OUT_SECONDS)
    if unread:
        following.cancel()
    with suppress(asyncio.CancelledError, OSError):
        await following


async def _fresh(command: str, environment: dict[str, str], folder: str | None, ends: tuple[int, int]) -> ForkedProcess:
    """Start a command; no shell reads it."""
    out, error = ends
    try:
        words = shlex.split(command)
        process = await asyncio.create_subprocess_exec(
            *words,
            env={**environment, "PENSTOCK__PARENT_PID": str(os.getpid())},
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=out,
            stderr=error,
            start_new_session=True,
        )
    except (ValueError, OSError) as failure:
        raise ConfigurationError(f"The command {command!r} can't be started: {failure}.") from failure
    started = ForkedProcess(process.pid)

    async def wait() -> None:
        started.note_end(await process.wait())

    started.waiting = asyncio.create_task(wait())
    return started
