"""Workers: programs that claim runs of deployments and start them on some kind of infrastructure."""

from __future__ import annotations

__all__: list[str] = []
