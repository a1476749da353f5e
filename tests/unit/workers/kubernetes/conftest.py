"""Scenes with a Kubernetes worker."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.kubernetes.scenes import Play, playing


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Play:
    """Return what plays a scene: a worker on a fake cluster, under a clock that stands still."""
    return playing(tmp_path, monkeypatch)
