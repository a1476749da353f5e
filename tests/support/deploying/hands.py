"""A clock of a database whose hands a test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 6, 1, 10, 30, tzinfo=UTC)


class Hands:
    """What a database's clock shows: it stands still unless it is moved.

    Attributes:
        now: the instant.
    """

    def __init__(self) -> None:
        self.now = BEGIN

    def move(self, **passed: float) -> datetime:
        """Have so much time pass, as `timedelta` takes it; return what the clock shows then."""
        self.now += timedelta(**passed)
        return self.now
