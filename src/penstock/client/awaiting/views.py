"""What can be asked about views, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from penstock.client.threads import in_thread
from penstock.client.transport import Transport
from penstock.wire.operations import VIEWS_CREATE, VIEWS_DELETE, VIEWS_LIST, VIEWS_READ, VIEWS_UPDATE
from penstock.wire.requests import ById, Done
from penstock.wire.viewing.views import View, ViewChanges, ViewCreate, ViewKind, ViewPage, ViewQuery


class Views:
    """What can be asked of a server about views."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def create(self, id: UUID, *, kind: ViewKind, name: str, filter: dict[str, Any]) -> View:
        """`POST /api/views`: create of views.

        A new view. Creating one twice with the same id gives the first one back.
        """
        request = ViewCreate(
            id=id,
            kind=kind,
            name=name,
            filter=filter,
        )
        return await in_thread(lambda: self._transport.call(VIEWS_CREATE, request))

    async def read(self, id: UUID) -> View:
        """`GET /api/views/{id}`: read of views.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(VIEWS_READ, request))

    async def list(self, *, kind: ViewKind, limit: int = 200, after: str | None = None) -> ViewPage:
        """`POST /api/views/filter`: list of views.

        A page of the views of a list, by name.
        """
        request = ViewQuery(
            kind=kind,
            limit=limit,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(VIEWS_LIST, request))

    async def update(
        self,
        id: UUID,
        *,
        name: str | msgspec.UnsetType = msgspec.UNSET,
        filter: dict[str, Any] | msgspec.UnsetType = msgspec.UNSET,
    ) -> View:
        """`POST /api/views/{id}/update`: update of views.

        What is to be changed of a view; what is left out stays.
        """
        request = ViewChanges(
            id=id,
            name=name,
            filter=filter,
        )
        return await in_thread(lambda: self._transport.call(VIEWS_UPDATE, request))

    async def delete(self, id: UUID) -> Done:
        """`DELETE /api/views/{id}`: delete of views.

        One object, by its id.
        """
        request = ById(
            id=id,
        )
        return await in_thread(lambda: self._transport.call(VIEWS_DELETE, request))
