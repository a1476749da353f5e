"""The idempotency keys of runs that the server makes by itself: of one source, there is one run an instant."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

Source = Literal["schedule", "backfill"]


def key_of(source: Source, id: UUID, instant: datetime) -> str:
    """Return the idempotency key of the run that is made for an instant.

    Parameters:
        source: what makes it.
        id: which of these.
        instant: at which it falls; the same instant gives the same key in every zone.
    """
    return f"{source}:{id}:{instant.astimezone(UTC).isoformat()}"


def instant_of(key: str | None) -> datetime | None:
    """Return the instant in a key that `key_of` made; None where it is another key."""
    parts = (key or "").split(":", 2)
    if len(parts) != 3:
        return None
    try:
        instant = datetime.fromisoformat(parts[2])
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
