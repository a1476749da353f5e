"""`penstock flow`: what flows there are, and running one."""

from __future__ import annotations

import json
from typing import Any

import click

from penstock.cli.completing import complete_files, complete_flow_runs
from penstock.cli.screen.output import Format, output_option, print_json, say


@click.group("flow", short_help="List flows, and run one.")
def flow() -> None:
    """List flows, and run one."""


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
@output_option
def run(
    entrypoint: str,
    pairs: tuple[str, ...],
    document: str | None,
    name: str | None,
    tags: tuple[str, ...],
    recover: str | None,
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
    execution = FlowExecution(entrypoint, parsed_parameters(pairs, document), name=name, tags=tags, recover=recover)
    return execution.carry_out(output)


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
