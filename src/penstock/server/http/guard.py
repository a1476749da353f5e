"""Who gets in: every request passes here before anything is looked up for it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from penstock.core.errors import Forbidden, RequestError, Unauthorized
from penstock.server.http.dashboard.cookies import Session, SessionCookies
from penstock.server.http.options import ServerOptions
from penstock.server.http.run_tokens import PREFIX, RunToken, RunTokens

PUBLIC = frozenset(
    {
        ("GET", "/api/health"),
        ("GET", "/api/ready"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/docs"),
        ("POST", "/api/login"),
    }
)
"""What is answered without a key, each by its exact method and path; a test holds the list against the routes."""

MOST_HEADERS = 100
MOST_HEADER_BYTES = 32 * 1024

# Every path we have is made of these; so none can be written in two ways, and no proxy reads one otherwise than we do.
_PLAIN_PATH = re.compile(rb"(/[A-Za-z0-9_.-]*[A-Za-z0-9_-])+|/")
_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class BadRequest(RequestError):
    """The request itself is out of order, whatever it asks for."""

    status = 400


class NoSuchPath(RequestError):
    """Nothing answers at this path."""

    status = 404


class HeadersTooLarge(RequestError):
    """There are too many headers, or too long ones."""

    status = 431


class Guard:
    """Decides whether a request gets in.

    Parameters:
        options: where the server listens, and its key.

    Attributes:
        tokens: of runs; None where no key is asked for.
        cookies: of people's sessions; None likewise.
    """

    def __init__(self, options: ServerOptions) -> None:
        self._key = None if options.api_key is None else options.api_key.encode()
        self.tokens = None if options.api_key is None else RunTokens(options.api_key)
        self.cookies = None if options.api_key is None else SessionCookies(options.api_key, options.ui_base_path)
        self._hosts = frozenset(host.lower() for host in options.allowed_hosts)
        if options.is_loopback:
            self._hosts |= _LOCAL_NAMES
        elif self._hosts:
            self._hosts |= _LOCAL_NAMES | {options.host.lower()}
        self._origins = frozenset(origin.rstrip("/") for origin in options.cors_origins)

    def check_caller(self, headers: Headers) -> None:
        """Check what holds for every request, also for one whose answer is the same for everybody.

        Raises:
            RequestError: it is out of order.
        """
        _check_size(headers.raw)
        self._check_host(headers)
        self._check_origin(headers)

    def check(self, method: str, raw_path: bytes, headers: Headers) -> RunToken | Session | None:
        """Let a request in.

        Returns:
            The token of a run, or a person's session, where that was shown instead of the key: whether its attempt is the
            live one, or the session goes on, is not known yet.

        Raises:
            RequestError: it does not get in.
        """
        self.check_caller(headers)
        if not _PLAIN_PATH.fullmatch(raw_path):
            raise NoSuchPath("A path holds names with single slashes between them, and nothing escaped.")
        if self._key is not None and (method, raw_path.decode("ascii")) not in PUBLIC:
            shown = headers.getlist("authorization")
            session = self.cookies.read(method, headers) if self.cookies is not None and not shown else None
            return self._check_key(shown) if session is None else session
        return None

    def _check_host(self, headers: Headers) -> None:
        """Refuse names that are not ours: a page elsewhere may have its own name point at this machine."""
        hosts = headers.getlist("host")
        if len(hosts) != 1:
            raise BadRequest("A request names one Host.")
        if self._hosts and _host_name(hosts[0]) not in self._hosts:
            raise BadRequest(
                f"This server does not go by the name {hosts[0][:100]!r}. Call it by its own, or list that name in "
                "PENSTOCK_SERVER_ALLOWED_HOSTS."
            )

    def _check_origin(self, headers: Headers) -> None:
        """Refuse what a page of another site has a browser send."""
        for origin in headers.getlist("origin"):
            if origin.rstrip("/") not in self._origins and urlsplit(origin).netloc != headers.get("host"):
                raise Forbidden(
                    f"Pages of {origin[:100]!r} may not call this server. List that origin in "
                    "PENSTOCK_SERVER_CORS_ORIGINS if they are to."
                )

    def _check_key(self, values: list[str]) -> RunToken | None:
        scheme, _, key = (values[0] if len(values) == 1 else "").partition(" ")
        assert self._key is not None
        is_right = hmac.compare_digest(key.strip().encode("utf-8", "replace"), self._key)
        if scheme.lower() == "bearer" and not is_right and self.tokens is not None and key.strip().startswith(PREFIX):
            return self.tokens.read(key.strip())
        if scheme.lower() != "bearer" or not is_right:
            fact = "is wrong" if values else "is missing"
            raise Unauthorized(
                f"The API key {fact}. Set PENSTOCK_API_KEY to the server's key: it is sent as `Authorization: Bearer <key>`."
            )
        return None


def _check_size(raw: Iterable[tuple[bytes, bytes]]) -> None:
    sizes = [len(name) + len(value) for name, value in raw]
    if len(sizes) > MOST_HEADERS or sum(sizes) > MOST_HEADER_BYTES:
        raise HeadersTooLarge(
            f"A request holds at most {MOST_HEADERS} headers of {MOST_HEADER_BYTES:,} bytes together."
        )


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
