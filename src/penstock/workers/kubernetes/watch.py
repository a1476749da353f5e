"""All objects of one kind in one namespace, followed for as long as it takes: connections may drop, versions may go."""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator
from typing import Protocol

from penstock.core import clock
from penstock.workers.kubernetes.cluster import OPENED, Cluster, ClusterError, Kind, Object, VersionGone

_log = logging.getLogger("penstock.workers.kubernetes")

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
MOST_FIRST_TRIES = 4
"""So often the first list is tried before it is given up: later ones are tried for ever."""


class Taker(Protocol):
    """What is told of the objects."""

    def take_all(self, objects: list[Object]) -> None:
        """Take all that there are: what is not among them is gone."""

    def take(self, change: str, one: Object) -> None:
        """Take one that was ADDED, MODIFIED or DELETED."""


class Watch:
    """Lists, then watches from the list's version on; after an interruption from the last version that was seen.

    Parameters:
        cluster: the cluster.
        kind: what is followed.
        namespace: where.
        taker: is told of it.
        labels: a label selector.
        fields: a field selector.

    Attributes:
        is_live: whether what was told is as it is now, as far as can be known.
    """

    def __init__(
        self,
        cluster: Cluster,
        kind: Kind,
        namespace: str,
        taker: Taker,
        labels: str | None = None,
        fields: str | None = None,
    ) -> None:
        self._cluster = cluster
        self._kind = kind
        self._namespace = namespace
        self._taker = taker
        self._selectors = (labels, fields)
        self._version: str | None = None
        self._failures = 0
        self.is_live = False

    async def begin(self) -> None:
        """List for the first time.

        Raises:
            ClusterError: the cluster refuses, or does not answer after several tries.
        """
        for number in range(1, MOST_FIRST_TRIES + 1):
            try:
                await self._list()
            except ClusterError as error:
                if number == MOST_FIRST_TRIES or (error.is_final and not isinstance(error, VersionGone)):
                    raise
                self._failures = number
                await self._pause()
            else:
                return

    async def follow(self) -> None:
        """Watch until cancelled."""
        while True:
            try:
                if self._version is None:
                    await self._list()
                await self._watch_once()
            except VersionGone:
                _log.info("What changed in namespace %r is no longer known; it is listed anew", self._namespace)
                self._version = None
            except ClusterError as error:
                if self.is_live or self._failures == 0:
                    _log.warning("%s It is tried again.", error)
                self._failures += 1
            self.is_live = False
            await self._pause()

    async def _list(self) -> None:
        objects, self._version = await self._cluster.list(self._kind, self._namespace, *self._selectors)
        self._taker.take_all(objects)
        self.is_live = True

    async def _watch_once(self) -> None:
        assert self._version is not None
        async for change, one in self._events(self._version):
            if change == OPENED:
                self.is_live = True
                continue
            self._failures = 0
            if change != "BOOKMARK":
                self._taker.take(change, one)
            self._version = one["metadata"]["resourceVersion"]

    def _events(self, version: str) -> AsyncIterator[tuple[str, Object]]:
        return self._cluster.watch(self._kind, self._namespace, version, *self._selectors)

    async def _pause(self) -> None:
        """Wait before the next try: at first briefly, then for longer, never quite as long as others do."""
        longest = min(FIRST_PAUSE_SECONDS * 2.0 ** min(self._failures, 16), LONGEST_PAUSE_SECONDS)
        seconds = longest if self._failures else FIRST_PAUSE_SECONDS / 5
        await clock.current().sleep_async(seconds * random.uniform(0.5, 1.0))  # noqa: S311 - spread, not secrecy
