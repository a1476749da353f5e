"""The routes of downloads: files that are sent while they are read, one page at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from penstock.server.dispatcher import Dispatcher
from penstock.server.http.lanes import Lane, TooManyWaiting
from penstock.server.http.streaming import Sending, query_values
from penstock.wire.streams import Download

MOST_DOWNLOADS = 16
"""How many there may be at once: each keeps one page in memory."""

_BYTES_AT_ONCE = 128 * 1024
"""Packing more than that at once would keep the event loop from others."""

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Downloads:
    """Answers requests for downloads.

    Parameters:
        server: what they are read by.
        lane: the threads it is done in.
        admit: raises where a request may not come in; asked again with every page.
    """

    def __init__(self, server: Dispatcher, lane: Lane, admit: Callable[[Request], None]) -> None:
        self.under_way = 0
        self._server = server
        self._lane = lane
        self._admit = admit

    def answer_of(self, download: Download) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers a request for `download`."""

        async def answer(request: Request) -> Response:
            request.scope["operation"] = download.name
            asked = query_values(download.name, download.request, request)
            parts = self._server.download(download, asked, request.scope["principal"])
            if self.under_way >= MOST_DOWNLOADS:
                raise TooManyWaiting
            # Read before anything is sent, so that what can't be asked so is refused in words.
            first = await self._lane.run(lambda: next(parts, b""))
            headers = _HEADERS | {"Content-Disposition": f'attachment; filename="{_file_name(download, asked)}"'}
            return Sending(self._sent(first, parts, request), headers, download.media_types[asked.format])

        return answer

    async def _sent(self, part: bytes | None, parts: Iterator[bytes], request: Request) -> AsyncGenerator[bytes]:
        self.under_way += 1
        try:
            while part is not None:
                for first in range(0, len(part), _BYTES_AT_ONCE):
                    yield part[first : first + _BYTES_AT_ONCE]
                self._admit(request)
                part = await self._lane.run(lambda: next(parts, None))
        finally:
            self.under_way -= 1


def _file_name(download: Download, asked: Any) -> str:
    resource = download.name.partition(".")[0]
    ids = [*(asked.flow_run_ids or ()), *(asked.task_run_ids or ())]
    whose = f"-{ids[0]}" if len(ids) == 1 else ""
    return f"{resource}{whose}.{asked.format.value.replace('text', 'log')}"
