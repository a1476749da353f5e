"""One task run, as a page of facts."""

from __future__ import annotations

from collections.abc import Iterator

from penstock.cli.screen import states
from penstock.cli.screen.output import Cell, Column, print_line, print_table
from penstock.cli.screen.words import duration, local
from penstock.cli.views import facts
from penstock.wire.task_runs import TaskRun


def print_task_run(run: TaskRun) -> None:
    """Print a task run: what is known of it, its history, and its error."""
    facts.print_heading(run)
    facts.print_facts(_facts(run))
    print_line()
    _print_history(run)
    facts.print_error(run.error)


def _facts(run: TaskRun) -> Iterator[facts.Fact]:
    yield "id", str(run.id)
    yield "task", run.task_key
    if run.flow_run_id is not None:
        yield "flow run", str(run.flow_run_id)
    if run.parent_task_run_id is not None:
        yield "called by", str(run.parent_task_run_id)
    yield from facts.times(run)
    yield from facts.tries(run)
    yield from facts.origin(run)
    if run.cache_key is not None:
        yield "cache key", run.cache_key
    yield from facts.why(run)


def _print_history(run: TaskRun) -> None:
    """Print the states it went through, when it entered each, and for how long it stayed."""
    columns = [
        Column("STATE", keep=True),
        Column("ENTERED", keep=True, style="dim"),
        Column("FOR", right=True),
        Column("MESSAGE"),
    ]
    ends = [state.timestamp for state in run.states[1:]]
    rows = []
    for state, end in zip(run.states, [*ends, None], strict=True):
        stayed = "" if end is None else duration((end - state.timestamp).total_seconds())
        rows.append(
            (states.cell(state), local(state.timestamp, "milliseconds"), stayed, Cell(state.message or "", "dim"))
        )
    print_table(columns, rows)
