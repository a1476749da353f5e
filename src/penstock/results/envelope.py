"""The file of a result: a header that tells all about it, and the result itself.

    5 bytes    `PNSR` and the version of this format, 1
    4 bytes    the length of the header, big-endian
    header     a JSON object
    payload    what the serializer wrote; nothing, where the file only says where a result is

Whether a result is there and still valid can be told from the first bytes, however large it is.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec

MAGIC = b"PNSR\x01"
PREFIX_BYTES = len(MAGIC) + 4
MOST_HEADER_BYTES = 1 << 20


class DamagedRecord(ValueError):
    """A file is not what was written: cut short, changed, or no result at all."""


class Envelope(NamedTuple):
    """What the first bytes of a file say.

    Attributes:
        header: the header.
        payload_at: where the payload begins.
    """

    header: dict[str, Any]
    payload_at: int

    def payload_in(self, content: bytes) -> bytes:
        """Return the payload of the file with this `content`.

        Raises:
            DamagedRecord: it is not the one that was written.
        """
        payload = content[self.payload_at :]
        if len(payload) != self.header["size"]:
            raise DamagedRecord(f"it has {len(payload)} bytes of {self.header['size']}")
        if checksum(payload) != self.header["checksum"]:
            raise DamagedRecord("its checksum does not fit")
        return payload


def checksum(payload: bytes) -> str:
    """Return the checksum of a payload."""
    return blake2b(payload, digest_size=16).hexdigest()


def pack(header: dict[str, Any], payload: bytes) -> bytes:
    """Return the content of the file of a result."""
    written = msgspec.json.encode(header)
    return b"".join((MAGIC, len(written).to_bytes(4, "big"), written, payload))


def bytes_needed(start: bytes) -> int:
    """Return how many bytes of a file are needed for its header; `start` are the first ones.

    Raises:
        DamagedRecord: it is no file of a result.
    """
    if start[: len(MAGIC)] != MAGIC or len(start) < PREFIX_BYTES:
        raise DamagedRecord("it does not begin as a result does")
    length = int.from_bytes(start[len(MAGIC) : PREFIX_BYTES], "big")
    if length > MOST_HEADER_BYTES:
        raise DamagedRecord(f"its header would have {length} bytes")
    return PREFIX_BYTES + length


def unpack(start: bytes) -> Envelope:
    """Return what the first bytes of a file say; there must be as many as `bytes_needed` tells.

    Raises:
        DamagedRecord: it is no file of a result, or its header is damaged.
    """
    needed = bytes_needed(start)
    try:
        header = msgspec.json.decode(start[PREFIX_BYTES:needed])
        complete = isinstance(header["size"], int) and isinstance(header["checksum"], str)
    except (ValueError, KeyError, TypeError):
        complete, header = False, {}
    if len(start) < needed or not complete:
        raise DamagedRecord("its header is damaged")
    return Envelope(header, needed)
