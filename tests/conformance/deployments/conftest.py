"""Deployments are tested with a clock that stands still unless a test moves it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from support.deploying.hands import Hands

from penstock.server.database.database import Database


@pytest.fixture
def hands(database: Database, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """The hands of the database's clock."""
    mine = Hands()

    def now(_connection: Any) -> datetime:
        return mine.now

    monkeypatch.setattr(database.dialect, "now", now)
    return mine
