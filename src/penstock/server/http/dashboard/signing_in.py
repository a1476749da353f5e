"""The way in for people: a key begins a session, which the server keeps, and which ends when it is said to."""

from __future__ import annotations

import asyncio
import hmac
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from penstock.core import clock
from penstock.core.errors import Forbidden, InvalidRequest, PenstockException, Unauthorized
from penstock.server.context import Context
from penstock.server.http import bodies
from penstock.server.http.dashboard.attempts import Attempts
from penstock.server.http.dashboard.cookies import Session, SessionCookies, is_own_page
from penstock.server.http.lanes import TooManyWaiting
from penstock.server.services.access import sessions

Work = Callable[[Context], Any]

_MOST_BYTES = 4_096
_CHECKED_EVERY_SECONDS = 10.0
_MOST_KNOWN = 10_000


class KeyShown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody shows the key to sign in."""

    key: str


class SigningIn:
    """Begins, checks and ends sessions.

    Parameters:
        api_key: the server's; None where nobody has to sign in.
        cookies: of sessions; None likewise.
        ask: reads from the database.
        write: writes to it.
    """

    def __init__(
        self,
        api_key: str | None,
        cookies: SessionCookies | None,
        ask: Callable[[Work], Awaitable[Any]],
        write: Callable[[Work], Awaitable[Any]],
    ) -> None:
        self._key = None if api_key is None else api_key.encode()
        self._cookies = cookies
        self._ask = ask
        self._write = write
        self._attempts = Attempts()
        # Of sessions that go on by streams, when they were last known to be good.
        self._known: OrderedDict[bytes, tuple[bool, float]] = OrderedDict()
        self._asking: set[asyncio.Task[None]] = set()

    async def sign_in(self, request: Request) -> Response:
        """Begin a session for who shows the key."""
        if not is_own_page(request.headers):
            raise Forbidden("Sign in from the dashboard of this server. Programs show the API key with each request.")
        bodies.kind_of(request.headers.get("content-type"))
        body = await bodies.taken_in(request, _MOST_BYTES)
        try:
            shown = msgspec.json.decode(body, type=KeyShown)
        except (msgspec.DecodeError, UnicodeError) as error:
            raise InvalidRequest(f'The body is to be {{"key": "..."}}: {error}.') from error
        if self._key is None or self._cookies is None:
            return _done()
        address = request.client.host if request.client is not None else ""
        self._attempts.check(address)
        if not hmac.compare_digest(shown.key.encode("utf-8", "replace"), self._key):
            self._attempts.failed(address)
            raise Unauthorized("The API key is wrong.")
        session, cookie = self._cookies.made(request.headers)
        await self._write(lambda context: sessions.begin(session.digest, context))
        return _done({"Set-Cookie": cookie})

    async def sign_out(self, request: Request) -> Response:
        """End the session that is shown, on the server too."""
        if self._cookies is None:
            return _done()
        session = self._cookies.read(request.method, request.headers)
        if session is not None:
            self._known[session.digest] = (False, clock.current().monotonic())
            await self._write(lambda context: sessions.end(session.digest, context))
        return _done({"Set-Cookie": self._cookies.forgotten(request.headers)})

    async def check(self, session: Session) -> None:
        """Let who shows a session in. The database is asked each time: a session that was ended is good nowhere.

        Raises:
            Unauthorized: there is no such session, or it has ended.
            StorageError: the database refused.
        """
        is_good = await self._ask(lambda context: sessions.is_good(session.digest, context))
        self._known.pop(session.digest, None)
        self._known[session.digest] = (is_good, clock.current().monotonic())
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        if not is_good:
            raise _ended()

    def check_again(self, session: Session) -> None:
        """The same, by what is known already, for what goes on for long; what is too old is asked for, for the next time.

        Raises:
            Unauthorized: the session is known to have ended.
        """
        is_good, since = self._known.get(session.digest, (True, -_CHECKED_EVERY_SECONDS))
        if not is_good:
            raise _ended()
        if clock.current().monotonic() - since < _CHECKED_EVERY_SECONDS:
            return
        asking = asyncio.get_running_loop().create_task(self._find_out(session))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    async def _find_out(self, session: Session) -> None:
        with suppress(PenstockException, TooManyWaiting):
            await self.check(session)


def _ended() -> Unauthorized:
    return Unauthorized("The session has ended. Sign in again.")


def _done(headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"status": "done"}, headers={"Cache-Control": "no-store", **(headers or {})})
