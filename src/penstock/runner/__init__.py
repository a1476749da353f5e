"""Where the code of flows is kept: see `penstock.runner.storage`."""

from __future__ import annotations

__all__: list[str] = []
