"""What can be asked about backfills, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

import builtins
from datetime import datetime
from typing import Any
from uuid import UUID

from penstock.client.threads import in_thread
from penstock.client.transport import Transport
from penstock.wire.deploying.backfills import Backfill, BackfillCreate, BackfillPage, BackfillQuery, BackfillStatus
from penstock.wire.operations import BACKFILLS_CANCEL, BACKFILLS_CREATE, BACKFILLS_LIST, BACKFILLS_READ
from penstock.wire.requests import ById
from penstock.wire.schedules import Schedule


class Backfills:
    """What can be asked of a server about backfills."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def create(
        self,
        id: UUID,
        *,
        deployment_id: UUID,
        start: datetime,
        end: datetime,
        schedule_slug: str | None = None,
        schedule: Schedule | None = None,
        concurrency: int = 1,
        parameters: dict[str, Any] | None = None,
        instant_parameter: str | None = None,
        newest_first: bool = False,
        dry_run: bool = False,
    ) -> Backfill:
        """`POST /api/backfills`: create of backfills.

        Run a deployment for every instant of a range. Creating one twice with the same id gives the first one
        back.
        """
        request = BackfillCreate(
            id=id,
            deployment_id=deployment_id,
            start=start,
            end=end,
            schedule_slug=schedule_slug,
            schedule=schedule,
            concurrency=concurrency,
            parameters={} if parameters is None else parameters,
            instant_parameter=instant_parameter,
            newest_first=newest_first,
            dry_run=dry_run,
        )
        return await in_thread(lambda: self._transport.call(BACKFILLS_CREATE, request))

    async def read(self, id: UUID) -> Backfill:
        """`GET /api/backfills/{id}`: read of backfills.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(BACKFILLS_READ, request))

    async def list(
        self,
        *,
        deployment_ids: builtins.list[UUID] | None = None,
        statuses: builtins.list[BackfillStatus] | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> BackfillPage:
        """`POST /api/backfills/filter`: list of backfills.

        A page of backfills, newest first. `after` is the `next` of the page before.
        """
        request = BackfillQuery(
            deployment_ids=deployment_ids,
            statuses=statuses,
            limit=limit,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(BACKFILLS_LIST, request))

    async def cancel(self, id: UUID) -> Backfill:
        """`POST /api/backfills/{id}/cancel`: cancel of backfills.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(BACKFILLS_CANCEL, request))
