"""Following what happens: over a stream where there is a server, else by looking again and again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import msgspec

from penstock.client.transport import call, current_transport
from penstock.core import clock
from penstock.core.errors import ConfigurationError, ServerError
from penstock.wire.events import Event, EventFilter, tells_of_task_runs
from penstock.wire.operations import EVENTS_LIST
from penstock.wire.requests import EventQuery
from penstock.wire.streams import EVENT_STREAM, EVENTS_STREAM, RESUME, EventsFollowed, Stream

if TYPE_CHECKING:
    import urllib3

    from penstock.client.http import HttpTransport

_POLL_SECONDS = 0.5
_PAUSE_SECONDS = 0.5
_MOST_BYTES_OF_MESSAGE = 32 * 1024 * 1024
_OK = 200


class Message(msgspec.Struct, frozen=True):
    """One message of a stream: what it is called, its data as JSON, and the cursor after it."""

    kind: str
    data: bytes
    cursor: str | None


def follow_events(followed: EventsFollowed, after: int | None = None) -> Iterator[Event]:
    """Yield events as they come, for ever.

    Parameters:
        followed: which.
        after: the position to begin after; None to begin now.

    Raises:
        ServerUnreachable: no server answers any more.
        RequestError: the server refused.
        ConfigurationError: events of task runs are asked for, and there is no server.
    """
    transport = current_transport()
    if not hasattr(transport, "exchange") and tells_of_task_runs(followed.events, followed.resource_ids):
        raise ConfigurationError(
            "Events of task runs are streamed by a server. Start one and set PENSTOCK_API_URL; or list them as they are now: "
            "`penstock event ls` with the same conditions."
        )
    if not hasattr(transport, "exchange"):
        yield from _polled(followed, after)
        return
    for message in follow(transport, EVENTS_STREAM, followed, after):  # type: ignore[arg-type]
        if message.kind == "event":
            yield msgspec.json.decode(message.data, type=Event)


def follow(transport: HttpTransport, stream: Stream, followed: msgspec.Struct, after: int | None) -> Iterator[Message]:
    """Yield the messages of a stream, for ever: where the connection ends, it is taken up again after the last one.

    Parameters:
        transport: to the server.
        stream: one of the table of streams.
        followed: the conditions.
        after: the cursor to begin after; None to begin now.

    Raises:
        ServerUnreachable: no server answers any more, for as long as the transport tries.
        RequestError: the server refused.
    """
    from penstock.client.http import problem_in

    query = urlencode(msgspec.to_builtins(followed), doseq=True)
    cursor = None if after is None else str(after)
    while True:
        headers = {} if cursor is None else {"Last-Event-ID": cursor}
        path = f"{stream.path}?{query}"
        answer = transport.exchange("GET", path, None, "", accept=EVENT_STREAM, more_headers=headers, read=False)
        try:
            if answer.status != _OK:
                raise problem_in(answer)
            for message in _messages(answer):
                cursor = message.cursor or cursor
                if message.kind not in {"", RESUME}:
                    yield message
        finally:
            answer.close()
        clock.current().sleep(_PAUSE_SECONDS)


def _polled(followed: EventsFollowed, after: int | None) -> Iterator[Event]:
    position = _head() if after is None else after
    conditions = EventFilter(**{name: getattr(followed, name) for name in followed.__struct_fields__})
    while True:
        head = _head()
        query = EventQuery(msgspec.structs.replace(conditions, position_after=position))
        while True:
            page = call(EVENTS_LIST, query)
            yield from page.items
            if page.items:
                position = page.items[-1].position
            if page.next is None:  # a page without events may be followed by others: a search goes on there
                break
            query = msgspec.structs.replace(query, after=page.next)
        position = max(position, head)
        clock.current().sleep(_POLL_SECONDS)


def _head() -> int:
    newest = call(EVENTS_LIST, EventQuery(limit=1, newest_first=True)).items
    return newest[0].position if newest else 0


def _messages(answer: urllib3.BaseHTTPResponse) -> Iterator[Message]:
    """Yield the messages of one connection, until it ends."""
    fields: dict[bytes, bytes] = {}
    for line in _lines(answer):
        if line:
            name, _, value = line.partition(b":")
            fields[name] = value.removeprefix(b" ")
            continue
        if fields:
            cursor = fields.get(b"id")
            yield Message(
                fields.get(b"event", b"").decode(),
                fields.get(b"data", b""),
                None if cursor is None else cursor.decode(),
            )
        fields = {}


def _lines(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    import urllib3

    rest = b""
    while True:
        try:
            part = answer.read1()
        except urllib3.exceptions.HTTPError:
            return
        if not part:
            return
        *lines, rest = (rest + part).split(b"\n")
        yield from lines
        if len(rest) > _MOST_BYTES_OF_MESSAGE:
            raise ServerError(f"A message of a stream has more than {_MOST_BYTES_OF_MESSAGE:,} bytes.")
