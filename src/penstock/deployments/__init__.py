"""Deployments: flows that run elsewhere, by hand or on time."""

from __future__ import annotations

__all__: list[str] = []
