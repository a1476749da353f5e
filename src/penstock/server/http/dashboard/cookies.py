"""What a browser that signed in shows instead of the key: a random id, in a cookie that no script can read."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from penstock.core.errors import Forbidden
from penstock.server.services.access.sessions import LIFE

NAME = "penstock_session"

_PURPOSE = b"penstock: sessions, 1"
_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_ID_BYTES = 32
_SAFE_SITES = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class Session:
    """What a browser showed.

    Attributes:
        digest: of the id, by which the database knows the session.
    """

    digest: bytes


class SessionCookies:
    """Makes the cookies of sessions, and reads them.

    Parameters:
        api_key: the server's. Digests are keyed by it, so that another key ends all sessions.
        base_path: under which a proxy shows the server.
    """

    def __init__(self, api_key: str, base_path: str) -> None:
        self._key = hmac.digest(api_key.encode(), _PURPOSE, hashlib.sha256)
        self._path = f"{base_path}/api"

    def read(self, method: str, headers: Headers) -> Session | None:
        """Return the session that a request shows; None where it shows none.

        Browsers send cookies by themselves; so what a page of another site had one ask, is refused.

        Raises:
            Forbidden: a request that may change something does not come from a page of this server.
        """
        shown = _shown(headers.getlist("cookie"))
        if shown is None:
            return None
        if method != "GET" and not is_own_page(headers):
            raise Forbidden("A browser's session is taken from the server's own pages only. Programs show the API key.")
        if headers.get("sec-fetch-site", "none") not in _SAFE_SITES:
            raise Forbidden("A browser's session is not taken from pages of other sites.")
        return Session(self._digest(shown))

    def made(self, headers: Headers) -> tuple[Session, str]:
        """Return a new session, and the header that has the browser keep it."""
        shown = secrets.token_urlsafe(_ID_BYTES)
        return Session(self._digest(shown)), self._header(shown, int(LIFE.total_seconds()), headers)

    def forgotten(self, headers: Headers) -> str:
        """Return the header that has the browser forget its session."""
        return self._header("", 0, headers)

    def _digest(self, shown: str) -> bytes:
        return hmac.digest(self._key, shown.encode("ascii"), hashlib.sha256)

    def _header(self, shown: str, seconds: int, headers: Headers) -> str:
        # The page's own scheme, as its browser says: a proxy may have taken TLS off.
        secure = "; Secure" if headers.get("origin", "").startswith("https://") else ""
        return f"{NAME}={shown}; Path={self._path}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"


def is_own_page(headers: Headers) -> bool:
    """Whether a request comes from a page of this very server, as its browser says."""
    origins, hosts = headers.getlist("origin"), headers.getlist("host")
    return len(origins) == len(hosts) == 1 and urlsplit(origins[0]).netloc == hosts[0]


def _shown(values: list[str]) -> str | None:
    try:
        morsel = SimpleCookie("; ".join(values)).get(NAME)
    except CookieError:
        return None
    return morsel.value if morsel is not None and _ID.fullmatch(morsel.value) else None
