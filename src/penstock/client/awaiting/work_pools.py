"""What can be asked about work pools, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

import builtins
from typing import Any

import msgspec

from penstock.client.threads import in_thread
from penstock.client.transport import Transport
from penstock.wire.deploying.work_pools import (
    WorkPool,
    WorkPoolByName,
    WorkPoolChanges,
    WorkPoolCreate,
    WorkPoolPage,
    WorkPoolQuery,
)
from penstock.wire.operations import (
    WORK_POOLS_CREATE,
    WORK_POOLS_DELETE,
    WORK_POOLS_LIST,
    WORK_POOLS_READ,
    WORK_POOLS_UPDATE,
)
from penstock.wire.requests import Done


class WorkPools:
    """What can be asked of a server about work pools."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def create(
        self,
        *,
        name: str,
        type: str,
        description: str | None = None,
        base_job_template: dict[str, Any] | None = None,
        concurrency_limit: int | None = None,
        paused: bool = False,
        overwrite: bool = False,
    ) -> WorkPool:
        """`POST /api/work_pools`: create of work pools.

        A new work pool.
        """
        request = WorkPoolCreate(
            name=name,
            type=type,
            description=description,
            base_job_template=base_job_template,
            concurrency_limit=concurrency_limit,
            paused=paused,
            overwrite=overwrite,
        )
        return await in_thread(lambda: self._transport.call(WORK_POOLS_CREATE, request))

    async def read(self, *, name: str) -> WorkPool:
        """`POST /api/work_pools/read`: read of work pools.

        One work pool, by its name.
        """
        request = WorkPoolByName(
            name=name,
        )
        return await in_thread(lambda: self._transport.call(WORK_POOLS_READ, request))

    async def list(
        self,
        *,
        names: builtins.list[str] | None = None,
        types: builtins.list[str] | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> WorkPoolPage:
        """`POST /api/work_pools/filter`: list of work pools.

        A page of work pools, by name. `after` is the `next` of the page before.
        """
        request = WorkPoolQuery(
            names=names,
            types=types,
            limit=limit,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(WORK_POOLS_LIST, request))

    async def update(
        self,
        *,
        name: str,
        description: str | msgspec.UnsetType | None = msgspec.UNSET,
        base_job_template: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET,
        concurrency_limit: int | msgspec.UnsetType | None = msgspec.UNSET,
        paused: bool | msgspec.UnsetType = msgspec.UNSET,
    ) -> WorkPool:
        """`POST /api/work_pools/update`: update of work pools.

        What is to be different in a work pool; what is left out stays as it is.
        """
        request = WorkPoolChanges(
            name=name,
            description=description,
            base_job_template=base_job_template,
            concurrency_limit=concurrency_limit,
            paused=paused,
        )
        return await in_thread(lambda: self._transport.call(WORK_POOLS_UPDATE, request))

    async def delete(self, *, name: str) -> Done:
        """`POST /api/work_pools/delete`: delete of work pools.

        One work pool, by its name.
        """
        request = WorkPoolByName(
            name=name,
        )
        return await in_thread(lambda: self._transport.call(WORK_POOLS_DELETE, request))
