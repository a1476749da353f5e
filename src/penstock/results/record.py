"""A result together with what is known of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, TypeVar

from penstock.core.errors import SerializationError
from penstock.results.envelope import DamagedRecord, checksum, pack, unpack
from penstock.results.metadata import ResultRecordMetadata
from penstock.serializers.serializer import Serializer, refused_dump, refused_load

R = TypeVar("R")

_NOT_LOADED: Any = object()


class ResultRecord(Generic[R]):
    """A result, and what is known of it. One that was read is made from its bytes when it is first asked for.

    Parameters:
        result: the result.
        metadata: what is known of it.
        payload: in place of the result, its bytes.
    """

    __slots__ = ("_payload", "_persisted", "_result", "metadata")

    def __init__(
        self, result: R = _NOT_LOADED, metadata: ResultRecordMetadata | None = None, payload: bytes | None = None
    ) -> None:
        self._result = result
        self._payload = payload
        self._persisted = False
        self.metadata = ResultRecordMetadata() if metadata is None else metadata

    @property
    def result(self) -> R:
        """The result.

        Raises:
            SerializationError: its bytes can't be read in this process.
        """
        if self._result is _NOT_LOADED:
            self._result = load(self.serializer, self._payload or b"")
            self._payload = None
        return self._result

    @property
    def is_persisted(self) -> bool:
        """Whether the result is in its storage."""
        return self._persisted

    def mark_persisted(self) -> None:
        """Note that the result is in its storage."""
        self._persisted = True

    @property
    def expiration(self) -> datetime | None:
        """From when on the result does not stand in for a run any more."""
        return self.metadata.expiration

    @property
    def serializer(self) -> Serializer[Any]:
        """What turns the result into bytes and back."""
        return self.metadata.serializer

    def serialize_result(self) -> bytes:
        """Return the result as bytes.

        Raises:
            SerializationError: its serializer can't write it.
        """
        try:
            return self.serializer.dumps(self.result)
        except SerializationError:
            raise
        except Exception as error:
            raise refused_dump(self.serializer, self.result, error) from error

    def serialize_metadata(self) -> bytes:
        """Return what is known of the result, as bytes."""
        return self.metadata.dump_bytes()

    def serialize(self, payload: bytes | None = None) -> bytes:
        """Return the content of the result's file.

        Parameters:
            payload: the result as bytes, where that is known already.

        Raises:
            SerializationError: as `serialize_result`.
        """
        payload = self.serialize_result() if payload is None else payload
        self.metadata.checksum = checksum(payload)
        self.metadata.size = len(payload)
        return pack(self.metadata.to_header(), payload)

    @classmethod
    def deserialize(cls, data: bytes, backup_serializer: Serializer[Any] | None = None) -> ResultRecord[Any]:
        """Return the record in the content of a result's file.

        Parameters:
            data: the content.
            backup_serializer: reads content that is no file of a result, but a result alone.

        Raises:
            DamagedRecord: it is not what was written.
        """
        try:
            envelope = unpack(data)
        except DamagedRecord:
            if backup_serializer is None:
                raise
            return cls(load(backup_serializer, data), ResultRecordMetadata(serializer=backup_serializer))
        return cls(metadata=ResultRecordMetadata.from_header(envelope.header), payload=envelope.payload_in(data))

    @classmethod
    def deserialize_from_result_and_metadata(cls, result: bytes, metadata: bytes) -> ResultRecord[Any]:
        """Return the record of which `serialize_result` and `serialize_metadata` gave the parts."""
        return cls(metadata=ResultRecordMetadata.load_bytes(metadata), payload=result)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ResultRecord):
            return False
        return self.metadata == other.metadata and bool(self.result == other.result)

    __hash__ = None  # type: ignore[assignment]  # results may be changed

    def __repr__(self) -> str:
        return f"ResultRecord({self.metadata!r})"


def load(serializer: Serializer[Any], payload: bytes) -> Any:
    """Return the value in `payload`; whatever goes wrong is a SerializationError."""
    try:
        return serializer.loads(payload)
    except SerializationError:
        raise
    except Exception as error:
        raise refused_load(serializer, error) from error
