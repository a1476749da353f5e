"""Workers that arrive: those that come together are looked up in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from penstock.core.errors import RequestError
from penstock.server.context import Context
from penstock.server.services.work.outlook import Arrival, arrival
from penstock.wire.deploying.workers import ClaimRuns

T = TypeVar("T")

MOST_AT_ONCE = 200
"""The most workers that one transaction looks up."""


class Reader(Protocol):
    """Does a work, which only reads, in one of the core's threads."""

    def __call__(self, work: Callable[[Context], T]) -> Awaitable[T]:
        """Return what `work` returns."""


class Arrivals:
    """Looks arriving workers up, together with those that came while others were looked up.

    Parameters:
        read: reads from the database.
    """

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._arrived: list[tuple[ClaimRuns, asyncio.Future[Arrival]]] = []
        self._looking: asyncio.Task[None] | None = None

    async def look_up(self, request: ClaimRuns) -> Arrival:
        """Return what is known of the worker that asks.

        Raises:
            RequestError: the request makes no sense.
            StorageError: the database refused.
        """
        known: asyncio.Future[Arrival] = asyncio.get_running_loop().create_future()
        self._arrived.append((request, known))
        if self._looking is None:
            self._looking = asyncio.get_running_loop().create_task(self._look())
        return await known

    async def _look(self) -> None:
        while self._arrived:
            group, self._arrived = self._arrived[:MOST_AT_ONCE], self._arrived[MOST_AT_ONCE:]
            requests = [request for request, _ in group]
            try:
                found = await self._read(lambda context, requests=requests: _look_up(requests, context))  # type: ignore[misc]
            except Exception as error:
                found = [error] * len(group)
            for (_, known), outcome in zip(group, found, strict=True):
                if known.done():
                    continue  # it has gone away meanwhile
                if isinstance(outcome, Exception):
                    known.set_exception(outcome)
                else:
                    known.set_result(outcome)
        self._looking = None


def _look_up(requests: list[ClaimRuns], context: Context) -> list[Arrival | Exception]:
    found: list[Arrival | Exception] = []
    for request in requests:
        try:
            found.append(arrival(request, context))
        except RequestError as error:
            found.append(error)
    return found
