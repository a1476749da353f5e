"""The Kubernetes worker: each run in a job of its own."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from penstock.client.transport import call
from penstock.core import clock
from penstock.core.errors import PenstockException
from penstock.wire.deploying.job_templates import TEMPLATES
from penstock.wire.deploying.work_pools import WorkPoolByName
from penstock.wire.operations import WORK_POOLS_READ
from penstock.workers.base import BaseVariables, BaseWorker, BaseWorkerResult, TaskStatus
from penstock.workers.kubernetes.cluster import JOBS, Cluster, ClusterError, own_namespace
from penstock.workers.kubernetes.configuration import KubernetesJobConfiguration
from penstock.workers.kubernetes.job_run import JobRun, end_job
from penstock.workers.kubernetes.orphans import SWEEP_SECONDS, remove_orphans
from penstock.workers.kubernetes.view import NamespaceView

if TYPE_CHECKING:
    from penstock.wire.flow_runs import FlowRun


class KubernetesWorkerResult(BaseWorkerResult):
    """How the job of a run ended: 0, or the exit code of its container; 1 where it has none."""


class KubernetesWorker(BaseWorker[KubernetesJobConfiguration, BaseVariables, KubernetesWorkerResult]):
    """Runs each flow run as a job of a Kubernetes cluster: the one it is in itself, else the one that KUBECONFIG names."""

    type: ClassVar[str] = "kubernetes"
    job_configuration = KubernetesJobConfiguration
    _description: ClassVar[str] = "Runs each flow run as a job of a Kubernetes cluster."

    def __init__(self, work_pool_name: str | None = None, name: str | None = None) -> None:
        super().__init__(work_pool_name, name)
        self._cluster: Cluster | None = None
        self._views: dict[str, asyncio.Task[NamespaceView]] = {}
        self._ending: set[str] = set()
        self._sweeping: asyncio.Task[None] | None = None

    @classmethod
    def get_default_base_job_template(cls) -> dict[str, Any]:
        """Return the template of a pool of this type that nobody has changed: the one that servers know."""
        return TEMPLATES[cls.type]

    async def setup(self) -> None:
        """Find the cluster, and look for jobs that an earlier worker of the pool has left."""
        self._cluster = self._cluster or Cluster()
        if self.work_pool_name is not None and self._sweeping is None:
            self._sweeping = asyncio.create_task(self._sweep(self.work_pool_name), name="kubernetes orphans")

    async def teardown(self) -> None:
        """Watch no longer, and let go of the connections."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeping
        for beginning in self._views.values():
            beginning.cancel()
            with suppress(asyncio.CancelledError, ClusterError):
                await (await beginning).close()
        self._views.clear()
        if self._cluster is not None:
            await self._cluster.close()
        self._cluster = self._sweeping = None

    async def _reached(self) -> Cluster:
        if self._cluster is None:
            await self.setup()
        assert self._cluster is not None
        return self._cluster

    async def _view(self, namespace: str) -> NamespaceView:
        """Return what is known of a namespace; it is watched once, for all runs.

        Raises:
            ClusterError: its jobs or pods can't be listed.
        """
        cluster = await self._reached()
        beginning = self._views.get(namespace)
        if beginning is None or (beginning.done() and (beginning.cancelled() or beginning.exception() is not None)):
            beginning = self._views[namespace] = asyncio.create_task(_begun(NamespaceView(cluster, namespace)))
        return await asyncio.shield(beginning)

    async def run(
        self, flow_run: FlowRun, configuration: KubernetesJobConfiguration, task_status: TaskStatus | None = None
    ) -> KubernetesWorkerResult:
        """Make the job of a run, and wait until it has ended."""
        cluster, view = await self._reached(), await self._view(configuration.namespace)
        job = JobRun(cluster, view, flow_run.id, configuration)
        identifier = f"{configuration.namespace}/{configuration.job_name}"
        making = asyncio.create_task(job.make())
        try:
            await asyncio.shield(making)
            if task_status is not None:
                task_status.started(identifier)
            standing = await job.ended()
        except BaseException:
            await asyncio.shield(self._undo(making, view, configuration.job_name))
            raise
        finally:
            view.shut(configuration.job_name)
            was_ended = identifier in self._ending
            self._ending.discard(identifier)
        if was_ended:
            return KubernetesWorkerResult(
                identifier=identifier, status_code=1, reason="Its job was ended by its worker."
            )
        if standing.status:
            with suppress(ClusterError):
                await self._removed_if_unended(cluster, view, configuration.job_name)
        return KubernetesWorkerResult(identifier=identifier, status_code=standing.status or 0, reason=standing.reason)

    async def _undo(self, making: asyncio.Task[None], view: NamespaceView, name: str) -> None:
        """Leave nothing of a run that is not waited for any more: not even what is just being made."""
        cluster = await self._reached()
        with suppress(ClusterError, asyncio.CancelledError):
            await making
        try:
            await end_job(cluster, view, name, 0.0)
        except PenstockException as error:
            self.logger.warning("%s", error)

    async def _removed_if_unended(self, cluster: Cluster, view: NamespaceView, name: str) -> None:
        """Delete a job that was given up while the cluster would still go on with it."""
        job = await cluster.read(JOBS, view.namespace, name)
        ended = {"Complete", "Failed"}
        if job is not None and not any(
            one["type"] in ended and one["status"] == "True" for one in (job.get("status") or {}).get("conditions", [])
        ):
            await cluster.delete(JOBS, view.namespace, name)

    async def kill_infrastructure(
        self, identifier: str, configuration: KubernetesJobConfiguration, grace_seconds: float = 30.0
    ) -> None:
        """Delete the job of a run, and first its pods, which are given the grace time."""
        namespace, _, name = identifier.rpartition("/")
        cluster, view = await self._reached(), await self._view(namespace or configuration.namespace)
        if view.is_watched(name):
            self._ending.add(identifier)
        await end_job(cluster, view, name, grace_seconds)

    async def _sweep(self, pool_name: str) -> None:
        """Look for orphans now and then, in every namespace that is watched, and in the one that the pool names."""
        cluster = await self._reached()
        while True:
            try:
                template = (await asyncio.to_thread(call, WORK_POOLS_READ, WorkPoolByName(pool_name))).base_job_template
                await self._view(_namespace_of(template))
            except PenstockException as error:
                self.logger.info("The pool's namespace can't be looked through for jobs left behind: %s", error)
            for beginning in list(self._views.values()):
                if beginning.done() and not beginning.cancelled() and beginning.exception() is None:
                    await remove_orphans(cluster, beginning.result(), pool_name)
            await clock.current().sleep_async(SWEEP_SECONDS)


async def _begun(view: NamespaceView) -> NamespaceView:
    await view.begin()
    return view


def _namespace_of(template: dict[str, Any]) -> str:
    """Return the namespace that runs of a pool are started in where they say nothing else."""
    said = template.get("variables", {}).get("properties", {}).get("namespace", {}).get("default")
    return str(said or own_namespace())
