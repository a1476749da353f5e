"""For whom a worker works, and how much at once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """For whom a worker works, and how much at once.

    Attributes:
        pool_name: the pool; None for one that serves deployments.
        queue_names: which queues of the pool; None for all.
        deployment_ids: what it serves, where it works for no pool.
        limit: how many runs it carries on at once; None for any number.
        heartbeat_seconds: how often it says that it lives.
        lease_seconds: for how long its claims last without that.
        wait_seconds: how long one request waits for a run that is due.
        drain_seconds: how long runs may go on when it is asked to end; None for as long as they take.
        run_once: end when what is due has been carried out.
    """

    pool_name: str | None = None
    queue_names: tuple[str, ...] | None = None
    deployment_ids: tuple[UUID, ...] | None = None
    limit: int | None = None
    heartbeat_seconds: float = 10.0
    lease_seconds: float = 45.0
    wait_seconds: float = 30.0
    drain_seconds: float | None = None
    run_once: bool = False
