"""Jobs that nobody waits for any more: those of attempts that are over, whose worker was killed or lost."""

from __future__ import annotations

import asyncio
import logging
from uuid import UUID

from penstock.client.transport import call
from penstock.core.errors import ObjectNotFound, PenstockException
from penstock.core.state_type import TERMINAL_STATES
from penstock.wire.operations import FLOW_RUNS_READ
from penstock.wire.requests import ById
from penstock.workers.kubernetes.cluster import JOBS, Cluster, ClusterError, Object
from penstock.workers.kubernetes.configuration import ATTEMPT_LABEL, FLOW_RUN_LABEL, POOL_LABEL, label_value
from penstock.workers.kubernetes.view import NamespaceView

_log = logging.getLogger("penstock.workers.kubernetes")

SWEEP_SECONDS = 60.0
"""How often they are looked for."""

_MOST_AT_ONCE = 100


async def remove_orphans(cluster: Cluster, view: NamespaceView, pool_name: str) -> list[str]:
    """Delete the jobs of a pool's runs whose attempt is over by the server's word; return their names.

    A job that goes on for an attempt that is still valid is left alone, whoever started it: its run reports by itself. So
    is one whose run this server doesn't know, which may be another server's, and one that has ended, which its time to
    live removes.

    Parameters:
        cluster: the cluster.
        view: what is known of the namespace.
        pool_name: the pool.
    """
    pool = label_value(pool_name)
    candidates = [
        (name, job)
        for name, job in list(view.jobs.items())
        if _labels(job).get(POOL_LABEL) == pool
        and not view.is_watched(name)
        and not _has_ended(job)
        and not job["metadata"].get("deletionTimestamp")
    ]
    removed = []
    for name, job in candidates[:_MOST_AT_ONCE]:
        if not await asyncio.to_thread(_is_over, _labels(job)) or view.is_watched(name):
            continue
        try:
            await cluster.delete(JOBS, view.namespace, name)
        except ClusterError as error:
            _log.warning("%s", error)
            continue
        _log.warning("Job %s/%s is deleted: its attempt at its run is over.", view.namespace, name)
        removed.append(name)
    return removed


def _is_over(labels: dict[str, str]) -> bool:
    """Whether the attempt that a job is for is over. What can't be told is not."""
    try:
        run_id, attempt = UUID(labels[FLOW_RUN_LABEL]), int(labels[ATTEMPT_LABEL])
        run = call(FLOW_RUNS_READ, ById(run_id))
    except (KeyError, ValueError, ObjectNotFound):
        return False
    except PenstockException as error:
        _log.info("Whether a job is still needed can't be told: %s", error)
        return False
    return run.attempt > attempt or (run.attempt == attempt and run.state.type in TERMINAL_STATES)


def _labels(job: Object) -> dict[str, str]:
    return dict(job["metadata"].get("labels") or {})


def _has_ended(job: Object) -> bool:
    conditions = (job.get("status") or {}).get("conditions", [])
    return any(one.get("type") in {"Complete", "Failed"} and one.get("status") == "True" for one in conditions)
