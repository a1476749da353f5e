"""A batch in two, where a server can't take it whole: so one entry that makes no sense does not cost the others."""

from __future__ import annotations

from typing import Any


def halves_of(runs: list[Any], logs: list[Any]) -> list[tuple[list[Any], list[Any]]] | None:
    """Return two halves of what a batch holds; None where it holds a single entry."""
    if len(runs) + len(logs) <= 1:
        return None
    halves = [(runs[: len(runs) // 2], logs[: len(logs) // 2]), (runs[len(runs) // 2 :], logs[len(logs) // 2 :])]
    return halves if any(halves[0]) else [(runs, []), ([], logs)]
