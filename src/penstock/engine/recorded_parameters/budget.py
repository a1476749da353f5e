"""How many bytes of JSON may still be written."""

from __future__ import annotations

import re

SMALLEST = 5
"""The bytes of `"…"`, which stands where there is no room for anything else: no value is begun with less left."""

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f]")


class Budget:
    """A number of bytes that is used up.

    Parameters:
        left: the bytes that may be written.
    """

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, count: int) -> None:
        """Use `count` bytes."""
        self.left -= count


def text_bytes(text: str) -> int:
    """Return how many bytes a text takes as JSON in UTF-8, with its quotes: at the most, if a writer escapes generously."""
    length = len(text) if text.isascii() else len(text.encode())
    escapes = text.count('"') + text.count("\\")
    if not text.isprintable():
        escapes += 5 * len(_CONTROL_CHARACTERS.findall(text))
    return 2 + length + escapes
