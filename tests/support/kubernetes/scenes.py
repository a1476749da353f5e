"""A Kubernetes worker in this process, on a fake cluster whose pods live as a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from support.kubernetes.cluster import FakeCluster, fake_cluster
from support.kubernetes.still_clock import StillClock, still_clock

from penstock.core import clock
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.reporting.recorder import use_recorder
from penstock.wire.deploying.job_templates import TEMPLATES
from penstock.wire.flow_runs import FlowRun
from penstock.wire.logs import LogRecord
from penstock.wire.states import StateRecord
from penstock.workers import environment
from penstock.workers.base import TaskStatus
from penstock.workers.kubernetes import KubernetesJobConfiguration, KubernetesWorker, KubernetesWorkerResult

RUN_TOKEN = "token-of-this-run-only"


class Lines:
    """Keeps the log lines of runs in place of the record.

    Attributes:
        kept: the lines.
    """

    def __init__(self) -> None:
        self.kept: list[LogRecord] = []
        self.came = asyncio.Event()

    def log(self, line: LogRecord) -> None:
        """Keep a line."""
        self.kept.append(line)
        self.came.set()

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""

    @property
    def texts(self) -> list[str]:
        """What the lines say."""
        return [line.message for line in self.kept]

    async def until(self, text: str) -> None:
        """Wait until a line says this."""
        while text not in self.texts:
            self.came.clear()
            await self.came.wait()


class Started:
    """A run that the worker was given.

    Attributes:
        flow_run: the run.
        configuration: how it is started.
        status: says when it has begun.
        running: the worker's `run`.
    """

    def __init__(self, scene: Scene, variables: dict[str, Any], manifest: Callable[[Any], None] | None) -> None:
        now = clock.now()
        pending = StateRecord(StateType.PENDING, "Pending", now)
        self.flow_run = FlowRun(uuid7(), uuid7(), "a flow", "Brave Otter (1)", pending, now, attempt=3)
        template = TEMPLATES["kubernetes"]
        values = {"image": "registry.example/flows:1", **variables}
        self.configuration: KubernetesJobConfiguration = KubernetesJobConfiguration.from_template_and_values(
            template, values
        )
        if manifest is not None:
            manifest(self.configuration.job_manifest)
        token = environment.token.set(RUN_TOKEN)
        self.configuration.prepare_for_flow_run(self.flow_run, worker_name=scene.worker.name)
        environment.token.reset(token)
        self.status = TaskStatus()
        self.running: asyncio.Task[KubernetesWorkerResult] = asyncio.create_task(
            scene.worker.run(self.flow_run, self.configuration, self.status)
        )

    @property
    def job_name(self) -> str:
        """The name of its job."""
        return self.configuration.job_name


class Scene:
    """A worker and its cluster.

    Attributes:
        cluster: the cluster.
        clock: the clock, which stands still.
        worker: the worker.
        lines: what runs logged.
    """

    def __init__(self, cluster: FakeCluster, still: StillClock, lines: Lines) -> None:
        self.cluster = cluster
        self.clock = still
        self.lines = lines
        self.worker = KubernetesWorker(name="tested")

    def begin(self, manifest: Callable[[Any], None] | None = None, **variables: Any) -> Started:
        """Give the worker a run."""
        return Started(self, variables, manifest)

    async def pod_of(self, run: Started) -> str:
        """Return the name of a run's pod, once there is one."""

        def found() -> str | None:
            names = [one["metadata"]["name"] for one in self.cluster.all("pods", run.configuration.namespace)]
            return next((name for name in names if name.startswith(run.job_name)), None)

        return str(await asyncio.to_thread(self.cluster.until, found))

    async def seen(self, run: Started, wanted: Callable[[Any], bool]) -> None:
        """Wait until the worker has seen a run's pod as it is wanted."""
        view = (await self.worker._view(run.configuration.namespace)).open(run.job_name)
        while not any(wanted(pod) for pod in view.pods.values()):
            await view.changed.wait()
            await asyncio.sleep(0)

    def watches(self, kind: str) -> list[dict[str, str]]:
        """Return the queries of the watches on a kind, in order."""
        return [query for _, path, query in self.cluster.api.requests if path.endswith(kind) and "watch" in query]

    def lists(self, kind: str) -> list[dict[str, str]]:
        """Return the queries of the lists of a kind, in order."""
        return [
            query
            for method, path, query in self.cluster.api.requests
            if method == "GET" and path.endswith(f"/{kind}") and "watch" not in query
        ]


@asynccontextmanager
async def _played(kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    lines = Lines()
    replaced = use_recorder(lines)  # type: ignore[arg-type]
    try:
        with fake_cluster(kubeconfig) as cluster, still_clock() as still:
            monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
            scene = Scene(cluster, still, lines)
            try:
                async with asyncio.timeout(60):
                    yield scene
            finally:
                await scene.worker.teardown()
    finally:
        use_recorder(replaced)


Play = Callable[[Callable[[Scene], Awaitable[None]]], None]


def playing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Return what plays a scene to its end."""

    def play(scene: Callable[[Scene], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with _played(tmp_path / "kubeconfig", monkeypatch) as one:
                await scene(one)

        asyncio.run(whole())

    return play
