"""`penstock deploy`: making deployments known to the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from penstock.cli.completing import complete_files
from penstock.cli.deploying.completing import complete_pools
from penstock.cli.deploying.schedule_options import timing_options
from penstock.cli.screen.output import Format, output_option


@click.command("deploy")
@click.argument("entrypoint", metavar="[FILE.py:FLOW]", required=False, shell_complete=complete_files)
@click.option(
    "-n",
    "--name",
    "names",
    multiple=True,
    metavar="NAME",
    help="Which deployment, or a pattern such as 'nightly-*'. Repeatable.",
)
@click.option("--all", "every", is_flag=True, help="All deployments of the project.")
@click.option("-p", "--pool", shell_complete=complete_pools, help="The work pool.")
@click.option("-q", "--work-queue", metavar="QUEUE", help="Which queue of the pool.")
@timing_options
@click.option("--param", "pairs", multiple=True, metavar="KEY=VALUE", help="An argument of its runs. Repeatable.")
@click.option("--params", "document", metavar="JSON", help="Arguments of its runs, as one JSON object.")
@click.option(
    "--job-variable", "-jv", "job_variables", multiple=True, metavar="KEY=VALUE", help="A job variable. Repeatable."
)
@click.option("-t", "--tag", "tags", multiple=True, help="A tag of its runs. Repeatable.")
@click.option("-d", "--description", help="What it is for. [default: the flow's]")
@click.option("-v", "--version", help="A word for this version of it. [default: the flow's]")
@click.option("--concurrency-limit", type=click.IntRange(1), help="So many of its runs at once.")
@click.option(
    "--collision-strategy", type=click.Choice(["ENQUEUE", "CANCEL_NEW"]), help="What becomes of runs beyond that."
)
@click.option("--enforce-parameter-schema/--no-enforce-parameter-schema", default=None, help="Refuse other parameters.")
@click.option(
    "--file",
    "--prefect-file",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The project's file. [default: penstock.yaml, else prefect.yaml, of this folder]",
)
@click.option(
    "--prompt/--no-prompt", "prompt", default=None, help="Whether to ask. [default: on a terminal, not in CI]"
)
@click.option("--save", is_flag=True, help="Add the deployment to the project's file; with FILE.py:FLOW.")
@click.option("--note", help="Why, for the list of its versions.")
@click.option("--hold", is_flag=True, help="Only make the version: runs go by it once it is promoted.")
@output_option
def deploy(
    entrypoint: str | None,
    names: tuple[str, ...],
    every: bool,
    path: Path | None,
    prompt: bool | None,
    save: bool,
    note: str | None,
    hold: bool,
    output: Format,
    **options: Any,
) -> None:
    """Make deployments known to the server, or change those there are.

    Without FILE.py:FLOW, deploys what the project's file says: its one deployment, those that --name means, or --all. With
    it, the flow is deployed as --name, with what the file says of that name, if anything. Options go before the file.
    """
    from penstock.cli.project.deploy_command import DeployCommand

    command = DeployCommand(
        entrypoint=entrypoint, names=names, every=every, path=path, prompt=prompt, save=save, options=options
    )
    command.carry_out(note=note, promote=not hold, output=output)
