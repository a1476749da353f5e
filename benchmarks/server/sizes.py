"""How much a database holds when it is measured."""

from __future__ import annotations

from dataclasses import dataclass

FULL_FLOW_RUNS = 100_000
TASK_RUNS_A_FLOW_RUN = 10
LINES_A_TASK_RUN = 5
LARGEST_SHARE = 10
"""One task run of so many is of one and the same flow run: the largest."""


@dataclass(frozen=True)
class Size:
    """A part of the full size.

    Attributes:
        part: the full size is so many times as large.
    """

    part: int

    @property
    def flow_runs(self) -> int:
        """How many flow runs there are."""
        return max(FULL_FLOW_RUNS // self.part, 20)

    @property
    def task_runs(self) -> int:
        """How many task runs there are in all."""
        return self.flow_runs * TASK_RUNS_A_FLOW_RUN

    @property
    def lines(self) -> int:
        """How many log lines there are."""
        return self.task_runs * LINES_A_TASK_RUN

    @property
    def largest(self) -> int:
        """How many task runs the largest flow run holds."""
        return self.task_runs // LARGEST_SHARE

    def __str__(self) -> str:
        runs = f"{self.flow_runs:,} flow runs, {self.task_runs:,} task runs ({self.largest:,} of one flow run)"
        return f"{runs}, {self.lines:,} log lines"
