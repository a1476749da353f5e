"""The routes of streams: server-sent events, one for each stream of the table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, get_args, get_origin

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from penstock.core.errors import InvalidRequest, RequestError
from penstock.server import bounds
from penstock.server.dispatcher import Dispatcher
from penstock.server.http.lanes import TooManyWaiting
from penstock.server.streams.feeds import feed_of
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
        Dispatcher.admit(stream.name, stream.permission, request.scope["principal"])
        followed, after = conditions(stream, request)
        feed_of(stream, followed)  # refuses what can't be followed, before anything is sent
        if hub.clients >= MOST_CLIENTS:
            raise TooManyWaiting

        def may_go_on() -> bool:
            try:
                admit(request)
            except RequestError:
                return False
            return True

        return Sending(hub.follow(stream, followed, after, may_go_on), _HEADERS, EVENT_STREAM)

    return answer


def conditions(stream: Stream, request: Request) -> tuple[Any, int | None]:
    """Return the conditions and the cursor that a request names.

    Raises:
        InvalidRequest: they make no sense.
        ObjectLimitReached: there are too many values.
    """
    followed = query_values(stream.name, stream.followed, request, aside="after")
    return followed, _cursor(request.headers.get("last-event-id") or request.query_params.get("after"))


def query_values(name: str, model: type[Any], request: Request, aside: str | None = None) -> Any:
    """Return what the query parameters of a request say, as `model`.

    Parameters:
        name: what is asked for, as messages name it.
        model: a struct, each of whose fields a parameter may give.
        request: the request.
        aside: a parameter that is none of the model's.

    Raises:
        InvalidRequest: they make no sense.
        ObjectLimitReached: there are too many values.
    """
    asked = request.query_params
    bounds.check_count(asked.multi_items(), bounds.FILTER_LIMIT, "conditions")
    fields = {field.name: field for field in msgspec.structs.fields(model)}
    values: dict[str, Any] = {}
    for given in asked:
        if given == aside:
            continue
        if given not in fields:
            raise InvalidRequest(f"{name} knows no condition {given[:50]!r}. It knows {', '.join(fields)}.")
        values[given] = asked.getlist(given) if _is_list(fields[given].type) else asked[given]
    try:
        return msgspec.convert(values, model, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"{name} can't be asked for so: {error}.") from error


def _is_list(kind: Any) -> bool:
    return any(get_origin(part) is list for part in (kind, *get_args(kind)))


def _cursor(text: str | None) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(2**63))):
        raise InvalidRequest(f"{text[:50]!r} is no cursor. Give the id of the last message, as it came.")
    return int(text)


class Sending(StreamingResponse):
    """An answer to a client that takes it, part by part.

    Parameters:
        parts: what is sent.
        headers: of the answer.
        media_type: of the answer.
    """

    def __init__(self, parts: AsyncGenerator[bytes], headers: dict[str, str], media_type: str) -> None:
        self._parts = parts
        super().__init__(parts, headers=headers, media_type=media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; a client that does not take a part in time is cut off."""

        async def send_in_time(part: Any) -> None:
            async with asyncio.timeout(SEND_SECONDS):
                await send(part)

        try:
            await super().__call__(scope, receive, send_in_time)
        finally:
            # At once, not when the garbage is collected: it counts as a client until then.
            await self._parts.aclose()
