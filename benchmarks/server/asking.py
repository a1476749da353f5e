"""Questions asked over HTTP, as a browser asks them, and how long each answer took."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from penstock.client.http import HttpTransport, address_of
from penstock.wire.operations import Operation

Times = list[float]
JSON = "application/json"


class Asker:
    """Asks one server over one connection; answers are taken in whole, as JSON, and not read.

    Parameters:
        url: where its API is.
    """

    def __init__(self, url: str) -> None:
        self.transport = HttpTransport(url, retry_seconds=0)

    def call(self, operation: Operation[Any, Any], request: Any) -> Any:
        """Return the answer, read."""
        return self.transport.call(operation, request)

    def calling_seconds(self, operation: Operation[Any, Any], request: Any) -> float:
        """Return how long asking as a flow's process does took: packed, and the answer read."""
        began = time.perf_counter()
        self.call(operation, request)
        return time.perf_counter() - began

    def seconds(self, operation: Operation[Any, Any], request: Any) -> float:
        """Return how long the answer took.

        Raises:
            RuntimeError: the server did not answer with what was asked for.
        """
        body = None if operation.method in {"GET", "DELETE"} else msgspec.json.encode(_without_id(operation, request))
        began = time.perf_counter()
        answer = self.transport.exchange(operation.method, address_of(operation, request), body, JSON, accept=JSON)
        took = time.perf_counter() - began
        if answer.status != 200:
            raise RuntimeError(f"{operation.name}: {answer.status} {answer.data[:300]!r}")
        return took

    def close(self) -> None:
        """Close the connection."""
        self.transport.close()


def _without_id(operation: Operation[Any, Any], request: Any) -> Any:
    """Return what the body holds: an id that the path names is not in it."""
    if "{id}" not in operation.path:
        return request
    return {name: value for name, value in msgspec.to_builtins(request).items() if name != "id"}


def spread(times: Sequence[float], prefix: str = "") -> dict[str, float]:
    """Return the middle, the 95th percentile and the most of some times, as figures."""
    ordered = sorted(times)
    return {
        f"{prefix}p50": ordered[len(ordered) // 2],
        f"{prefix}p95": ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)],
        f"{prefix}max": ordered[-1],
    }


def until(done: Callable[[], bool], timeout_seconds: float, pause_seconds: float = 0.05) -> bool:
    """Wait until `done` says so; return whether it did within the time."""
    deadline = time.monotonic() + timeout_seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause_seconds)
    return True
