"""The bytes of results that were read or written lately."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

MOST_ENTRIES = 1000
MOST_BYTES = 64 << 20


class PayloadCache:
    """Keeps the bytes of results, so that they are not fetched again; those not used for longest go first.

    It keeps bytes, not values: every reader gets a value of its own, which nobody else changes.

    Parameters:
        most_entries: how many results at most.
        most_bytes: how many bytes at most, together.
    """

    def __init__(self, most_entries: int = MOST_ENTRIES, most_bytes: int = MOST_BYTES) -> None:
        self.most_entries = most_entries
        self.most_bytes = most_bytes
        self.total_bytes = 0
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, path: str, checksum: str) -> bytes | None:
        """Return the bytes of the result at `path`, if they are those with this checksum."""
        with self._lock:
            kept = self._kept.get(path)
            if kept is None or kept[0] != checksum:
                return None
            self._kept.move_to_end(path)
            return kept[1]

    def put(self, path: str, checksum: str, payload: bytes) -> None:
        """Keep the bytes of the result at `path`."""
        with self._lock:
            replaced = self._kept.pop(path, None)
            if replaced is not None:
                self.total_bytes -= len(replaced[1])
            if len(payload) > self.most_bytes:
                return
            self._kept[path] = (checksum, payload)
            self.total_bytes += len(payload)
            while len(self._kept) > self.most_entries or self.total_bytes > self.most_bytes:
                _, (_, dropped) = self._kept.popitem(last=False)
                self.total_bytes -= len(dropped)

    def __len__(self) -> int:
        return len(self._kept)
