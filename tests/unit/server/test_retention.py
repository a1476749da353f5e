"""How long things are kept: a pure rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from penstock.server.rules.retention import Due, Keeping, due

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_ninety_days_unless_told_otherwise() -> None:
    """Everything is kept for ninety days by default, and the audit for a year."""
    assert due(Keeping(), NOON) == Due(*[NOON - timedelta(days=90)] * 4, NOON - timedelta(days=365))


def test_each_kind_has_its_own_time() -> None:
    """Kinds are kept each for their own time; parts of a day count."""
    assert due(Keeping(1.5, 2, 3, 4, 5), NOON) == Due(*[NOON - timedelta(days=days) for days in (1.5, 2, 3, 4, 5)])


def test_nothing_is_for_ever_by_accident() -> None:
    """0 keeps for ever, and so does a time that no calendar reaches."""
    assert due(Keeping(0, 1e9, 1e300, 0, 0), NOON) == Due(None, None, None, None, None)
