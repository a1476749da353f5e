"""Bodies: taken in within bounds, read as what the operation asks for, and written as the client wants them."""

from __future__ import annotations

import zlib
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from penstock.core.errors import InvalidRequest, ObjectLimitReached, RequestError
from penstock.server.http.json_models import as_public, as_request, body_model
from penstock.wire.operations import Operation

JSON = "application/json"
MSGPACK = "application/vnd.msgpack"

_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class UnsupportedContent(RequestError):
    """The body is of a kind that is not read here."""

    status = 415


async def taken_in(request: Request, limit: int) -> bytes:
    """Return the body of `request`, unpacked.

    Raises:
        ObjectLimitReached: it is larger than `limit` bytes, as sent or unpacked.
        InvalidRequest: it can't be unpacked.
        UnsupportedContent: it is packed in a way that is not known here.
    """
    packing = request.headers.get("content-encoding", "identity").lower()
    if packing not in {"identity", "gzip"}:
        raise UnsupportedContent(f"A body is sent as it is or packed by gzip, not by {packing[:50]!r}.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    unpack = zlib.decompressobj(_GZIP_WINDOW) if packing == "gzip" else None
    parts: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        part = chunk if unpack is None else _unpacked(unpack, chunk, limit + 1 - size)
        size += len(part)
        if size > limit:
            raise _too_large(limit)
        parts.append(part)
    if unpack is not None and parts and not unpack.eof:
        raise InvalidRequest("The body ends before its gzip stream does. Send all of it.")
    return b"".join(parts)


def _unpacked(unpack: Any, chunk: bytes, most: int) -> bytes:
    try:
        part: bytes = unpack.decompress(chunk, most)
    except zlib.error as error:
        raise InvalidRequest(f"The body is not packed by gzip, as it says it is: {error}.") from error
    return part


def _too_large(limit: int) -> ObjectLimitReached:
    return ObjectLimitReached(f"A body holds at most {limit:,} bytes. Split the request.")


def kind_of(content_type: str | None) -> str:
    """Return which of the two kinds of body a `Content-Type` names.

    Raises:
        UnsupportedContent: it names neither.
    """
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind not in {JSON, MSGPACK}:
        raise UnsupportedContent(f"A body is {JSON} or {MSGPACK}, not {kind[:100]!r}. Name one in Content-Type.")
    return kind


def read(operation: Operation[Any, Any], kind: str, body: bytes, path_values: dict[str, Any]) -> Any:
    """Return what is asked of `operation`.

    Raises:
        InvalidRequest: the body is not what the operation takes.
    """
    model = body_model(operation)
    try:
        if model is None:
            return operation.request(**path_values)
        if kind == JSON:
            return as_request(operation, msgspec.json.decode(body, type=model), path_values)
        request = msgspec.msgpack.decode(body, type=operation.request)
    except msgspec.DecodeError as error:
        raise InvalidRequest(f"{operation.name} can't take this body: {error}.") from error
    except RecursionError as error:
        raise InvalidRequest(f"The body of {operation.name} is nested too deep.") from error
    if any(getattr(request, name) != value for name, value in path_values.items()):
        raise InvalidRequest(f"The body of {operation.name} names another object than the path does.")
    return request


def written(operation: Operation[Any, Any], answer: Any, accept: str) -> Response:
    """Return the answer of `operation` as the client wants it."""
    if MSGPACK in accept:
        return Response(msgspec.msgpack.encode(answer), media_type=MSGPACK)
    return Response(msgspec.json.encode(as_public(answer, operation.response)), media_type=JSON)
