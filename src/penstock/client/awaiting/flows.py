"""What can be asked about flows, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

from uuid import UUID

from penstock.client.threads import in_thread
from penstock.client.transport import Transport
from penstock.wire.flows import Flow, FlowFilter
from penstock.wire.operations import FLOWS_COUNT, FLOWS_LIST, FLOWS_READ
from penstock.wire.requests import ById, Count, FlowCountQuery, FlowPage, FlowQuery
from penstock.wire.sorts import FlowSort


class Flows:
    """What can be asked of a server about flows."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def read(self, id: UUID) -> Flow:
        """`GET /api/flows/{id}`: read of flows.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(FLOWS_READ, request))

    async def list(
        self,
        *,
        filter: FlowFilter | None = None,
        limit: int = 50,
        after: str | None = None,
        sort: FlowSort = FlowSort.NAME_ASC,
    ) -> FlowPage:
        """`POST /api/flows/filter`: list of flows.

        A page of flows, by name unless another `sort` is given. `after` is the `next` of the page before.
        """
        request = FlowQuery(
            filter=FlowFilter() if filter is None else filter,
            limit=limit,
            after=after,
            sort=sort,
        )
        return await in_thread(lambda: self._transport.call(FLOWS_LIST, request))

    async def count(self, *, filter: FlowFilter | None = None) -> Count:
        """`POST /api/flows/count`: count of flows.

        How many flows there are.
        """
        request = FlowCountQuery(
            filter=FlowFilter() if filter is None else filter,
        )
        return await in_thread(lambda: self._transport.call(FLOWS_COUNT, request))
