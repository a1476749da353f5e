"""What can be asked about workers, by the client that waits for each answer. Made by scripts/generate_client.py."""

from __future__ import annotations

import builtins
from typing import Any
from uuid import UUID

from penstock.client.transport import Transport
from penstock.wire.deploying.workers import (
    WorkerById,
    WorkerHeartbeat,
    WorkerOrders,
    WorkerPage,
    WorkerQuery,
    WorkerStatus,
)
from penstock.wire.operations import WORKERS_DELETE, WORKERS_HEARTBEAT, WORKERS_LIST
from penstock.wire.requests import Done, LeaseClaim


class Workers:
    """What can be asked of a server about workers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def heartbeat(
        self,
        id: str,
        *,
        name: str,
        type: str,
        pool_name: str | None = None,
        deployment_ids: builtins.list[UUID] | None = None,
        heartbeat_seconds: float = 10.0,
        lease_seconds: float = 45.0,
        claims: builtins.list[LeaseClaim] | None = None,
        running: builtins.list[LeaseClaim] | None = None,
        draining: bool = False,
        hostname: str = "",
        pid: int = 0,
        version: str = "",
        base_job_template: dict[str, Any] | None = None,
    ) -> WorkerOrders:
        """`POST /api/workers/heartbeat`: heartbeat of workers.

        A worker says that it lives, and what it holds. The first one makes it known.
        """
        request = WorkerHeartbeat(
            id=id,
            name=name,
            type=type,
            pool_name=pool_name,
            deployment_ids=deployment_ids,
            heartbeat_seconds=heartbeat_seconds,
            lease_seconds=lease_seconds,
            claims=[] if claims is None else claims,
            running=[] if running is None else running,
            draining=draining,
            hostname=hostname,
            pid=pid,
            version=version,
            base_job_template=base_job_template,
        )
        return self._transport.call(WORKERS_HEARTBEAT, request)

    def list(
        self,
        *,
        pool_names: builtins.list[str] | None = None,
        statuses: builtins.list[WorkerStatus] | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> WorkerPage:
        """`POST /api/workers/filter`: list of workers.

        A page of workers, those heard of last first. `after` is the `next` of the page before.
        """
        request = WorkerQuery(
            pool_names=pool_names,
            statuses=statuses,
            limit=limit,
            after=after,
        )
        return self._transport.call(WORKERS_LIST, request)

    def delete(self, *, worker_id: str) -> Done:
        """`POST /api/workers/delete`: delete of workers.

        One worker, by its id, which is a word of its own.
        """
        request = WorkerById(
            worker_id=worker_id,
        )
        return self._transport.call(WORKERS_DELETE, request)
