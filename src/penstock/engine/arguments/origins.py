"""Which run a value came from, told by the value's identity."""

from __future__ import annotations

import sys
import threading
from collections import deque
from typing import Any
from uuid import UUID

# Values that Python keeps one copy of: the same 7 from two tasks is one object, and would tell of the wrong run.
_SHARED_KINDS = (type(None), bool, type(...), type(NotImplemented), type)
_SHARED_INTEGERS = range(-5, 257)
_WORD_BOUND = 32
_SWEPT_PER_NOTE = 3
_REFERENCES_OF_OURS = 2


def _looks_like_a_word(text: str) -> bool:
    """Whether a text in code would be kept as one copy: Python does so for those of letters, digits and underscores.

    A text that was computed is not shared, but telling the two apart is not possible without making it so.
    """
    return text.isascii() and text.replace("_", "a").isalnum()


class Origins:
    """Tells which run each result came from, so that a run that is given it is known to depend on that one.

    An entry keeps its value alive, for a freed value's identity may come back as another's. So that nothing is kept
    which the program itself has let go of, each new entry pays for a look at some old ones, and those that only
    this table still holds are dropped.
    """

    __slots__ = ("_entries", "_lock", "_ring")

    def __init__(self) -> None:
        self._entries: dict[int, tuple[Any, UUID]] = {}
        self._ring: deque[int] = deque()
        self._lock = threading.Lock()

    def note(self, value: Any, run_id: UUID) -> None:
        """Remember that `value` is the result of `run_id`."""
        kind = type(value)
        if kind in _SHARED_KINDS or (kind is int and value in _SHARED_INTEGERS):
            return
        if (kind is str or kind is bytes or kind is tuple or kind is frozenset) and len(value) <= 1:
            return
        if kind is str and len(value) < _WORD_BOUND and _looks_like_a_word(value):
            return
        key = id(value)
        with self._lock:
            if key not in self._entries:
                self._ring.append(key)
            self._entries[key] = (value, run_id)
            self._sweep()

    def run_of(self, value: Any) -> UUID | None:
        """Return the run that `value` came from, if it is known."""
        entry = self._entries.get(id(value))
        return None if entry is None else entry[1]

    def _sweep(self) -> None:
        for _ in range(min(_SWEPT_PER_NOTE, len(self._ring) - 1)):
            key = self._ring.popleft()
            if sys.getrefcount(self._entries[key][0]) > _REFERENCES_OF_OURS:
                self._ring.append(key)
            else:
                del self._entries[key]

    def __len__(self) -> int:
        return len(self._entries)
