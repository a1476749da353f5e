"""What becomes of the instants that no run was made for in time, and of runs that are due while others are under way."""

from __future__ import annotations

from enum import Enum


class MissedPolicy(str, Enum):
    """What becomes of instants at which no server could make runs."""

    SKIP = "SKIP"
    LATEST = "LATEST"
    ALL = "ALL"


class OverlapPolicy(str, Enum):
    """What becomes of a run that is due while an earlier one of its schedule has not ended."""

    ALLOW = "ALLOW"
    ENQUEUE = "ENQUEUE"
    SKIP = "SKIP"
    CANCEL_OLDER = "CANCEL_OLDER"
