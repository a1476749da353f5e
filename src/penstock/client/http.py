"""The transport that carries operations to a server over HTTP."""

from __future__ import annotations

import os
import random
import weakref
from collections.abc import Iterator
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import msgspec
import urllib3

from penstock import settings
from penstock.core import clock
from penstock.core.errors import ConfigurationError, PenstockException, ServerError, ServerUnreachable
from penstock.core.version import __version__
from penstock.settings.setting import without_password
from penstock.wire.operations import Operation
from penstock.wire.problems import CONTENT_TYPE, Problem, error_of
from penstock.wire.streams import Download

Request = TypeVar("Request")
Response = TypeVar("Response")

MSGPACK = "application/vnd.msgpack"

REPORT_SECONDS = 15.0
"""A third of a lease: how long one answer to what the reporter sends may take, as heartbeats wait for it. On a connection
that is dead without a word, an answer never comes; on the next one it does, and saying the same twice changes nothing."""

_REPORTS = frozenset({"journal.append", "events.append", "flow_runs.renew_leases"})
_CONNECTIONS = 8
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 2.0
_TOO_MANY, _BAD_GATEWAY, _UNAVAILABLE, _GATEWAY_TIMEOUT = 429, 502, 503, 504
_PASSING = frozenset({_TOO_MANY, _BAD_GATEWAY, _UNAVAILABLE, _GATEWAY_TIMEOUT})
_NEVER_SENT = (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)
_SHOWN = 200
_OK = 200
_BYTES_AT_ONCE = 64 * 1024
_MOST_BYTES_OF_PROBLEM = 1024 * 1024


class HttpTransport:
    """Asks the server at an address, over connections that are kept open. Threads share it; a forked child begins anew.

    What may pass (no connection, a server that is busy or restarts) is tried again where asking twice changes nothing,
    a little later each time and not before the server says, until patience ends.

    Parameters:
        url: the address of the server's API, such as `http://127.0.0.1:4270/api`.
        key: the key the server wants, if it wants one.
        timeout_seconds: how long one answer may take.
        retry_seconds: for how long what failed is tried again.
    """

    def __init__(
        self, url: str, key: str | None = None, timeout_seconds: float = 60.0, retry_seconds: float = 10.0
    ) -> None:
        self.url = url.rstrip("/")
        self._retry_seconds = retry_seconds
        self._timeout = urllib3.Timeout(connect=min(5.0, timeout_seconds), read=timeout_seconds)
        self._report_timeout = urllib3.Timeout(
            connect=min(5.0, timeout_seconds), read=min(REPORT_SECONDS, timeout_seconds)
        )
        self._headers = {
            "Accept": f"{MSGPACK}, application/json",
            "User-Agent": f"penstock/{__version__}",
        }
        if key is not None:
            self._headers["Authorization"] = f"Bearer {key}"
        self._prefix, self._pool = self._connect()
        _transports.add(self)

    def call(self, operation: Operation[Request, Response], request: Request) -> Response:
        """Carry `operation` out and return its answer, once what it wrote is committed. See `Transport.call`.

        Raises:
            ServerUnreachable: no server answers.
        """
        path, body = address_of(operation, request), None
        if operation.method not in {"GET", "DELETE"}:
            body = msgspec.msgpack.encode(request)
        answer = self.exchange(
            operation.method,
            path,
            body,
            MSGPACK,
            safe_to_repeat=operation.safe_to_repeat,
            timeout=self._report_timeout if operation.name in _REPORTS else None,
        )
        if answer.status != _OK:
            raise problem_in(answer)
        try:
            if answer.headers.get("Content-Type", "").startswith(MSGPACK):
                return msgspec.msgpack.decode(answer.data, type=operation.response)
        except msgspec.MsgspecError as error:
            raise ServerError(
                f"{self.url} answered {operation.name} with what this version of Penstock does not understand: {error}."
            ) from error
        raise ServerUnreachable(
            f"What answers at {self.url} is no Penstock server. PENSTOCK_API_URL should end with /api."
        )

    def download(self, download: Download, request: Any) -> Iterator[bytes]:
        """Yield the parts of a file, as they come. See `Transport.download`.

        Raises:
            ServerUnreachable: no server answers, or the file broke off.
        """
        query = urlencode(msgspec.to_builtins(request), doseq=True)
        answer = self.exchange(
            "GET",
            f"{download.path}?{query}",
            None,
            "",
            accept=f"{download.media_types[request.format]}, {CONTENT_TYPE}",
            more_headers={"Accept-Encoding": "gzip"},
            read=False,
        )
        try:
            if answer.status != _OK:
                raise problem_in(answer)
            yield from answer.stream(_BYTES_AT_ONCE, decode_content=True)
        except urllib3.exceptions.HTTPError as error:
            raise ServerUnreachable(f"What {self.url} sent broke off ({_reason(error)}). Ask for it again.") from error
        finally:
            answer.close()

    def exchange(
        self,
        method: str,
        path: str,
        body: bytes | None,
        content_type: str,
        *,
        safe_to_repeat: bool = True,
        accept: str | None = None,
        more_headers: dict[str, str] | None = None,
        read: bool = True,
        timeout: urllib3.Timeout | None = None,
    ) -> urllib3.BaseHTTPResponse:
        """Send one request and return what came back, of whatever status; tried again where that is safe.

        Parameters:
            method: the HTTP method.
            path: under the API's address, beginning with a slash.
            body: what is sent.
            content_type: of the body.
            safe_to_repeat: whether asking twice changes nothing more.
            accept: what is wanted back, where it is not msgpack.
            more_headers: headers beside the usual ones.
            read: whether all of the answer is read; else it is left to the caller, who closes it.
            timeout: how long connecting and the answer may take, where that is not the usual time.

        Raises:
            ServerUnreachable: no server answers.
        """
        headers = self._headers | ({} if accept is None else {"Accept": accept}) | (more_headers or {})
        if body is not None:
            headers["Content-Type"] = content_type
        pauses = self._pauses()
        while True:
            try:
                answer = self._pool.urlopen(
                    method,
                    f"{self._prefix}{path}",
                    body,
                    headers,
                    retries=False,
                    redirect=False,
                    timeout=timeout or self._timeout,
                    preload_content=read,
                )
            except urllib3.exceptions.HTTPError as error:
                if not safe_to_repeat and not isinstance(error, _NEVER_SENT):
                    raise self._unreachable(error) from error
                pause = next(pauses, None)
                if pause is None:
                    raise self._unreachable(error) from error
            else:
                pause = next(pauses, None) if self._may_pass(answer, safe_to_repeat=safe_to_repeat) else None
                wanted_seconds = _seconds_asked_for(answer)
                if pause is None or wanted_seconds > self._retry_seconds:
                    return answer
                pause = max(pause, wanted_seconds)
                answer.close()
            clock.current().sleep(pause)

    def close(self) -> None:
        """Close the connections that are not in use. A closed transport opens anew when it is called."""
        pool, (self._prefix, self._pool) = self._pool, self._connect()
        pool.close()

    def _connect(self) -> tuple[str, urllib3.HTTPConnectionPool]:
        try:
            parts = urllib3.util.parse_url(self.url)
            pool = urllib3.connection_from_url(self.url, maxsize=_CONNECTIONS, block=False)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise ConfigurationError(f"PENSTOCK_API_URL is {self.url!r}, which is no address: {error}.") from error
        return (parts.path or "").rstrip("/"), pool

    def _pauses(self) -> Iterator[float]:
        until = clock.current().monotonic() + self._retry_seconds
        pause = _FIRST_PAUSE_SECONDS
        while clock.current().monotonic() < until:
            yield pause * (0.5 + random.random())  # noqa: S311  - chance keeps clients apart, it keeps no secret
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    @staticmethod
    def _may_pass(answer: urllib3.BaseHTTPResponse, *, safe_to_repeat: bool) -> bool:
        if answer.status == _TOO_MANY:
            return True  # it was sent back unread
        return safe_to_repeat and answer.status in _PASSING

    def _unreachable(self, error: Exception) -> ServerUnreachable:
        return ServerUnreachable(
            f"The server at {without_password(self.url)} does not answer ({_reason(error)}). Start it by "
            "`penstock server start`, or unset PENSTOCK_API_URL to record on this machine."
        )


