"""`penstock task-run`: what tasks ran, and what became of them."""

from __future__ import annotations

from typing import Any

import click

from penstock.cli.completing import complete_flow_runs
from penstock.cli.filters import limit_option, run_conditions, run_filters
from penstock.cli.screen.output import Format, output_option, print_json, say


@click.group("task-run", short_help="List and inspect task runs.")
def task_run() -> None:
    """List and inspect task runs.

    RUN is a run's name, its id, or the first digits of its id: at least six, and enough to tell it from others.
    """


@task_run.command("ls")
@run_filters("run")
@limit_option
@click.option("--flow-run", "flow_run", metavar="RUN", help="Of this flow run.", shell_complete=complete_flow_runs)
@click.option("--task", "tasks", multiple=True, metavar="KEY", help="Of the task with this key. May be repeated.")
@output_option
def list_task_runs(
    limit: int,
    flow_run: str | None,
    tasks: tuple[str, ...],
    output: Format,
    **options: Any,
) -> None:
    """List task runs, newest first."""
    from penstock.cli.asking import fetch
    from penstock.cli.finding import find_flow_run
    from penstock.cli.views import as_json, run_tables
    from penstock.wire.operations import TASK_RUNS_LIST
    from penstock.wire.requests import TaskRunQuery
    from penstock.wire.sorts import TaskRunSort
    from penstock.wire.task_runs import TaskRunFilter

    conditions = TaskRunFilter(
        flow_run_ids=[find_flow_run(flow_run).id] if flow_run else None,
        task_keys=list(tasks) or None,
        **run_conditions(options, TaskRunFilter),
    )
    order = TaskRunSort.START_TIME_DESC if options["since"] or options["until"] else TaskRunSort.ID_DESC
    runs, more = fetch(TASK_RUNS_LIST, TaskRunQuery(conditions, sort=order), limit)
    if output == "json":
        print_json([as_json.task_run(run) for run in runs])
    elif runs:
        run_tables.print_task_runs(runs)
    else:
        say("No task runs match." if conditions != TaskRunFilter() else "No task has run yet.")
    if more:
        say(f"There are more; these are the newest {limit}. See --limit.")


@task_run.command("inspect")
@click.argument("run")
@output_option
def inspect_task_run(run: str, output: Format) -> None:
    """Show one task run: its history, where its inputs came from, and its error."""
    from penstock.cli.finding import find_task_run
    from penstock.cli.views import as_json

    found = find_task_run(run)
    if output == "json":
        print_json(as_json.task_run(found))
    else:
        from penstock.cli.views.task_run_page import print_task_run

        print_task_run(found)
