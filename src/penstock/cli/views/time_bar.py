"""A bar that shows when a run ran within another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from penstock.core.state_type import StateType
from penstock.wire.flow_runs import FlowRun
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

Span = tuple[float, float]


class TimeBar:
    """Draws bars over one span of time.

    Parameters:
        start: where the bars begin.
        end: where they end.
        width: how many characters they have.
        ascii_only: draw them for a terminal that knows no other characters.
    """

    def __init__(self, start: datetime, end: datetime, width: int, *, ascii_only: bool = False) -> None:
        self.start = start.timestamp()
        self.seconds = max(end.timestamp() - self.start, 1e-6)
        self.width = width
        self.ran, self.waited = ("=", ".") if ascii_only else ("━", "╌")

    def draw(self, run: FlowRun | TaskRun, now: datetime) -> str:
        """Return the bar of a run: solid where it ran, dotted where it waited for its next try."""
        if run.start_time is None:
            return ""
        whole = self._cells((run.start_time.timestamp(), (run.end_time or now).timestamp()))
        ran = {cell for span in _running_spans(run.states, now) for cell in self._cells(span)} or set(whole)
        return "".join(
            self.ran if cell in ran else self.waited if cell in whole else " " for cell in range(whole[-1] + 1)
        )

    def draw_span(self, start: datetime, end: datetime) -> str:
        """Return a bar from `start` to `end`."""
        cells = self._cells((start.timestamp(), end.timestamp()))
        return " " * cells[0] + self.ran * len(cells)

    def _cells(self, span: Span) -> Sequence[int]:
        first = int((span[0] - self.start) / self.seconds * self.width)
        last = int((span[1] - self.start) / self.seconds * self.width)
        first = min(max(first, 0), self.width - 1)
        return range(first, max(min(last, self.width - 1), first) + 1)


def _running_spans(states: Sequence[StateRecord], now: datetime) -> Iterable[Span]:
    for index, state in enumerate(states):
        if state.type is StateType.RUNNING:
            after = states[index + 1].timestamp if index + 1 < len(states) else now
            yield state.timestamp.timestamp(), after.timestamp()
