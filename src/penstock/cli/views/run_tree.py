"""A run with what ran within it, gathered from the record and bounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from penstock.cli.asking import fetch
from penstock.client import transport
from penstock.core.state_type import StateType
from penstock.wire import operations
from penstock.wire.flow_runs import FlowRun, FlowRunFilter
from penstock.wire.requests import ById, FlowRunQuery, TaskRunQuery
from penstock.wire.task_runs import TaskRun, TaskRunFilter

COUNTED_UP_TO = 10_000
"""Where the server stops counting task runs of one type."""

_TO_LOOK_AT = [StateType.FAILED, StateType.CRASHED, StateType.RUNNING, StateType.CANCELLED, StateType.PAUSED]


@dataclass(slots=True)
class RunTree:
    """A run and what ran within it.

    Attributes:
        run: the run.
        children: what it called, in the order of their starts.
        counts: for a flow run, how many task runs it has in each type of state.
        hidden_task_runs: how many task runs of it are not in the tree.
        hidden_flow_runs: whether it called flows that are not in the tree.
    """

    run: FlowRun | TaskRun
    children: list[RunTree] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    hidden_task_runs: int = 0
    hidden_flow_runs: bool = False

    def walk(self) -> Iterable[RunTree]:
        """Yield every tree within this one, itself first."""
        yield self
        for child in self.children:
            yield from child.walk()


def gather(run: FlowRun, limit: int) -> RunTree:
    """Return the tree of a flow run with at most `limit` runs in it, those nearest to its root first.

    Where not all task runs of a flow run fit, those that failed or still run go first, then the oldest.
    """
    root = RunTree(run)
    waiting: list[tuple[RunTree, FlowRun]] = [(root, run)]
    while waiting:
        tree, flow_run = waiting.pop(0)
        called = _add_children(tree, flow_run, limit)
        limit -= sum(1 for _ in tree.walk()) - 1
        waiting += called
    return root


def _add_children(tree: RunTree, flow_run: FlowRun, limit: int) -> list[tuple[RunTree, FlowRun]]:
    """Put what a flow run called below it, at most `limit` runs; return those that may have called others."""
    flow_runs, more = _called_flow_runs(flow_run.id, limit)
    tree.counts = transport.call(operations.FLOW_RUNS_COUNTS, ById(flow_run.id)).by_type
    task_runs, more_tasks = _task_runs(flow_run.id, tree.counts, max(limit - len(flow_runs), 0))
    tree.hidden_task_runs = max(sum(tree.counts.values()) - len(task_runs), int(more_tasks))
    tree.hidden_flow_runs = more

    runs: list[FlowRun | TaskRun] = [*task_runs, *flow_runs]
    below = {run.id: RunTree(run) for run in runs}
    for child in sorted(below.values(), key=_order):
        parent = below.get(child.run.parent_task_run_id) if child.run.parent_task_run_id else None
        (tree if parent is None or parent is child else parent).children.append(child)
    return [(below[run.id], run) for run in flow_runs]


def _called_flow_runs(run_id: UUID, limit: int) -> tuple[list[FlowRun], bool]:
    query = FlowRunQuery(FlowRunFilter(parent_flow_run_id=run_id))
    if limit < 1:
        found, _ = fetch(operations.FLOW_RUNS_LIST, query, 1)
        return [], bool(found)
    return fetch(operations.FLOW_RUNS_LIST, query, limit)


def is_capped(counts: dict[str, int]) -> bool:
    """Whether there may be more task runs than are counted."""
    return any(count >= COUNTED_UP_TO for count in counts.values())


def _task_runs(run_id: UUID, counts: dict[str, int], limit: int) -> tuple[list[TaskRun], bool]:
    """Return at most `limit` task runs of a flow run, those to look at first, and whether there are more."""
    if limit < 1 or not counts:
        return [], bool(counts)
    chosen: dict[UUID, TaskRun] = {}
    if sum(counts.values()) > limit or is_capped(counts):
        notable = TaskRunFilter(flow_run_ids=[run_id], state_types=_TO_LOOK_AT)
        chosen |= _by_id(fetch(operations.TASK_RUNS_LIST, TaskRunQuery(notable), limit)[0])
    oldest, more = fetch(operations.TASK_RUNS_LIST, TaskRunQuery(TaskRunFilter(flow_run_ids=[run_id])), limit)
    for run in oldest:
        if len(chosen) < limit:
            chosen.setdefault(run.id, run)
    return list(chosen.values()), more


def _by_id(runs: Iterable[TaskRun]) -> dict[UUID, TaskRun]:
    return {run.id: run for run in runs}


def _order(tree: RunTree) -> tuple[float, int]:
    """Order by start; what never started stands where it was made, which its id tells."""
    began = tree.run.start_time or tree.run.state.timestamp
    return began.timestamp(), tree.run.id.int
