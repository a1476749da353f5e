"""Paths that programs written for Prefect import from; what they hold lies in the public modules of penstock."""
# ruff: noqa: I002 - `from __future__ import annotations` would take the name of the module `annotations`

__all__: list[str] = []
