"""One run's job, from its making to its end."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any
from uuid import UUID

from penstock.core import clock
from penstock.core.errors import InfrastructureError
from penstock.reporting.recorder import current_recorder
from penstock.wire.logs import LogRecord
from penstock.workers.kubernetes.cluster import JOBS, PODS, SECRETS, Cluster, ClusterError, Kind, Object
from penstock.workers.kubernetes.configuration import ATTEMPT_LABEL, FLOW_RUN_LABEL, KubernetesJobConfiguration
from penstock.workers.kubernetes.logs import PodLog
from penstock.workers.kubernetes.standing import Limit, Standing, has_ended, has_started, standing_of
from penstock.workers.kubernetes.view import JobView, NamespaceView, made_at

_log = logging.getLogger("penstock.workers.kubernetes")

LOGGER = "penstock.workers.kubernetes"
"""By this name the cluster's warnings stand in a run's log."""

_LAST_LINES_SECONDS = 10.0
_LOOK_SECONDS = 5.0
_MOST_TRIES = 4
_CLEAN_GRACE_SECONDS = 10.0


class JobRun:
    """Makes the job of a run, and waits for its end.

    Parameters:
        cluster: the cluster.
        view: what is known of the namespace.
        flow_run_id: the run.
        configuration: what the job is like.
    """

    def __init__(
        self, cluster: Cluster, view: NamespaceView, flow_run_id: UUID, configuration: KubernetesJobConfiguration
    ) -> None:
        self._cluster = cluster
        self._namespace = view
        self._flow_run_id = flow_run_id
        self._configuration = configuration
        self._view: JobView = view.open(configuration.job_name)
        self._since: dict[str, float] = {}
        self._logs: dict[str, asyncio.Task[None]] = {}
        self._told = 0

    async def make(self) -> None:
        """Make the job and the secret that it owns.

        An answer that got lost does no harm: the job's name belongs to this attempt alone.

        Raises:
            InfrastructureError: the cluster refuses the job, or its name is taken by something else.
        """
        configuration = self._configuration
        job = await self._tried(JOBS, configuration.job_manifest)
        if job is None:
            job = await self._cluster.read(JOBS, configuration.namespace, configuration.job_name)
            labels = {} if job is None else job["metadata"].get("labels", {})
            if job is None or any(
                labels.get(name) != configuration.labels[name] for name in (FLOW_RUN_LABEL, ATTEMPT_LABEL)
            ):
                raise InfrastructureError(
                    f"There is a job {configuration.namespace}/{configuration.job_name} already, and it is not this run's. "
                    "Delete it, and start the run again."
                )
        if self._view.job is None:
            self._view.take_job(job)
        if configuration.secrets:
            await self._tried(SECRETS, configuration.secret_of(job))

    async def _tried(self, kind: Kind, body: Object) -> Object | None:
        for number in range(1, _MOST_TRIES + 1):
            try:
                return await self._cluster.create(kind, self._configuration.namespace, body)
            except ClusterError as error:
                if error.is_final or number == _MOST_TRIES:
                    raise
                _log.warning("%s It is tried again.", error)
                await clock.current().sleep_async(0.5 * 2.0**number)
        raise AssertionError

    async def ended(self) -> Standing:
        """Wait until the job has ended, or can't go on; return how."""
        try:
            while True:
                self._view.changed.clear()
                self._tell_warnings()
                self._follow_logs()
                standing = await self._standing()
                if standing.status is not None:
                    standing = await self._last_look() or standing
                    self._follow_logs()
                    await self._read_last_lines()
                    return standing
                await self._wait(self._seconds_left(standing.limits))
        finally:
            await self._close()

    async def _standing(self) -> Standing:
        if self._view.is_missing:
            job = await self._confirmed()
            if job is None:
                return self._gone()
        standing = self._as_seen()
        if standing.status is not None:
            return standing
        if not self._namespace.is_live:
            # What is not known to be so still is not held against it: its time begins anew once it is known again.
            self._since.clear()
            return standing
        limits = (*standing.limits, *self._whole_limit())
        return self._over(limits) or Standing(limits=limits)

    def _as_seen(self) -> Standing:
        view, configuration = self._view, self._configuration
        assert view.job is not None
        warning = view.warnings[-1] if view.warnings else None
        start_seconds = configuration.pod_watch_timeout_seconds
        return standing_of(view.job, list(view.pods.values()), configuration.container, start_seconds, warning)

    async def _last_look(self) -> Standing | None:
        """Look at the pods once more: what the job says may have come before what they say of their ends.

        Returns:
            How the job ended, as it is known now; None where there is nothing new.
        """
        configuration = self._configuration
        try:
            pods, _ = await self._cluster.list(
                PODS, configuration.namespace, labels=f"job-name={configuration.job_name}"
            )
        except ClusterError:
            return None
        for pod in sorted(pods, key=made_at):
            self._view.take_pod(pod)
        standing = self._as_seen()
        return None if standing.status is None else standing

    async def _confirmed(self) -> Object | None:
        """Ask for a job that seems to be gone: a list may be older than the job."""
        try:
            job = await self._cluster.read(JOBS, self._configuration.namespace, self._configuration.job_name)
        except ClusterError:
            return self._view.job
        if job is not None:
            self._view.take_job(job)
        return job

    def _gone(self) -> Standing:
        """Return how a job ended that is gone: as it was last seen, where it had ended by then."""
        configuration, job = self._configuration, self._view.job
        assert job is not None
        last = standing_of(job, list(self._view.pods.values()), configuration.container, 1.0, None)
        if last.status is not None:
            return last
        return Standing(1, f"Its job {configuration.namespace}/{configuration.job_name} was deleted by somebody else.")

    def _whole_limit(self) -> tuple[Limit, ...]:
        seconds = self._configuration.job_watch_timeout_seconds
        if seconds is None:
            return ()
        return (Limit("job", seconds, f"Its job ran for longer than job_watch_timeout_seconds={seconds:g}."),)

    def _over(self, limits: tuple[Limit, ...]) -> Standing | None:
        """Note since when each is so; return the end of a run of which something was so for too long."""
        now = clock.current().monotonic()
        self._since = {limit.name: self._since.get(limit.name, now) for limit in limits}
        for limit in limits:
            if now - self._since[limit.name] >= limit.seconds:
                return Standing(1, limit.reason)
        return None

    def _seconds_left(self, limits: tuple[Limit, ...]) -> float | None:
        if not self._namespace.is_live:
            return _LOOK_SECONDS
        now = clock.current().monotonic()
        left = [self._since[limit.name] + limit.seconds - now for limit in limits if limit.name in self._since]
        return min(left, default=None)

    async def _wait(self, seconds: float | None) -> None:
        """Wait until something has changed, for so long at most."""
        changed = asyncio.create_task(self._view.changed.wait())
        waiting: set[asyncio.Task[Any]] = {changed}
        if seconds is not None:
            waiting.add(asyncio.create_task(_sleep(max(0.0, seconds))))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    def _tell_warnings(self) -> None:
        for text in self._view.warnings[self._told :]:
            line = LogRecord(clock.now(), logging.WARNING, LOGGER, text, self._flow_run_id, None)
            current_recorder().log(line)
        self._told = len(self._view.warnings)

    def _follow_logs(self) -> None:
        if not self._configuration.stream_output:
            return
        container = self._configuration.container
        for name, pod in self._view.pods.items():
            if name not in self._logs and has_started(pod, container):
                log = PodLog(
                    self._cluster,
                    self._configuration.namespace,
                    name,
                    container,
                    self._flow_run_id,
                    lambda name=name: has_ended(self._view.pods[name], container),  # type: ignore[misc]
                )
                self._logs[name] = asyncio.create_task(log.follow(), name=f"log of pod {name}")

    async def _read_last_lines(self) -> None:
        if self._logs:
            await asyncio.wait(self._logs.values(), timeout=_LAST_LINES_SECONDS)

    async def _close(self) -> None:
        for task in self._logs.values():
            task.cancel()
        for task in self._logs.values():
            with suppress(asyncio.CancelledError, Exception):
                await task
        self._namespace.shut(self._configuration.job_name)


