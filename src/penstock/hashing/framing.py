"""How canonical bytes are put together, so that no two values can be written alike.

A scalar is its tag, the length of its content and the content. A compound is a digest over its tag, the number of its
parts and the parts. Every piece says where it ends, so pieces in a row can be read in one way only.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

DIGEST_BYTES = 32
INLINE_BYTES = 64

Encode = Callable[[Any], bytes]
"""Turns a value into canonical bytes."""

Parts = tuple[bytes, list[bytes]]
"""What a compound is made of: its tag, and its parts in canonical bytes."""


def digest(content: bytes | memoryview) -> bytes:
    """Return the digest of `content`."""
    return blake2b(content, digest_size=DIGEST_BYTES).digest()


def scalar(tag: bytes, content: bytes | memoryview) -> bytes:
    """Return the canonical bytes of a scalar: `tag` is one byte; long content is replaced by its digest.

    A view must be one of single bytes.
    """
    size = len(content)
    if size > INLINE_BYTES:
        content = digest(content)
    return b"%b%d:" % (tag, size) + bytes(content)


def text(value: str) -> bytes:
    """Return the canonical bytes of a text. A lone surrogate is kept as what it is."""
    return scalar(b"s", value.encode("utf-8", "surrogatepass"))


def compound(tag: bytes, parts: list[bytes]) -> bytes:
    """Return the canonical bytes of a compound."""
    return b"C" + digest(b"%b %d:%b" % (tag, len(parts), b"".join(parts)))
