"""Every error as problem details (RFC 9457)."""

from __future__ import annotations

import logging
from http import HTTPStatus

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from penstock.core.errors import PenstockException, RequestError, ServerError, StorageBusy, StorageError, Unauthorized
from penstock.server.http.lanes import TooManyWaiting
from penstock.wire.problems import CONTENT_TYPE, Problem, problem_of

_log = logging.getLogger("penstock.server")

_RETRY_SOON_SECONDS = 1
_RETRY_LATER_SECONDS = 10


def problem_response(error: Exception, request_id: str) -> Response:
    """Return the answer that tells of `error`. What is nobody's fault but ours is logged, and told without details."""
    headers: dict[str, str] = {}
    if isinstance(error, HTTPException):
        problem = _of_status(error.status_code, str(error.detail), request_id)
        headers.update(error.headers or {})
    elif isinstance(error, TooManyWaiting):
        problem = _of_status(429, "Too many requests are waiting. Ask again in a moment.", request_id)
        headers["Retry-After"] = str(_RETRY_SOON_SECONDS)
    elif isinstance(error, PenstockException):
        problem = problem_of(error, request_id)
        if isinstance(error, RequestError) and error.status != problem.status:
            problem = _of_status(error.status, str(error), request_id)
    else:
        _log.error("Request %s failed with %s", request_id, type(error).__name__, exc_info=error)
        problem = problem_of(
            ServerError(f"The server failed at this. Its log tells more of request {request_id}."), request_id
        )
    if isinstance(error, StorageError):
        _log.warning("Request %s: %s", request_id, error)
        headers["Retry-After"] = str(_RETRY_SOON_SECONDS if isinstance(error, StorageBusy) else _RETRY_LATER_SECONDS)
    if isinstance(error, Unauthorized):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(msgspec.json.encode(problem), problem.status, headers, media_type=CONTENT_TYPE)


def _of_status(status: int, detail: str, request_id: str) -> Problem:
    return Problem(HTTPStatus(status).phrase, status, detail, request_id=request_id)
