"""`penstock flow-run`: what runs there were, and what became of them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

import click

from penstock.cli.completing import complete_flow_runs
from penstock.cli.filters import Since, run_filters
from penstock.cli.screen.output import Format, confirm, output_option, print_json, say


@click.group("flow-run", short_help="List, inspect and delete flow runs; read their logs.")
def flow_run() -> None:
    """List, inspect and delete flow runs; read their logs.

    RUN is a run's name, its id, or the first digits of its id: at least six, and enough to tell it from others.
    """


@flow_run.command("ls")
@run_filters("run")
@click.option("--flow", "flows", multiple=True, metavar="NAME", help="Of this flow. May be repeated.")
@click.option("--roots", is_flag=True, help="Only runs that no other run called.")
@output_option
def list_flow_runs(
    states: tuple[str, ...],
    name: str | None,
    tags: tuple[str, ...],
    since: datetime | None,
    limit: int,
    flows: tuple[str, ...],
    roots: bool,
    output: Format,
) -> None:
    """List flow runs, newest first."""
    from penstock.cli.asking import fetch
    from penstock.cli.filters import state_conditions
    from penstock.cli.views import as_json, run_tables
    from penstock.wire.flow_runs import FlowRunFilter
    from penstock.wire.operations import FLOW_RUNS_LIST
    from penstock.wire.requests import FlowRunQuery

    conditions = FlowRunFilter(
        name_like=name,
        flow_names=list(flows) or None,
        tags_all=list(tags) or None,
        started_after=since,
        roots_only=roots,
        **state_conditions(states),
    )
    runs, more = fetch(FLOW_RUNS_LIST, FlowRunQuery(conditions), limit)
    if output == "json":
        print_json([as_json.flow_run(run) for run in runs])
    elif runs:
        run_tables.print_flow_runs(runs)
    else:
        say("No flow runs match." if conditions != FlowRunFilter() else "No flow has run yet.")
    if more:
        say(f"There are more; these are the newest {limit}. See --limit.")


@flow_run.command("inspect")
@click.argument("run", shell_complete=complete_flow_runs)
@click.option(
    "--limit",
    type=click.IntRange(1, 100_000),
    default=2_000,
    show_default=True,
    help="Look at this many runs within the run at most.",
)
@output_option
def inspect_flow_run(run: str, limit: int, output: Format) -> None:
    """Draw a run as a tree: its tasks and the flows it called, with states and timings."""
    from penstock.cli.finding import find_flow_run
    from penstock.cli.views.run_tree import gather

    tree = gather(find_flow_run(run), limit)
    if output == "json":
        from penstock.cli.views.run_tree_json import tree_json

        print_json(tree_json(tree))
    else:
        from penstock.cli.views.run_tree_drawing import print_tree

        print_tree(tree)


@flow_run.command("logs")
@click.argument("run", shell_complete=complete_flow_runs)
@click.option("--level", default="DEBUG", help="The least level: a name such as WARNING, or a number.")
@click.option("--grep", metavar="TEXT", help="Only lines that contain this text, upper and lower case alike.")
@click.option("--since", type=Since(), metavar="WHEN", help="Logged since: 30m, 2h, 7d, or a date and time.")
@click.option("--limit", type=click.IntRange(1), help="Print only the first so many lines.")
@click.option("--tail", type=click.IntRange(1, 10_000), help="Print only the last so many lines.")
@output_option
def print_flow_run_logs(
    run: str,
    level: str,
    grep: str | None,
    since: datetime | None,
    limit: int | None,
    tail: int | None,
    output: Format,
) -> None:
    """Print what a run and its tasks logged, oldest line first."""
    from penstock.cli.finding import find_flow_run
    from penstock.cli.views.log_lines import level_number, print_logs
    from penstock.wire.logs import LogFilter

    if limit and tail:
        raise click.UsageError("Give either --limit or --tail: the first lines or the last.")
    least = level_number(level)
    conditions = LogFilter(flow_run_ids=[find_flow_run(run).id], level_at_least=least, text=grep, after=since)
    print_logs(conditions, limit=limit, tail=tail, output=output)


@flow_run.command("delete")
@click.argument("runs", metavar="RUN...", nargs=-1, required=True, shell_complete=complete_flow_runs)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output_option
def delete_flow_runs(runs: tuple[str, ...], yes: bool, output: Format) -> None:
    """Delete runs, with everything recorded of them and of the runs they called."""
    from penstock.cli.finding import find_flow_run
    from penstock.client import transport
    from penstock.core.errors import ObjectNotFound
    from penstock.wire.operations import FLOW_RUNS_DELETE
    from penstock.wire.requests import ById

    found = {run.id: run for run in map(find_flow_run, runs)}
    if not yes:
        names = [f"{run.flow_name} / {run.name}" for run in found.values()]
        what = names[0] if len(names) == 1 else f"{len(names)} flow runs"
        confirm(f"Delete {what}, with everything recorded of {'it' if len(names) == 1 else 'them'}?")
    for run in found.values():
        with suppress(ObjectNotFound):  # it went with the run that called it
            transport.call(FLOW_RUNS_DELETE, ById(run.id))
        if output == "text":
            say(f"Deleted {run.flow_name} / {run.name}.")
    if output == "json":
        print_json({"deleted": list(found)})
