"""How often somebody may try a key: a few times a minute, after which all tries are sent back, right or wrong."""

from __future__ import annotations

from collections import OrderedDict, deque

from penstock.core import clock
from penstock.core.errors import RequestError

MOST_FAILURES = 10
WITHIN_SECONDS = 60.0

_MOST_ADDRESSES = 1_000


class TooManyAttempts(RequestError):
    """Somebody tries keys."""

    status = 429


class Attempts:
    """Counts the failures of each address. Behind a proxy, all who come by it count together."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, address: str) -> None:
        """Let an address try.

        Raises:
            TooManyAttempts: it failed too often of late.
        """
        failures = self._failures.get(address)
        if failures is None:
            return
        now = clock.current().monotonic()
        while failures and failures[0] <= now - WITHIN_SECONDS:
            failures.popleft()
        if len(failures) >= MOST_FAILURES:
            raise TooManyAttempts(
                f"{MOST_FAILURES} wrong keys came from your address within {WITHIN_SECONDS:g} s. Wait a minute, then try again."
            )

    def failed(self, address: str) -> None:
        """Count a failure of an address."""
        self._failures.setdefault(address, deque(maxlen=MOST_FAILURES)).append(clock.current().monotonic())
        self._failures.move_to_end(address)
        while len(self._failures) > _MOST_ADDRESSES:
            self._failures.popitem(last=False)
