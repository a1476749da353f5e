"""Instants, as SQLite keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penstock.server.database.types import from_microseconds, to_microseconds

_zones = st.timedeltas(timedelta(hours=-23), timedelta(hours=23)).map(timezone)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=_zones))  # noqa: DTZ001 - Hypothesis adds the zone
def test_an_instant_survives_to_the_microsecond(instant: datetime) -> None:
    """An instant of any zone comes back as itself, in UTC."""
    found = from_microseconds(to_microseconds(instant))
    assert found == instant
    assert found.tzinfo is UTC


def test_what_has_no_zone_is_no_instant() -> None:
    """A naive time is refused rather than taken for one of some zone."""
    with pytest.raises(TypeError):
        to_microseconds(datetime(2026, 11, 20))  # noqa: DTZ001 - that is the point
