"""Tokens of runs: what the process of a run shows instead of a key. Each is bound to one attempt of one flow run.

A token is an HMAC (RFC 2104) by a key that is made from the server's own, so no list of tokens is kept. It is good while
its attempt is the latest of its run and has not been declared dead, which the database is asked about every few seconds.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import re
import struct
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from penstock.core import clock
from penstock.core.errors import PenstockException, StaleAttempt, Unauthorized
from penstock.server.context import Context, Principal
from penstock.server.http.lanes import TooManyWaiting
from penstock.server.services.leases import fault_of
from penstock.wire.operations import OPEN_TO_RUNS
from penstock.wire.requests import LeaseClaim

PREFIX = "psrun_"
"""What every token begins with, so that one that was left lying about is found."""

LONGEST_LIFE = timedelta(days=31)
"""For how long a token is good at most; a run that goes on longer is to be suspended and resumed."""

_CHECKED_EVERY_SECONDS = 10.0
_MOST_KEPT = 10_000
_PURPOSE = b"penstock: tokens of runs, 1"
_SAID = struct.Struct(">16sIQ")
_MAC_BYTES = 32
_WRITTEN = re.compile(rf"{PREFIX}([A-Za-z0-9_-]{{{(_SAID.size + _MAC_BYTES) * 4 // 3}}})")
_GREATEST_ATTEMPT = 2**32 - 1

_PERMISSIONS = frozenset({"read:*", "run:*"})


@dataclass(frozen=True, slots=True)
class RunToken:
    """What a token says, that is one of ours.

    Attributes:
        flow_run_id: the run.
        attempt: of it.
        expires: until when it is good.
    """

    flow_run_id: UUID
    attempt: int
    expires: datetime

    @property
    def principal(self) -> Principal:
        """Who shows it."""
        own = LeaseClaim(self.flow_run_id, self.attempt)
        return Principal(f"run {self.flow_run_id}", _PERMISSIONS, OPEN_TO_RUNS, own)


class RunTokens:
    """Makes tokens, and reads them.

    Parameters:
        api_key: the server's.
    """

    def __init__(self, api_key: str) -> None:
        self._key = hmac.digest(api_key.encode(), _PURPOSE, hashlib.sha256)

    def made(self, flow_run_id: UUID, attempt: int) -> str:
        """Return a token for an attempt of a run."""
        expires = int((clock.now() + LONGEST_LIFE).timestamp())
        said = _SAID.pack(flow_run_id.bytes, min(attempt, _GREATEST_ATTEMPT), expires)
        return PREFIX + base64.urlsafe_b64encode(said + self._mac(said)).decode("ascii")

    def read(self, text: str) -> RunToken:
        """Return what a token says.

        Raises:
            Unauthorized: it is none of ours, or its time is over.
        """
        said, mac = _taken_apart(text)
        # Always compared, and in constant time, whatever is wrong with it.
        if not hmac.compare_digest(mac, self._mac(said)) or len(said) != _SAID.size:
            raise Unauthorized(
                "The token is none of this server's. A run gets its token from the worker that starts it."
            )
        flow_run_id, attempt, expires = _SAID.unpack(said)
        token = RunToken(UUID(bytes=flow_run_id), attempt, datetime.fromtimestamp(expires, clock.now().tzinfo))
        if token.expires <= clock.now():
            raise Unauthorized(f"The token of run {token.flow_run_id} is too old. Suspend the run, and resume it.")
        return token

    def _mac(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, hashlib.sha256)


def _taken_apart(text: str) -> tuple[bytes, bytes]:
    # A token is written in one way; decoders take more.
    written = _WRITTEN.fullmatch(text)
    raw = b"" if written is None else base64.urlsafe_b64decode(written[1])
    return raw[:-_MAC_BYTES], raw[-_MAC_BYTES:]


class LiveAttempts:
    """Knows which attempts are the live ones, as the database said within the last seconds.

    Parameters:
        ask: reads from the database.
    """

    def __init__(self, ask: Callable[[Callable[[Context], Any]], Awaitable[Any]]) -> None:
        self._ask = ask
        self._known: OrderedDict[tuple[UUID, int], tuple[str | None, float]] = OrderedDict()
        self._asking: set[asyncio.Task[None]] = set()

    async def check(self, token: RunToken) -> None:
        """Let the holder of a token in.

        Raises:
            StaleAttempt: another attempt is the latest one, or this one was declared dead.
            StorageError: the database refused.
        """
        key = token.flow_run_id, token.attempt
        known = self._known.get(key)
        now = clock.current().monotonic()
        if known is None or now - known[1] >= _CHECKED_EVERY_SECONDS:
            known = await self._ask(lambda context: fault_of(token.flow_run_id, token.attempt, context)), now
            self._known.pop(key, None)
            self._known[key] = known
            while len(self._known) > _MOST_KEPT:
                self._known.popitem(last=False)
        fault = known[0]
        if fault is not None:
            raise StaleAttempt(fault)

    def check_again(self, token: RunToken) -> None:
        """The same, by what is known already, for what goes on for long; what is too old is asked for, for the next time.

        Raises:
            StaleAttempt: the attempt is known not to be the live one.
        """
        known = self._known.get((token.flow_run_id, token.attempt))
        if known is not None and known[0] is not None:
            raise StaleAttempt(known[0])
        asking = asyncio.get_running_loop().create_task(self._find_out(token))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)

    async def _find_out(self, token: RunToken) -> None:
        with suppress(PenstockException, TooManyWaiting):
            await self.check(token)
