"""What can be asked about logs, by the client for coroutines. Made by scripts/generate_client.py."""

from __future__ import annotations

import builtins
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from penstock.client.threads import each_in_thread, in_thread
from penstock.client.transport import Transport
from penstock.wire.logs import LogFilter, LogFormat, LogsDownloaded
from penstock.wire.operations import LOGS_AROUND, LOGS_LIST
from penstock.wire.requests import LogContext, LogContextQuery, LogPage, LogQuery
from penstock.wire.streams import LOGS_DOWNLOAD


class Logs:
    """What can be asked of a server about logs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list(
        self,
        *,
        filter: LogFilter | None = None,
        limit: int = 200,
        after: str | None = None,
        newest_first: bool = False,
    ) -> LogPage:
        """`POST /api/logs/filter`: list of logs.

        A page of log lines, oldest first unless `newest_first`. `after` is the `next` of the page before.
        """
        request = LogQuery(
            filter=LogFilter() if filter is None else filter,
            limit=limit,
            after=after,
            newest_first=newest_first,
        )
        return await in_thread(lambda: self._transport.call(LOGS_LIST, request))

    async def around(self, id: int, *, before: int = 5, after: int = 5) -> LogContext:
        """`POST /api/logs/around`: around of logs.

        The lines around one: those that the same run logged before it and after it, in the order they
        arrived.
        """
        request = LogContextQuery(
            id=id,
            before=before,
            after=after,
        )
        return await in_thread(lambda: self._transport.call(LOGS_AROUND, request))

    def download(
        self,
        *,
        flow_run_ids: builtins.list[UUID] | None = None,
        task_run_ids: builtins.list[UUID] | None = None,
        level_at_least: int | None = None,
        level_at_most: int | None = None,
        loggers: builtins.list[str] | None = None,
        text: str | None = None,
        after: datetime | None = None,
        before: datetime | None = None,
        format: LogFormat = LogFormat.TEXT,
    ) -> AsyncIterator[bytes]:
        """`GET /api/logs/download`: download of logs.

        Which log lines are downloaded; all conditions must hold.
        """
        request = LogsDownloaded(
            flow_run_ids=flow_run_ids,
            task_run_ids=task_run_ids,
            level_at_least=level_at_least,
            level_at_most=level_at_most,
            loggers=loggers,
            text=text,
            after=after,
            before=before,
            format=format,
        )
        return each_in_thread(self._transport.download(LOGS_DOWNLOAD, request))
