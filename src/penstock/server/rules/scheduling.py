"""How runs of schedules are made ahead, where the schedule does not say: what the settings of a server come to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scheduling:
    """How runs of schedules are made ahead.

    Attributes:
        max_scheduled_runs: how many runs to come of one schedule are made.
        horizon_days: how far ahead.
        late_after_seconds: after how long a run that has not started is Late.
    """

    max_scheduled_runs: int = 3
    horizon_days: float = 100.0
    late_after_seconds: float = 15.0
