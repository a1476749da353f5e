"""What is known of a stored result beside the result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from penstock.core import clock
from penstock.core.state import StoredResult
from penstock.core.version import __version__
from penstock.filesystems.filesystem import WritableFileSystem
from penstock.serializers.serializer import Serializer, from_configuration, resolve_serializer


class ResultRecordMetadata(StoredResult):
    """Where a result is, how it was written and until when it counts. A state may hold this in place of the result.

    Parameters:
        storage_key: the path of the result in its storage.
        expiration: from when on the result does not stand in for a run any more; it can still be read.
        serializer: what wrote it; by default the default serializer of pickles.
        penstock_version: which version wrote it.
        checksum: of what the serializer wrote; None until it is written.
        size: how many bytes that are.
        storage: where it is; not written with the rest.
    """

    __slots__ = ("checksum", "expiration", "penstock_version", "serializer", "size", "storage", "storage_key")

    def __init__(
        self,
        storage_key: str | None = None,
        expiration: datetime | None = None,
        serializer: Serializer[Any] | str = "pickle",
        penstock_version: str = __version__,
        checksum: str | None = None,
        size: int | None = None,
        storage: WritableFileSystem | None = None,
    ) -> None:
        self.storage_key = storage_key
        self.expiration = expiration
        self.serializer = resolve_serializer(serializer)
        self.penstock_version = penstock_version
        self.checksum = checksum
        self.size = size
        self.storage = storage

    def is_expired(self) -> bool:
        """Whether the result does not stand in for a run any more."""
        return self.expiration is not None and self.expiration <= clock.now()

    @property
    def location(self) -> str | None:
        """Where the result is, for people and records: a path or an address without secrets."""
        if self.storage is None or self.storage_key is None:
            return self.storage_key
        return self.storage.location(self.storage_key)

    def load(self) -> Any:
        """Read the result from its storage, expired or not.

        Raises:
            MissingResult: it is not there any more, or damaged.
            SerializationError: what is there can't be read in this process.
        """
        from penstock.results.store import ResultStore

        if self.storage_key is None:
            raise ValueError("The result has no storage_key, so it can't be found. Persist it first.")
        return ResultStore(result_storage=self.storage, serializer=self.serializer).read(self.storage_key).result

    def to_header(self) -> dict[str, Any]:
        """Return the header of the result's file."""
        return {
            "storage_key": self.storage_key,
            "serializer": self.serializer.configuration(),
            "expiration": None if self.expiration is None else self.expiration.isoformat(),
            "checksum": self.checksum,
            "size": self.size,
            "penstock_version": self.penstock_version,
        }

    @classmethod
    def from_header(cls, header: dict[str, Any]) -> ResultRecordMetadata:
        """Return the metadata in the header of a result's file."""
        expiration = header.get("expiration")
        return cls(
            header.get("storage_key"),
            None if expiration is None else datetime.fromisoformat(expiration),
            from_configuration(header["serializer"]),
            header.get("penstock_version", ""),
            header.get("checksum"),
            header.get("size"),
        )

    def dump_bytes(self) -> bytes:
        """Return the metadata as JSON."""
        import json

        return json.dumps(self.to_header()).encode()

    @classmethod
    def load_bytes(cls, data: bytes) -> ResultRecordMetadata:
        """Return the metadata that `dump_bytes` wrote."""
        import json

        return cls.from_header(json.loads(data))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ResultRecordMetadata) and self.to_header() == other.to_header()

    __hash__ = None  # type: ignore[assignment]  # fields may be changed

    def __repr__(self) -> str:
        return f"ResultRecordMetadata({self.location!r}, serializer={self.serializer!r})"
