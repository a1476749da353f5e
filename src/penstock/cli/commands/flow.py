"""`penstock flow`: what flows there are, running one, and serving one."""

from __future__ import annotations

import json
from typing import Any

import click

from penstock.cli.completing import complete_files, complete_flow_runs
from penstock.cli.deploying.schedule_options import timing_options
from penstock.cli.screen.output import Format, output_option, print_json, say
from penstock.cli.steering.from_where import check_from_where, from_where_options


@click.group("flow", short_help="List flows, run one, and serve one.")
def flow() -> None:
    """List flows, run one, and serve one."""


@flow.command("ls")
@click.option("--name", help="With this text in the flow's name.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="List at most this many.")
@output_option
def list_flows(name: str | None, limit: int, output: Format) -> None:
    """List the flows that have run, by name."""
    from penstock.cli.asking import fetch
    from penstock.cli.views import as_json
    from penstock.cli.views.run_tables import print_flows
    from penstock.wire.flows import FlowFilter
    from penstock.wire.operations import FLOWS_LIST
    from penstock.wire.requests import FlowQuery

    flows, more = fetch(FLOWS_LIST, FlowQuery(FlowFilter(name_like=name)), limit)
    if output == "json":
        print_json([as_json.flow(one) for one in flows])
    elif flows:
        print_flows(flows)
    else:
        say("No flows match." if name else "No flow has run yet.")
    if more:
        say(f"There are more; these are the first {limit}. See --limit.")


@flow.command("run")
@click.argument("entrypoint", metavar="FILE.py:FLOW", shell_complete=complete_files)
@click.option(
    "-p",
    "--param",
    "pairs",
    multiple=True,
    metavar="KEY=VALUE",
    help="An argument: JSON, or else text. May be repeated.",
)
@click.option("--params", "document", metavar="JSON", help="Arguments, as one JSON object; --param goes first.")
@click.option("--name", help="The name of the run.")
@click.option("--tag", "tags", multiple=True, help="A tag for the run and its tasks. May be repeated.")
@click.option(
    "--recover",
    metavar="RUN",
    help="Take up a run that failed or crashed, with the arguments it had.",
    shell_complete=complete_flow_runs,
)
@from_where_options
@output_option
def run(
    entrypoint: str,
    pairs: tuple[str, ...],
    document: str | None,
    name: str | None,
    tags: tuple[str, ...],
    recover: str | None,
    from_start: bool,
    from_task: str | None,
    output: Format,
) -> int:
    """Run a flow here and now, and wait for its end.

    FILE.py:FLOW is a file and the name of the function in it; package.module:FLOW works, too. A file with one flow
    needs no name.

    The exit code is 0 where the run completed, 1 where it failed or crashed, 3 where it was cancelled or paused.
    """
    from penstock.cli.flow_execution import FlowExecution

    if recover and (name or tags):
        raise click.UsageError("A run that is recovered keeps its name and tags: leave --name and --tag out.")
    check_from_where(from_start, from_task)
    if not recover and (from_start or from_task):
        raise click.UsageError("--from-start and --from-task go with --recover.")
    execution = FlowExecution(
        entrypoint,
        parsed_parameters(pairs, document),
        name=name,
        tags=tags,
        recover=recover,
        from_start=from_start,
        from_task=from_task,
    )
    return execution.carry_out(output)


@flow.command("serve")
@click.argument("entrypoint", metavar="FILE.py:FLOW", shell_complete=complete_files)
@click.option("-n", "--name", help="The name of the deployment. [default: the flow's]")
@timing_options
@click.option("-p", "--param", "pairs", multiple=True, metavar="KEY=VALUE", help="An argument of its runs. Repeatable.")
@click.option("--params", "document", metavar="JSON", help="Arguments of its runs, as one JSON object.")
@click.option("--tag", "tags", multiple=True, help="A tag of its runs. May be repeated.")
@click.option("--description", help="What it is for. [default: the flow's]")
@click.option("--version", help="A word for this version of it. [default: the flow's]")
@click.option("--limit", type=click.IntRange(1), help="So many runs at once in this process.")
@click.option("--global-limit", type=click.IntRange(1), help="So many runs of the deployment at once, wherever.")
@click.option("--paused", is_flag=True, help="Have its schedule rest at first.")
@click.option("--keep-schedule", is_flag=True, help="Have its schedule make runs when this command ends, too.")
def serve(entrypoint: str, pairs: tuple[str, ...], document: str | None, keep_schedule: bool, **options: Any) -> None:
    """Deploy a flow and carry out its runs from here, until the command is asked to end (SIGTERM or Ctrl-C).

    No work pool and no worker is needed. Its schedule rests when the command ends.
    """
    from penstock.cli.deploying.schedule_options import said_schedule
    from penstock.cli.flow_execution import load

    timing = {key: options.pop(key) for key in ("cron", "interval", "rrule", "timezone", "anchor_date")}
    schedule = said_schedule(**timing)
    served = load(entrypoint)
    served.serve(
        options.pop("name"),
        schedules=None if schedule is None else [schedule],
        parameters=parsed_parameters(pairs, document),
        tags=list(options.pop("tags")),
        pause_on_shutdown=not keep_schedule,
        **options,
    )


def parsed_parameters(pairs: tuple[str, ...], document: str | None) -> dict[str, Any]:
    """Return arguments by name: those of the JSON object `document`, and over them those of `pairs`.

    Raises:
        UsageError: the document is no JSON object, a pair is not of the form KEY=VALUE, or two have the same key.
    """
    given: dict[str, Any] = {}
    for pair in pairs:
        name, separator, text = pair.partition("=")
        if not separator or not name:
            raise click.UsageError(f"{pair!r} is not of the form KEY=VALUE.")
        if name in given:
            raise click.UsageError(f"{name!r} is given twice by --param. Give it once; several values are a JSON list.")
        given[name] = _value(text)
    return ({} if document is None else _object(document)) | given


def _object(document: str) -> dict[str, Any]:
    try:
        parameters = json.loads(document)
    except ValueError as error:
        raise click.UsageError(f"--params is not valid JSON: {error}.") from error
    if not isinstance(parameters, dict):
        raise click.UsageError('--params must be a JSON object, such as {"name": "value"}.')
    return parameters


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
