"""One namespace, watched once for all runs in it: what is known of their jobs, pods, and warnings."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from penstock.core import clock
from penstock.workers.kubernetes.cluster import EVENTS, JOBS, PODS, Cluster, ClusterError, Object
from penstock.workers.kubernetes.configuration import FLOW_RUN_LABEL
from penstock.workers.kubernetes.watch import Watch

_log = logging.getLogger("penstock.workers.kubernetes")

MOST_WARNINGS = 100
"""Of one run: later ones are left out."""


def made_at(one: Object) -> str:
    """Return when an object was made, as the cluster writes it."""
    return str(one["metadata"].get("creationTimestamp", ""))


class JobView:
    """What is known of one job.

    Parameters:
        name: its name.

    Attributes:
        job: the job as it was last seen; None where it was not seen yet.
        pods: its pods as they were last seen, by name, the oldest first; those that are gone, too.
        warnings: what the cluster warned of, in order.
        is_missing: whether it seems to be gone.
        changed: set whenever something of this changes.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.job: Object | None = None
        self.pods: dict[str, Object] = {}
        self.warnings: list[str] = []
        self.is_missing = False
        self.changed = asyncio.Event()

    def take_job(self, job: Object, *, deleted: bool = False) -> None:
        """Take the job as it is, or as it last was."""
        self.job = job
        self.is_missing = deleted
        self.changed.set()

    def take_pod(self, pod: Object) -> None:
        """Take a pod of it."""
        self.pods[pod["metadata"]["name"]] = pod
        self.changed.set()

    def warn(self, text: str) -> None:
        """Take a warning, once."""
        if text not in self.warnings and len(self.warnings) < MOST_WARNINGS:
            self.warnings.append(text)
            self.changed.set()


class NamespaceView:
    """Watches a namespace's jobs and pods of runs, and its warnings, while anybody wants to know.

    Parameters:
        cluster: the cluster.
        namespace: the namespace.

    Attributes:
        jobs: all jobs of runs that are there, by name.
    """

    def __init__(self, cluster: Cluster, namespace: str) -> None:
        self.namespace = namespace
        self.jobs: dict[str, Object] = {}
        self._views: dict[str, JobView] = {}
        self._jobs = Watch(cluster, JOBS, namespace, _Jobs(self), labels=FLOW_RUN_LABEL)
        self._pods = Watch(cluster, PODS, namespace, _Pods(self), labels=FLOW_RUN_LABEL)
        self._events = Watch(cluster, EVENTS, namespace, _Warnings(self), fields="type=Warning")
        self._following: list[asyncio.Task[None]] = []
        self._pulse = asyncio.Event()

    @property
    def is_live(self) -> bool:
        """Whether what is known of jobs and pods is as it is now."""
        return self._jobs.is_live and self._pods.is_live

    async def begin(self) -> None:
        """Look for the first time, and watch from then on.

        Raises:
            ClusterError: jobs or pods can't be listed.
        """
        await asyncio.gather(self._jobs.begin(), self._pods.begin())
        watches = [self._jobs, self._pods]
        try:
            await self._events.begin()
            watches.append(self._events)
        except ClusterError as error:
            _log.warning("%s Runs have no warnings of the cluster in their logs.", error)
        self._following = [asyncio.create_task(watch.follow(), name="kubernetes watch") for watch in watches]

    async def close(self) -> None:
        """Watch no longer."""
        for task in self._following:
            task.cancel()
        for task in self._following:
            with suppress(asyncio.CancelledError):
                await task

    def open(self, name: str) -> JobView:
        """Return what becomes known of a job, from now on."""
        view = self._views.setdefault(name, JobView(name))
        if name in self.jobs:
            view.take_job(self.jobs[name])
        return view

    def shut(self, name: str) -> None:
        """Forget a job."""
        self._views.pop(name, None)

    async def any_change(self, seconds: float) -> None:
        """Wait until a job of the namespace has changed, for so long at most."""
        pulse = asyncio.create_task(self._pulse.wait())
        sleeping = asyncio.ensure_future(clock.current().sleep_async(seconds))
        try:
            await asyncio.wait((pulse, sleeping), return_when=asyncio.FIRST_COMPLETED)
        finally:
            pulse.cancel()
            sleeping.cancel()

    def _beat(self) -> None:
        self._pulse.set()
        self._pulse = asyncio.Event()

    def is_watched(self, name: str) -> bool:
        """Whether a run of this worker has the job."""
        return name in self._views

    def _view_of(self, name: Any) -> JobView | None:
        return self._views.get(str(name))


class _Jobs:
    def __init__(self, view: NamespaceView) -> None:
        self._view = view

    def take_all(self, objects: list[Object]) -> None:
        self._view.jobs = {one["metadata"]["name"]: one for one in objects}
        self._view._beat()
        for name, view in self._view._views.items():
            if name in self._view.jobs:
                view.take_job(self._view.jobs[name])
            elif view.job is not None:
                view.take_job(view.job, deleted=True)

    def take(self, change: str, one: Object) -> None:
        name = one["metadata"]["name"]
        if change == "DELETED":
            self._view.jobs.pop(name, None)
        else:
            self._view.jobs[name] = one
        view = self._view._view_of(name)
        if view is not None:
            view.take_job(one, deleted=change == "DELETED")
        self._view._beat()


class _Pods:
    def __init__(self, view: NamespaceView) -> None:
        self._view = view

    def take_all(self, objects: list[Object]) -> None:
        for one in sorted(objects, key=made_at):
            self.take("ADDED", one)

    def take(self, change: str, one: Object) -> None:
        for owner in one["metadata"].get("ownerReferences", []):
            view = self._view._view_of(owner.get("name")) if owner.get("kind") == "Job" else None
            if view is not None:
                view.take_pod(one)


class _Warnings:
    def __init__(self, view: NamespaceView) -> None:
        self._view = view

    def take_all(self, objects: list[Object]) -> None:
        for one in objects:
            self.take("ADDED", one)

    def take(self, change: str, one: Object) -> None:
        about = one.get("involvedObject") or {}
        name = str(about.get("name", ""))
        if about.get("kind") == "Pod":
            name = name.rpartition("-")[0]
        view = self._view._view_of(name) if about.get("kind") in {"Pod", "Job"} and change != "DELETED" else None
        if view is not None and one.get("type") == "Warning":
            view.warn(f"{one.get('reason', 'Warning')}: {one.get('message', '')}".strip(": "))
