"""The file of a result in a storage."""

from __future__ import annotations

from typing import Any

from penstock.filesystems.filesystem import WritableFileSystem
from penstock.results.envelope import DamagedRecord, Envelope, bytes_needed, pack, unpack
from penstock.results.metadata import ResultRecordMetadata
from penstock.results.payload_cache import PayloadCache
from penstock.results.record import ResultRecord

FIRST_BYTES = 16_384
"""How much of a file is read to see its header. Most results are smaller, and read whole by it."""

NOT_THERE = (FileNotFoundError, KeyError, ValueError)
"""What a storage may raise where there is no file; a `DamagedRecord` is one of them."""


class RecordFile:
    """The file of a result, of which the first bytes have been read.

    Parameters:
        storage: where it is.
        path: its path there.
        start: its first bytes, at least up to the end of its header.

    Raises:
        DamagedRecord: it is no file of a result.
    """

    __slots__ = ("envelope", "path", "start", "storage")

    def __init__(self, storage: WritableFileSystem, path: str, start: bytes) -> None:
        self.storage = storage
        self.path = path
        self.start = start
        self.envelope: Envelope = unpack(start)

    @property
    def metadata(self) -> ResultRecordMetadata:
        """What the header says.

        Raises:
            DamagedRecord: it says nothing that makes sense.
        """
        try:
            metadata = ResultRecordMetadata.from_header(self.envelope.header)
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedRecord("its header is damaged") from error
        metadata.storage = self.storage
        metadata.storage_key = self.path
        return metadata

    def read(self, cache: PayloadCache | None) -> ResultRecord[Any]:
        """Return the record in the file.

        Parameters:
            cache: knows bytes that need not be fetched, and is told of those that were.

        Raises:
            FileNotFoundError: it is not there any more; a storage may raise another of `NOT_THERE`.
            DamagedRecord: it is not what was written.
        """
        header = self.envelope.header
        if len(self.start) >= self.envelope.payload_at + header["size"]:
            return self._record(self.envelope.payload_in(self.start))
        known = None if cache is None else cache.get(self.path, header["checksum"])
        if known is not None:
            return self._record(known)
        # All of it, with its header: another result may have taken its place since the first bytes were read.
        whole = RecordFile(self.storage, self.path, self.storage.read_path(self.path))
        payload = whole.envelope.payload_in(whole.start)
        if cache is not None:
            cache.put(self.path, whole.envelope.header["checksum"], payload)
        return whole._record(payload)

    def _record(self, payload: bytes) -> ResultRecord[Any]:
        record: ResultRecord[Any] = ResultRecord(metadata=self.metadata, payload=payload)
        record.mark_persisted()
        return record


def open_record(storage: WritableFileSystem, path: str) -> RecordFile:
    """Read the first bytes of the file of a result.

    Raises:
        FileNotFoundError: there is none; a storage may raise another of `NOT_THERE`.
        DamagedRecord: it is no file of a result, or cut short.
    """
    start, total_bytes = storage.read_start(path, FIRST_BYTES)
    needed = bytes_needed(start)
    if needed > len(start):
        start, total_bytes = storage.read_start(path, needed)
    file = RecordFile(storage, path, start)
    header = file.envelope.header
    if total_bytes is not None and total_bytes != needed + (0 if header.get("elsewhere") else header["size"]):
        raise DamagedRecord(f"it has {total_bytes} bytes of {needed + header['size']}")
    return file


def write_metadata(storage: WritableFileSystem, path: str, metadata: ResultRecordMetadata) -> None:
    """Write a file that says what is known of a result which is elsewhere."""
    storage.write_path(path, pack({**metadata.to_header(), "elsewhere": True}, b""))