async def _sleep(seconds: float) -> None:
    await clock.current().sleep_async(seconds)


async def end_job(
    cluster: Cluster, view: NamespaceView, name: str, grace_seconds: float = _CLEAN_GRACE_SECONDS
) -> None:
    """Delete a job, and wait until it and its pods are gone.

    The cluster gives the pods of a deleted job their own grace time; so they are told ours. A pod on a lost node would stay
    for ever: after the grace time and a margin it is deleted by force.

    Parameters:
        cluster: the cluster.
        view: what is known of the namespace.
        name: the job.
        grace_seconds: how long its processes may take.

    Raises:
        InfrastructureError: it is still there after that.
    """
    if not await cluster.delete(JOBS, view.namespace, name):
        return
    for grace, patience in ((grace_seconds, grace_seconds + _CLEAN_GRACE_SECONDS), (0.0, _CLEAN_GRACE_SECONDS)):
        pods, _ = await cluster.list(PODS, view.namespace, labels=f"job-name={name}")
        for pod in pods:
            await cluster.delete(PODS, view.namespace, pod["metadata"]["name"], grace)
        if await _is_gone(cluster, view, name, patience):
            return
    raise InfrastructureError(
        f"The job {view.namespace}/{name} is still there. Look what keeps it: kubectl describe job."
    )


async def _is_gone(cluster: Cluster, view: NamespaceView, name: str, seconds: float) -> bool:
    """Whether a job is gone before so many seconds have passed."""
    until = clock.current().monotonic() + seconds
    while await cluster.read(JOBS, view.namespace, name) is not None:
        left = until - clock.current().monotonic()
        if left <= 0:
            return False
        await view.any_change(min(left, _LOOK_SECONDS))
    return True
