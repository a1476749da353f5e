"""Every test here has a record of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support.record import fresh_record


@pytest.fixture(autouse=True)
def _own_record() -> Iterator[None]:
    with fresh_record():
        yield
