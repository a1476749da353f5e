"""Errors as they travel: problem details (RFC 9457), from which a client makes the same error again."""

from __future__ import annotations

import msgspec

from penstock.core import errors as e

CONTENT_TYPE = "application/problem+json"

_PREFIX = "urn:penstock:"

ERRORS: dict[str, type[e.PenstockException]] = {
    "invalid-request": e.InvalidRequest,
    "not-found": e.ObjectNotFound,
    "already-exists": e.ObjectAlreadyExists,
    "limit-reached": e.ObjectLimitReached,
    "stale-attempt": e.StaleAttempt,
    "unauthorized": e.Unauthorized,
    "forbidden": e.Forbidden,
    "server-error": e.ServerError,
    "storage-full": e.StorageFull,
    "storage-read-only": e.StorageReadOnly,
    "storage-corrupt": e.StorageCorrupt,
    "storage-too-new": e.StorageTooNew,
    "storage-busy": e.StorageBusy,
    "storage-unreachable": e.StorageUnreachable,
    "storage": e.StorageError,
}
"""The errors that travel as themselves."""

_NAMES = {error: name for name, error in ERRORS.items()}
_UNAVAILABLE = 503


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong with a request.

    Attributes:
        type: which error it is, `urn:penstock:<name>`; `about:blank` where the status says it all.
        title: the kind of error, in words.
        status: the HTTP status.
        detail: the thing, the fact and the remedy.
        request_id: the request, as the server's log names it.
    """

    title: str
    status: int
    detail: str
    type: str = "about:blank"
    request_id: str | None = None


def problem_of(error: e.PenstockException, request_id: str | None = None) -> Problem:
    """Return `error` as it travels."""
    known = next((kind for kind in type(error).__mro__ if kind in _NAMES), e.ServerError)
    name = _NAMES[known]
    status = known.status if issubclass(known, e.RequestError) else _UNAVAILABLE
    return Problem(name.replace("-", " ").capitalize(), status, str(error), _PREFIX + name, request_id)


def error_of(problem: Problem) -> e.PenstockException:
    """Return the error that `problem` tells of."""
    kind = ERRORS.get(problem.type.removeprefix(_PREFIX))
    if kind is None:
        kind = e.RequestError if problem.status < e.ServerError.status else e.ServerError
    return kind(problem.detail)
