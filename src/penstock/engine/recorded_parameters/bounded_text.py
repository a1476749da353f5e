"""Texts and reprs of a bounded length that every database and every reader of JSON takes."""

from __future__ import annotations

from typing import Any

from penstock.engine.recorded_parameters.budget import text_bytes

MAX_REPR = 200
"""How many characters of a repr, a name or a summary are recorded at the most."""


def storable(text: str) -> str:
    """Return a text without what UTF-8 or a database refuses: halves of characters, and NUL."""
    if text.isprintable():
        return text
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


def cut_text(text: str, room: int, unseen: int = 0) -> str:
    """Return `text`, or as much of it as takes `room` bytes as JSON together with a note of how much is missing.

    Parameters:
        text: what is to be said.
        room: the bytes there are, `SMALLEST` at least.
        unseen: how many characters were left off `text` already.
    """
    if not unseen and len(text) < room and text_bytes(text) <= room:
        return text
    kept = min(len(text), room)
    while kept > 0:
        shortened = f"{text[:kept]}… (+{len(text) - kept + unseen} characters)"
        excess = text_bytes(shortened) - room
        if excess <= 0:
            return shortened
        kept -= -(-excess // 6)  # no character takes more than six bytes
    return "…"


def bounded_repr(value: Any) -> str:
    """Return the beginning of a value's repr; of one whose repr fails, what happened."""
    try:
        text = str.__str__(repr(value))
    except Exception as error:
        text = f"<its repr raised {type(error).__name__}>"
    return storable(text[: 2 * MAX_REPR])


def class_name(value: Any) -> str:
    """Return the full name of a value's class."""
    kind = type(value)
    try:
        return storable(f"{kind.__module__}.{kind.__qualname__}"[:MAX_REPR])
    except Exception:
        return "a class without a name"
