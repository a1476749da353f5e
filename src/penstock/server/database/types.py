"""Column types that mean the same on every kind of database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import TIMESTAMP, BigInteger, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_microseconds(instant: datetime) -> int:
    """Return the microseconds from 1970 to `instant`.

    Raises:
        TypeError: it has no time zone, so it is no instant.
    """
    since = instant - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_microseconds(microseconds: int) -> datetime:
    """Return the instant, in UTC, that is so many microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


class Instant(TypeDecorator[datetime]):
    """An instant, to the microsecond: an integer in SQLite, a timestamptz in PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a value is to Python."""
        return datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type underneath."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Return what the database is given."""
        if value is None or dialect.name == "postgresql":
            return value
        return to_microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Return what the database's value means."""
        if value is None:
            return None
        return value.astimezone(UTC) if isinstance(value, datetime) else from_microseconds(value)


class Json(TypeDecorator[Any]):
    """A value as JSON text, read back as `shape`. NULL stands for what is empty.

    Parameters:
        shape: the type, as msgspec takes it.
    """

    impl = Text
    cache_ok = True

    def __init__(self, shape: Any = Any) -> None:
        super().__init__()
        self.shape = shape
        self._decoder = msgspec.json.Decoder(shape)

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Return what the database is given."""
        return encode_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Return what the database's value means; None where it was spoilt, so that one row does not cost a page."""
        if value is None:
            return None
        try:
            return self._decoder.decode(value)
        except msgspec.MsgspecError:
            return None


_encoder = msgspec.json.Encoder()


def encode_json(value: Any) -> str | None:
    """Return `value` as JSON text, or None where it is None or an empty collection."""
    if value is None or (not value and isinstance(value, (list, dict))):
        return None
    return _encoder.encode(value).decode()
