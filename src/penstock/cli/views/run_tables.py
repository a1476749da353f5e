"""Tables of runs."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.cli.screen import states
from penstock.cli.screen.output import Cell, Column, on_terminal, print_table, when
from penstock.cli.screen.words import duration, short_ids
from penstock.core import clock
from penstock.wire.flow_runs import FlowRun
from penstock.wire.flows import Flow
from penstock.wire.task_runs import TaskRun


def print_flows(flows: Sequence[Flow]) -> None:
    """Print a table of flows."""
    columns = [Column("FLOW"), Column("RUNS", keep=True, right=True), Column("FIRST RUN", keep=True, style="dim")]
    print_table(columns, [(flow.name, f"{flow.run_count:,}", when(flow.created)) for flow in flows])


def print_flow_runs(runs: Sequence[FlowRun]) -> None:
    """Print a table of flow runs."""
    _print_runs("FLOW", runs, [run.flow_name for run in runs])


def print_task_runs(runs: Sequence[TaskRun]) -> None:
    """Print a table of task runs."""
    _print_runs("TASK", runs, [run.task_name for run in runs])


def _print_runs(noun: str, runs: Sequence[FlowRun | TaskRun], names: list[str]) -> None:
    columns = [
        Column("ID", keep=True, style="dim"),
        Column(noun),
        Column("RUN"),
        Column("STATE", keep=True),
        Column("STARTED", keep=True, style="dim"),
        Column("TOOK", keep=True, right=True),
    ]
    ids = _ids([str(run.id) for run in runs])
    print_table(
        columns,
        [
            (run_id, name, Cell(run.name, "bold"), states.cell(run.state), when(run.start_time), _took(run))
            for run_id, name, run in zip(ids, names, runs, strict=True)
        ],
    )


def _ids(ids: list[str]) -> list[str]:
    return short_ids(ids) if on_terminal() else ids


def _took(run: FlowRun | TaskRun) -> str:
    seconds = seconds_taken(run)
    return "-" if seconds is None else duration(seconds)


def seconds_taken(run: FlowRun | TaskRun) -> float | None:
    """Return how long a run took from its first start to its end, or has taken so far; None if it never started."""
    if run.start_time is None:
        return None
    return ((run.end_time or clock.now()) - run.start_time).total_seconds()
