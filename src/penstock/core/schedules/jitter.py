"""How far the runs of a schedule are put off, so that those of many schedules do not start at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

_BYTES = 8


def jitter(schedule_id: UUID, instant: datetime, jitter_seconds: float) -> timedelta:
    """Return how far the run of an instant is put off: the same for whoever computes it.

    Parameters:
        schedule_id: the schedule.
        instant: at which it falls.
        jitter_seconds: no run is put off by this much or more.
    """
    if jitter_seconds <= 0:
        return timedelta()
    about = f"{schedule_id} {instant.timestamp():.6f}".encode()
    drawn = int.from_bytes(blake2b(about, digest_size=_BYTES).digest(), "big") >> 11
    return timedelta(microseconds=int(drawn / 2**53 * jitter_seconds * 1_000_000))
