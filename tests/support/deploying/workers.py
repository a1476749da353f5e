"""Real workers, in processes of their own, as a user starts them, and runs of deployments that they carry out."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from support.programs import TIMEOUT_SECONDS, environment
from support.servers import Server
from support.streams import Following, following

from penstock.client import Client
from penstock.client.http import HttpTransport
from penstock.core.ids import uuid7
from penstock.wire.deploying.deployments import (
    ApplyDeployment,
    Deployment,
    DeploymentByName,
    DeploymentChanges,
    DeploymentSpec,
    RunDeployment,
)
from penstock.wire.deploying.work_pools import WorkPoolCreate
from penstock.wire.flow_runs import FlowRun
from penstock.wire.logs import LogFilter
from penstock.wire.operations import (
    DEPLOYMENTS_APPLY,
    DEPLOYMENTS_READ_BY_NAME,
    DEPLOYMENTS_RUN,
    DEPLOYMENTS_UPDATE,
    FLOW_RUNS_READ,
    LOGS_LIST,
    WORK_POOLS_CREATE,
)
from penstock.wire.requests import ById, LogQuery

ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


class WorkerProcess:
    """A worker's process, which works for a pool.

    Parameters:
        server: the server it works for.
        arguments: of `penstock worker start`, beside the pool.
        pool: the pool.
        home: its home folder; by default the server's.
        more: variables of its environment.
    """

    def __init__(
        self, server: Server, *arguments: str, pool: str = "pool", home: Path | None = None, **more: str
    ) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "penstock", "worker", "start", "--pool", pool, *arguments],
            env=environment(home or server.home, PENSTOCK_API_URL=server.url, **more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith("Worker "):
            raise AssertionError(f"{line}{self.process.communicate()[1]}")

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send it a signal that ends it; return its exit code and what it said on standard error."""
        self.process.send_signal(number)
        self.process.wait(TIMEOUT_SECONDS)
        assert self.process.stderr is not None
        return self.process.returncode, self.process.stderr.read()


@contextmanager
def working(server: Server, *arguments: str, **options: Any) -> Iterator[WorkerProcess]:
    """Have a worker work for the block; it is killed after it if it has not ended."""
    worker = WorkerProcess(server, *arguments, **options)
    try:
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.process.kill()
        worker.process.communicate()


class Deployed:
    """A deployment of a flow in a file, whose runs are watched by the stream of flow runs.

    Parameters:
        server: the server.
        file: the file.
        flow_name: the flow in it; its function has the same name with underscores.
        spec: further fields of the deployment.
    """

    def __init__(self, server: Server, file: Path, flow_name: str, *, key: str | None = None, **spec: Any) -> None:
        self.server = server
        self.client = Client(HttpTransport(server.url, key))
        if "work_pool_name" not in spec:
            self.client.call(WORK_POOLS_CREATE, WorkPoolCreate("pool", "process", overwrite=True))
        options = {
            "work_pool_name": "pool",
            "entrypoint": f"{file.name}:{flow_name.replace('-', '_')}",
            "path": str(file.parent),
            **spec,
        }
        self.deployment: Deployment = self.client.call(
            DEPLOYMENTS_APPLY, ApplyDeployment(DeploymentSpec(flow_name, "tested", **options))
        )

    @classmethod
    def found(cls, server: Server, flow_name: str, name: str) -> Deployed:
        """Return a deployment that is there."""
        one = cls.__new__(cls)
        one.server, one.client = server, Client(HttpTransport(server.url))
        one.deployment = one.client.call(DEPLOYMENTS_READ_BY_NAME, DeploymentByName(flow_name, name))
        return one

    def move(self, pool_name: str) -> None:
        """Give it to another pool."""
        changes = DeploymentChanges(self.deployment.id, work_pool_name=pool_name)
        self.deployment = self.client.call(DEPLOYMENTS_UPDATE, changes)

    def run(self, **parameters: Any) -> FlowRun:
        """Have it run once, from now on."""
        return self.client.call(
            DEPLOYMENTS_RUN, RunDeployment(self.deployment.id, uuid7(), parameters=parameters)
        ).flow_run

    @contextmanager
    def watched(self, key: str | None = None) -> Iterator[Watching]:
        """Watch what becomes of runs that begin within the block."""
        shown = {} if key is None else {"Authorization": f"Bearer {key}"}
        with following(self.server, "/api/flow_runs/stream", **shown) as stream:
            yield Watching(stream, self.read)

    def read(self, run: FlowRun | UUID) -> FlowRun:
        """Return a run as it is."""
        return self.client.call(FLOW_RUNS_READ, ById(run if isinstance(run, UUID) else run.id))

    def logged(self, run: FlowRun) -> list[str]:
        """Return what a run logged."""
        page = self.client.call(LOGS_LIST, LogQuery(LogFilter(flow_run_ids=[run.id]), limit=1_000))
        return [line.message for line in page.items]


class Watching:
    """A stream of flow runs, from which one waits for what one wants to see.

    Parameters:
        stream: the stream.
        read: returns a run as it is.
    """

    def __init__(self, stream: Following, read: Callable[[UUID], FlowRun]) -> None:
        self._stream = stream
        self._read = read
        self._unseen: dict[str, deque[dict[str, Any]]] = defaultdict(deque)

    def until(self, run: FlowRun, wanted: Callable[[dict[str, Any]], bool]) -> FlowRun:
        """Wait until the state of a run is as wanted, and return the run. What comes of others meanwhile is kept for them."""
        states = self._unseen[str(run.id)]
        while True:
            while states:
                if wanted(states.popleft()):
                    return self._read(run.id)
            message = self._stream.next()
            if message.kind == "flow_run":
                self._unseen[message.data["id"]].append(message.data["state"])

    def ended(self, run: FlowRun) -> FlowRun:
        """Wait until a run has ended, and return it."""
        return self.until(run, lambda state: state["type"] in ENDED)

    def is_in(self, run: FlowRun, name: str) -> FlowRun:
        """Wait until a run is in a state of this name, and return it."""
        return self.until(run, lambda state: state["name"] == name)
