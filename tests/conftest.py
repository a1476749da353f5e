"""What holds for every test: its own PENSTOCK_HOME, a clean environment, and Hypothesis without chance in CI."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from penstock.settings.active import forget as forget_settings

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("long", deadline=None, derandomize="CI" in os.environ, print_blob=True, max_examples=2000)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture(autouse=True)
def _own_penstock_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point PENSTOCK_HOME at a folder of the test's own, and hide every other PENSTOCK_ setting of the caller."""
    for name in [name for name in os.environ if name.startswith("PENSTOCK_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PENSTOCK_HOME", str(tmp_path / "penstock-home"))
    forget_settings()
