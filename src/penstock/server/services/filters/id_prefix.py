"""Ids that begin with given digits: a range, which an index on the id serves."""

from __future__ import annotations

import re
from uuid import UUID

from penstock.core.errors import InvalidRequest

_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{1,32}")
_DIGITS = 32


def ids_with_prefix(prefix: str) -> tuple[UUID, UUID]:
    """Return the first and the last id that begin with the hexadecimal digits `prefix`.

    Raises:
        InvalidRequest: no id begins so.
    """
    if not _HEXADECIMAL.fullmatch(prefix):
        raise InvalidRequest(f"An id can't begin with {prefix[:_DIGITS]!r}. Give 1 to {_DIGITS} hexadecimal digits.")
    return UUID(prefix.ljust(_DIGITS, "0")), UUID(prefix.ljust(_DIGITS, "f"))
