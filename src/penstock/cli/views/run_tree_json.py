"""The JSON form of a run's tree."""

from __future__ import annotations

from typing import Any

from penstock.cli.views import as_json
from penstock.cli.views.run_tree import RunTree
from penstock.wire.flow_runs import FlowRun


def tree_json(tree: RunTree) -> dict[str, Any]:
    """Return a tree as JSON values: each run with its `kind` and `children`, and what is hidden below it."""
    is_flow_run = isinstance(tree.run, FlowRun)
    run = as_json.flow_run(tree.run) if isinstance(tree.run, FlowRun) else as_json.task_run(tree.run)
    return {
        "kind": "flow_run" if is_flow_run else "task_run",
        **run,
        **({"task_run_counts": tree.counts} if is_flow_run else {}),
        "children": [tree_json(child) for child in tree.children],
        **({"hidden_task_runs": tree.hidden_task_runs} if is_flow_run else {}),
        **({"hidden_flow_runs": tree.hidden_flow_runs} if is_flow_run else {}),
    }
