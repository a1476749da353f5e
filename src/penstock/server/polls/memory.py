"""What workers were told of already, so that who asks again and again is not answered the same at once each time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from penstock.wire.requests import LeaseClaim

MOST_WORKERS = 20_000
"""Of how many workers it is remembered; of others they are told once more."""


class Told:
    """Which cancellations each worker was told of."""

    def __init__(self) -> None:
        self._by_worker: OrderedDict[str, frozenset[LeaseClaim]] = OrderedDict()

    def is_new(self, worker_id: str, cancel: Iterable[LeaseClaim]) -> bool:
        """Whether one of these is not what the worker was told last."""
        return not set(cancel) <= self._by_worker.get(worker_id, frozenset())

    def note(self, worker_id: str, cancel: Iterable[LeaseClaim]) -> None:
        """Note that the worker is told of these, and of no others."""
        self._by_worker.pop(worker_id, None)
        claims = frozenset(cancel)
        if claims:
            self._by_worker[worker_id] = claims
        while len(self._by_worker) > MOST_WORKERS:
            self._by_worker.popitem(last=False)
