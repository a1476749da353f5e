"""Which names can be recorded, shown and typed again."""

from __future__ import annotations

import re

from penstock.core.errors import InvalidNameError

MAX_NAME_LENGTH = 500
"""How many characters a name has at the most."""

UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""What no name holds: control characters, line breaks of every kind, and halves of characters."""

_BANNED = {"flow": "/%&<>"}
"""What would be taken for something else in the addresses and deployment names (`flow/deployment`) made of a name."""


def check_name(kind: str, name: str) -> str:
    """Return `name` if something can be called that.

    Parameters:
        kind: what is named, such as `"flow"` or `"task"`.
        name: the name.

    Raises:
        InvalidNameError: it is empty, too long, or holds a character that a name can't hold.
    """
    fault = _fault(kind, name)
    if fault is not None:
        raise InvalidNameError(f"{_shown(name)} can't be the name of a {kind}: {fault}")
    return name


def _fault(kind: str, name: object) -> str | None:
    if not isinstance(name, str):
        return f"it is a {type(name).__name__}. Give a string."
    if not name.strip():
        return "it is empty. Give it at least one letter."
    if len(name) > MAX_NAME_LENGTH:
        return f"it has {len(name)} characters and may have {MAX_NAME_LENGTH}. Shorten it."
    unprintable = UNPRINTABLE.search(name)
    if unprintable is not None:
        return f"it holds {unprintable[0]!r}, which can't be shown on a line. Leave that character out."
    banned = [character for character in _BANNED.get(kind, "") if character in name]
    if banned:
        return f"it holds {' '.join(banned)}, which addresses made of a {kind}'s name can't hold. Use - or _ instead."
    return None


def _shown(name: object) -> str:
    text = repr(name) if isinstance(name, str) else f"A {type(name).__name__}"
    return text if len(text) <= 60 else f"{text[:60]}…"
