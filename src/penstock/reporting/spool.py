"""A bounded file of requests that wait for their server, in order."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from typing import Any

import msgspec

from penstock.reporting.standard_streams import fill_closed_streams
from penstock.settings.private_folder import make_private_folder
from penstock.wire.operations import OPERATIONS, Operation

HAS_LOCKS = os.name == "posix"
"""Elsewhere nobody can tell whether a file's process lives, so nobody takes over what a dead one left."""

if HAS_LOCKS:
    import fcntl

_MAGIC = b"PENSTOCK"
_HEADER = struct.Struct("<8sQ")
_ENTRY = struct.Struct("<II")

Entry = tuple[Operation[Any, Any], Any]


class Spool:
    """Requests in a file: appended at the end, taken from the front. It outlives its process, up to the first torn entry.

    Where the front is stands in the file too, so what was sent is not sent again but for the last. The file is made with
    the first entry and emptied with the last.

    Parameters:
        path: the file.
        limit: how many bytes it may hold at the most.
    """

    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.limit = limit
        self._file: int | None = None
        self._front = self._end = _HEADER.size
        self._head: tuple[Entry, int] | None = None

    @classmethod
    def left_behind(cls, path: Path, limit: int) -> Spool | None:
        """Return the spool that a process which is gone left at `path`; None where it lives, or left nothing to read."""
        if not HAS_LOCKS:
            return None
        spool = cls(path, limit)
        try:
            file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            magic, spool._front = _HEADER.unpack(os.pread(file, _HEADER.size, 0))
            spool._end = os.fstat(file).st_size
        except (OSError, struct.error):
            magic = b""
        if magic != _MAGIC:
            os.close(file)
            return None
        spool._file = file
        return spool

    def __bool__(self) -> bool:
        return self._front < self._end

    @property
    def size(self) -> int:
        """How many bytes wait."""
        return self._end - self._front

    def append(self, operation: Operation[Any, Any], request: Any) -> bool:
        """Put a request at the end; whether there was room for it."""
        payload = msgspec.msgpack.encode((operation.name, msgspec.Raw(msgspec.msgpack.encode(request))))
        entry = _ENTRY.pack(len(payload), zlib.crc32(payload)) + payload
        if self._end + len(entry) > self.limit:
            return False
        try:
            if self._file is None:
                self._file = self._made()
            written = os.pwrite(self._file, entry, self._end)
        except OSError:
            return False
        if written < len(entry):
            return False  # a full disk: what was written of it is overwritten by the next
        self._end += written
        return True

    def head(self) -> Entry | None:
        """Return the request at the front; None where there is none, or none that can be read."""
        if self._head is None and self:
            self._head = self._read(self._front)
            if self._head is None:
                self._empty()
        return None if self._head is None else self._head[0]

    def last(self) -> Entry | None:
        """Return the request at the end; None where there is none, or none that can be read."""
        at, last = self._front, None
        while self._file is not None and at < self._end:
            try:
                length, _ = _ENTRY.unpack(os.pread(self._file, _ENTRY.size, at))
            except (OSError, struct.error):
                break
            at, last = at + _ENTRY.size + length, at
        found = None if last is None else self._read(last)
        return None if found is None else found[0]

    @property
    def written_at(self) -> float:
        """When the file was last written to, in seconds since 1970; 0 where there is none."""
        return 0.0 if self._file is None else os.fstat(self._file).st_mtime

    def drop_head(self, sent: Entry) -> None:
        """Take away the request at the front: it is committed, or will never be.

        Parameters:
            sent: what `head` gave. Where another thread, which sent it too, has taken it away already, nothing is: what
                stands at the front now was not sent.
        """
        if self._head is None or self._head[0] is not sent:
            return
        self._front, self._head = self._head[1], None
        if self:
            self._write_front()
        else:
            self._empty()

    def close(self) -> None:
        """Let go of the file; one with nothing in it is removed."""
        file, self._file = self._file, None
        if file is None:
            return
        if not self:
            self.path.unlink(missing_ok=True)
        os.close(file)

    def _made(self) -> int:
        make_private_folder(self.path.parent)
        fill_closed_streams()
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if HAS_LOCKS:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.pwrite(file, _HEADER.pack(_MAGIC, self._front), 0)
        return file

    def _read(self, at: int) -> tuple[Entry, int] | None:
        assert self._file is not None
        try:
            length, checksum = _ENTRY.unpack(os.pread(self._file, _ENTRY.size, at))
            payload = os.pread(self._file, length, at + _ENTRY.size)
            if len(payload) != length or zlib.crc32(payload) != checksum:
                return None
            name, raw = msgspec.msgpack.decode(payload, type=tuple[str, msgspec.Raw])
            operation = OPERATIONS[name]
            request = msgspec.msgpack.decode(raw, type=operation.request)
        except (OSError, struct.error, msgspec.MsgspecError, KeyError):
            return None
        return (operation, request), at + _ENTRY.size + length

    def _write_front(self) -> None:
        assert self._file is not None
        try:
            os.pwrite(self._file, _HEADER.pack(_MAGIC, self._front), 0)
        except OSError:
            pass  # what was sent is then sent again, which changes nothing more

    def _empty(self) -> None:
        self._front = self._end = _HEADER.size
        self._head = None
        if self._file is not None:
            try:
                os.ftruncate(self._file, _HEADER.size)
            except OSError:
                pass
            self._write_front()
