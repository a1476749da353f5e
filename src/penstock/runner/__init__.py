"""Serving deployments from a process of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from penstock.runner.runner import Runner as Runner
    from penstock.runner.runner import serve as serve

__all__ = ["Runner", "serve"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from importlib import import_module

        value = globals()[name] = getattr(import_module("penstock.runner.runner"), name)
        return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
