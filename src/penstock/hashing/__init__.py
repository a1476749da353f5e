"""Stable hashes: equal values give the same text in every process, different ones never do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from penstock.core.errors import HashError as HashError

if TYPE_CHECKING:
    from penstock.hashing.encoder import stable_hash as stable_hash

__all__ = ["HashError", "stable_hash"]


def __getattr__(name: str) -> Any:
    if name != "stable_hash":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from penstock.hashing.encoder import stable_hash

    globals()[name] = stable_hash
    return stable_hash
