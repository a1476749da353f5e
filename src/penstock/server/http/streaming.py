"""The routes of streams: server-sent events, one for each stream of the table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, get_args, get_origin

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from penstock.core.errors import Forbidden, InvalidRequest, RequestError
from penstock.server import bounds
from penstock.server.context import LOCAL_ADMINISTRATOR
from penstock.server.http.lanes import TooManyWaiting
from penstock.server.streams.hub import MOST_CLIENTS, Hub
from penstock.wire.streams import EVENT_STREAM, Stream

SEND_SECONDS = 30.0
"""How long a client may take to take what is sent; then it is cut off, and resumes by its cursor."""

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def answer_of(stream: Stream, hub: Hub, admit: Callable[[Request], None]) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers a request for `stream`.

    Parameters:
        stream: one of the table of streams.
        hub: where it comes from.
        admit: raises where a request may not come in; asked again while the stream lasts.
    """

    async def answer(request: Request) -> Response:
        request.scope["operation"] = stream.name
        resource = stream.name.partition(".")[0]
        if not LOCAL_ADMINISTRATOR.may(stream.permission, resource):
            raise Forbidden(f"{LOCAL_ADMINISTRATOR.name} may not {stream.permission} {resource}.")
        followed, after = conditions(stream, request)
        if hub.clients >= MOST_CLIENTS:
            raise TooManyWaiting

        def may_go_on() -> bool:
            try:
                admit(request)
            except RequestError:
                return False
            return True

        return _Messages(hub.follow(stream, followed, after, may_go_on))

    return answer


def conditions(stream: Stream, request: Request) -> tuple[Any, int | None]:
    """Return the conditions and the cursor that a request names.

    Raises:
        InvalidRequest: they make no sense.
        ObjectLimitReached: there are too many values.
    """
    asked = request.query_params
    bounds.check_count(asked.multi_items(), bounds.FILTER_LIMIT, "conditions")
    fields = {field.name: field for field in msgspec.structs.fields(stream.followed)}
    values: dict[str, Any] = {}
    for name in asked:
        if name == "after":
            continue
        if name not in fields:
            raise InvalidRequest(f"{stream.name} knows no condition {name[:50]!r}. It knows {', '.join(fields)}.")
        values[name] = asked.getlist(name) if _is_list(fields[name].type) else asked[name]
    try:
        followed = msgspec.convert(values, stream.followed, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"{stream.name} can't be followed so: {error}.") from error
    return followed, _cursor(request.headers.get("last-event-id") or asked.get("after"))


def _is_list(kind: Any) -> bool:
    return any(get_origin(part) is list for part in (kind, *get_args(kind)))


def _cursor(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(2**63))):
        raise InvalidRequest(f"{text[:50]!r} is no cursor. Give the id of the last message, as it came.")
    return int(text)


class _Messages(StreamingResponse):
    """Messages to a client that takes them."""

    def __init__(self, messages: AsyncGenerator[bytes]) -> None:
        self._messages = messages
        super().__init__(messages, headers=_HEADERS, media_type=EVENT_STREAM)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(part: Any) -> None:
            async with asyncio.timeout(SEND_SECONDS):
                await send(part)

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            # At once, not when the garbage is collected: it counts as a client until then.
            await self._messages.aclose()
