"""What can be asked about work queues, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

import builtins

import msgspec

from penstock.client.threads import in_thread
from penstock.client.transport import Transport
from penstock.wire.deploying.work_pools import (
    WorkQueue,
    WorkQueueByName,
    WorkQueueChanges,
    WorkQueueCreate,
    WorkQueuePage,
    WorkQueueQuery,
)
from penstock.wire.operations import (
    WORK_QUEUES_CREATE,
    WORK_QUEUES_DELETE,
    WORK_QUEUES_LIST,
    WORK_QUEUES_READ,
    WORK_QUEUES_UPDATE,
)
from penstock.wire.requests import Done


class WorkQueues:
    """What can be asked of a server about work queues."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def create(
        self,
        *,
        pool_name: str,
        name: str,
        priority: int | None = None,
        description: str | None = None,
        concurrency_limit: int | None = None,
        paused: bool = False,
    ) -> WorkQueue:
        """`POST /api/work_queues`: create of work queues.

        A new queue of a work pool. Where there is one of that name, it is changed to this.
        """
        request = WorkQueueCreate(
            pool_name=pool_name,
            name=name,
            priority=priority,
            description=description,
            concurrency_limit=concurrency_limit,
            paused=paused,
        )
        return await in_thread(lambda: self._transport.call(WORK_QUEUES_CREATE, request))

    async def read(self, *, pool_name: str, name: str) -> WorkQueue:
        """`POST /api/work_queues/read`: read of work queues.

        One queue, by the names of its pool and its own.
        """
        request = WorkQueueByName(
            pool_name=pool_name,
            name=name,
        )
        return await in_thread(lambda: self._transport.call(WORK_QUEUES_READ, request))

    async def list(
        self,
        *,
        pool_names: builtins.list[str] | None = None,
        limit: int = 200,
        after: str | None = None,
    ) -> WorkQueuePage:
        """`POST /api/work_queues/filter`: list of work queues.

        A page of queues, by pool, priority and name. `after` is the `next` of the page before.
        """
        request = WorkQueueQuery(
            pool_names=pool_names,
            limit=limit,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(WORK_QUEUES_LIST, request))

    async def update(
        self,
        *,
        pool_name: str,
        name: str,
        priority: int | msgspec.UnsetType = msgspec.UNSET,
        description: str | msgspec.UnsetType | None = msgspec.UNSET,
        concurrency_limit: int | msgspec.UnsetType | None = msgspec.UNSET,
        paused: bool | msgspec.UnsetType = msgspec.UNSET,
    ) -> WorkQueue:
        """`POST /api/work_queues/update`: update of work queues.

        What is to be different in a queue; what is left out stays as it is.
        """
        request = WorkQueueChanges(
            pool_name=pool_name,
            name=name,
            priority=priority,
            description=description,
            concurrency_limit=concurrency_limit,
            paused=paused,
        )
        return await in_thread(lambda: self._transport.call(WORK_QUEUES_UPDATE, request))

    async def delete(self, *, pool_name: str, name: str) -> Done:
        """`POST /api/work_queues/delete`: delete of work queues.

        One queue, by the names of its pool and its own.
        """
        request = WorkQueueByName(
            pool_name=pool_name,
            name=name,
        )
        return await in_thread(lambda: self._transport.call(WORK_QUEUES_DELETE, request))
