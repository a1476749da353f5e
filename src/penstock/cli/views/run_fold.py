"""Many runs of one task, side by side, as one line of a tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from penstock.cli.screen.words import plural
from penstock.cli.views.run_tree import RunTree
from penstock.core.state_type import StateType
from penstock.wire.task_runs import TaskRun

MANY = 12
"""More completed runs of one task than this, below one run, are folded."""


@dataclass(frozen=True)
class Fold:
    """Completed runs of one task.

    Attributes:
        runs: the runs, in the order of their starts.
    """

    runs: Sequence[TaskRun]

    @property
    def label(self) -> str:
        """The task's name, and how many runs."""
        return f"{self.runs[0].task_name} × {len(self.runs):,}"  # noqa: RUF001  # the sign of multiplication is meant

    @property
    def note(self) -> str:
        """How many are in a state of another name than Completed, and how many took more than one try."""
        names = Counter(run.state.name for run in self.runs if run.state.name != "Completed")
        parts = [f"{count:,} {name}" for name, count in names.most_common()]
        retried = sum(run.run_count > 1 for run in self.runs)
        if retried:
            parts.append(f"{plural(retried, 'run')} retried")
        return " · ".join(parts)

    @cached_property
    def span(self) -> tuple[datetime, datetime]:
        """When the first one started, or was found done, and when the last one ended."""
        starts = [run.start_time or run.state.timestamp for run in self.runs]
        return min(starts), max(run.state.timestamp for run in self.runs)

    @property
    def seconds(self) -> float:
        """The length of the span, in seconds."""
        start, end = self.span
        return (end - start).total_seconds()


def folded(children: Iterable[RunTree]) -> Iterator[RunTree | Fold]:
    """Yield `children` in order, with a fold in the place of the first of many completed runs of one task.

    What failed or still runs, and what called other runs, stays by itself.
    """
    children = list(children)
    alike: dict[str, list[TaskRun]] = {}
    for child in children:
        if (key := _task_key(child)) is not None and isinstance(child.run, TaskRun):
            alike.setdefault(key, []).append(child.run)
    for child in children:
        runs = alike.get(_task_key(child) or "", [])
        if len(runs) <= MANY:
            yield child
        elif runs[0] is child.run:
            yield Fold(runs)


def _task_key(tree: RunTree) -> str | None:
    """Return the task of a run that may be folded, or None."""
    run = tree.run
    if isinstance(run, TaskRun) and run.state.type is StateType.COMPLETED and not tree.children:
        return run.task_key
    return None