def address_of(operation: Operation[Any, Any], request: Any) -> str:
    """Return the path of a request under the API's address."""
    path = operation.path
    if "{" in path:
        for name in request.__struct_fields__:
            path = path.replace(f"{{{name}}}", quote(str(getattr(request, name)), safe=""))
    return path


def http_transport() -> HttpTransport:
    """Return a transport to the server that the settings name.

    Raises:
        ConfigurationError: they name none.
    """
    api = settings.current().api
    if api.url is None:
        raise ConfigurationError(
            "PENSTOCK_API_URL is not set. Set it to a server's address: http://127.0.0.1:4270/api."
        )
    return HttpTransport(api.url, api.key, api.timeout_seconds, api.retry_seconds)


def problem_in(answer: urllib3.BaseHTTPResponse) -> PenstockException:
    """Return the error that an answer tells of, whether it was read or not."""
    # What was not read is read to a bound: it may be anything, and may never end.
    body = answer.data if answer.closed else answer.read(_MOST_BYTES_OF_PROBLEM, decode_content=True)
    if answer.headers.get("Content-Type", "").startswith(CONTENT_TYPE):
        try:
            return error_of(msgspec.json.decode(body, type=Problem))
        except msgspec.MsgspecError:
            pass
    words = body[:_SHOWN].decode("utf-8", "replace").strip()
    if answer.status in _PASSING:
        return ServerUnreachable(f"The server is not at work at present: {answer.status} {words}")
    # Said by something in between, such as a proxy: what the server itself would say is not known, so nothing is final.
    return ServerUnreachable(f"What answered {answer.status} is no Penstock server: {words}")


def _seconds_asked_for(answer: urllib3.BaseHTTPResponse) -> float:
    wanted = answer.headers.get("Retry-After", "")
    return min(float(wanted), 60.0) if wanted.isdecimal() else 0.0


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error.__context__ or error
    return getattr(cause, "strerror", None) or type(error).__name__


_transports: weakref.WeakSet[HttpTransport] = weakref.WeakSet()
_inherited: list[Any] = []


def _begin_anew_in_child() -> None:
    for transport in list(_transports):
        # Kept for ever, never used: these connections are the parent's, and what it says there must not mix with ours.
        _inherited.append(transport._pool)
        transport._prefix, transport._pool = transport._connect()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_in_child)
