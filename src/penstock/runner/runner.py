"""A process that serves deployments: it claims their runs itself, and carries each out in a process of its own."""

from __future__ import annotations

import asyncio
import sys
from contextlib import closing, suppress
from typing import Any
from uuid import UUID

from penstock import settings
from penstock.client.transport import call, new_transport
from penstock.core.dispatch import running_loop
from penstock.core.errors import ConfigurationError, PenstockException
from penstock.deployments.runner import RunnerDeployment, author
from penstock.wire.deploying.deployments import DeploymentChanges
from penstock.wire.operations import DEPLOYMENTS_UPDATE
from penstock.workers.process import ProcessWorker
from penstock.workers.service.options import WorkerOptions
from penstock.workers.service.service import WorkerService, require_server

__all__ = ["Runner", "serve"]


class Runner:
    """Serves deployments until it is asked to end. `serve` makes one and starts it.

    Parameters:
        name: what people call it.
        pause_on_shutdown: whether the schedules of its deployments rest when it ends.
        limit: how many runs go on at once; None for any number.
    """

    def __init__(self, name: str | None = None, *, pause_on_shutdown: bool = True, limit: int | None = None) -> None:
        self.name = name or "runner"
        self.pause_on_shutdown = pause_on_shutdown
        self.limit = limit
        self._deployments: dict[UUID, RunnerDeployment] = {}
        self._service: WorkerService | None = None

    def add_deployment(self, deployment: RunnerDeployment) -> UUID:
        """Make a deployment known to the server, and serve it from now on. Returns its id.

        Raises:
            ConfigurationError: it has a work pool, whose workers run it.
            RequestError: the server refuses it.
        """
        if deployment.work_pool_name is not None:
            raise ConfigurationError(
                f"Deployment {deployment.full_name!r} belongs to the work pool {deployment.work_pool_name!r}, whose workers "
                "run it. Deploy it with `deploy`, or leave the work pool out to serve it."
            )
        deployment_id = deployment.apply()
        self._deployments[deployment_id] = deployment
        return deployment_id

    def add_flow(self, flow: Any, name: str | None = None, **options: Any) -> UUID:
        """Make a deployment of a flow and serve it. See `Flow.to_deployment` for the options."""
        return self.add_deployment(flow.to_deployment(name or flow.name, **options))

    def start(self, *, run_once: bool = False) -> None:
        """Serve until this process is asked to end (SIGTERM, SIGINT); with `run_once`, carry out what is due and return.

        Raises:
            ConfigurationError: an event loop runs in this thread: use `astart` there.
        """
        if running_loop() is not None:
            raise ConfigurationError("An event loop runs in this thread: await `aserve` or `Runner.astart` there.")
        asyncio.run(self.astart(run_once=run_once))

    async def astart(self, *, run_once: bool = False) -> None:
        """Do as `start` does, as a coroutine."""
        worker = ProcessWorker(name=self.name)
        own = settings.current().worker
        options = WorkerOptions(
            deployment_ids=tuple(self._deployments),
            limit=self.limit,
            heartbeat_seconds=own.heartbeat_seconds,
            lease_seconds=settings.current().recording.lease_seconds,
            drain_seconds=own.drain_seconds,
            run_once=run_once,
        )
        with closing(new_transport()) as transport:
            self._service = WorkerService(worker, options, transport)
            try:
                await self._service.run()
            finally:
                if self.pause_on_shutdown and not run_once:
                    self._pause()

    def stop(self) -> None:
        """Have it take nothing more, and end when what goes on has ended. Asked again, end what goes on."""
        if self._service is not None:
            self._service.drain()

    def _pause(self) -> None:
        for deployment_id, deployment in self._deployments.items():
            if deployment.schedules:
                with suppress(PenstockException):
                    note = "Nobody serves it at present."
                    call(DEPLOYMENTS_UPDATE, DeploymentChanges(deployment_id, author(), note, paused=True))


def serve(
    *args: RunnerDeployment,
    pause_on_shutdown: bool = True,
    print_starting_message: bool = True,
    limit: int | None = None,
    **kwargs: Any,
) -> None:
    """Serve deployments from this process until it is asked to end.

    Parameters:
        args: what `flow.to_deployment` returns.
        pause_on_shutdown: whether their schedules rest when it ends.
        print_starting_message: whether to say what is served, and how a run is started.
        limit: how many runs go on at once; by default any number.
        kwargs: options of Prefect's that mean nothing here, such as `webserver`.

    Raises:
        ConfigurationError: one of them belongs to a work pool, or an event loop runs in this thread.
        RequestError: the server refuses one.
    """
    if running_loop() is not None:
        raise ConfigurationError("An event loop runs in this thread: await `aserve` there.")
    runner = _prepared(args, pause_on_shutdown, limit, print_starting_message)
    with suppress(KeyboardInterrupt):
        runner.start()


async def aserve(
    *args: RunnerDeployment,
    pause_on_shutdown: bool = True,
    print_starting_message: bool = True,
    limit: int | None = None,
    **kwargs: Any,
) -> None:
    """Do as `serve` does, as a coroutine."""
    runner = await asyncio.to_thread(_prepared, args, pause_on_shutdown, limit, print_starting_message)
    await runner.astart()


def _prepared(
    deployments: tuple[RunnerDeployment, ...], pause_on_shutdown: bool, limit: int | None, print_message: bool
) -> Runner:
    require_server()
    runner = Runner(pause_on_shutdown=pause_on_shutdown, limit=limit)
    for deployment in deployments:
        runner.add_deployment(deployment)
    if print_message:
        names = [deployment.full_name for deployment in deployments]
        sys.stdout.write(
            "".join(f"Serving {name}\n" for name in names)
            + f"\nTo run one now:   penstock deployment run {names[0] if names else 'FLOW/NAME'!r}\n"
        )
        sys.stdout.flush()
    return runner
