"""Which runs of a backfill are made next: so many that no more are under way than it may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a backfill is.

    Attributes:
        made: for how many of its instants there are runs.
        unfinished: how many of these have not ended.
        concurrency: how many may be under way at once.
        newest_first: whether it begins with the last instant.
    """

    made: int
    unfinished: int
    concurrency: int
    newest_first: bool


def next_instants(instants: Sequence[datetime], progress: Progress) -> list[datetime]:
    """Return the instants to make runs for now, in the order in which they are to run.

    Parameters:
        instants: all there are, earliest first.
        progress: how far it is.
    """
    room = max(0, progress.concurrency - progress.unfinished)
    in_order = instants[::-1] if progress.newest_first else instants
    return list(in_order[progress.made : progress.made + room])


def is_over(total: int, progress: Progress) -> bool:
    """Return whether all runs were made and have ended."""
    return progress.made >= total and progress.unfinished == 0
