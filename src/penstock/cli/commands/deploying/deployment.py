"""`penstock deployment`: what runs, how, when and where."""

from __future__ import annotations

from datetime import datetime, timedelta

import click

from penstock.cli.deploying.completing import complete_deployments, complete_pools
from penstock.cli.deploying.instants import Instant, Span, start_of_run
from penstock.cli.filters import limit_option
from penstock.cli.lazy_group import LazyCommand, LazyGroup
from penstock.cli.screen.output import Format, confirm, output_option, print_json, say

_HERE = "penstock.cli.commands.deploying"


@click.group(
    "deployment",
    cls=LazyGroup,
    lazy_commands={
        "schedule": LazyCommand(f"{_HERE}.schedule:schedule", "List, add, pause and remove schedules."),
        "version": LazyCommand(f"{_HERE}.version:version", "List, compare and promote versions."),
        "rollback": LazyCommand(f"{_HERE}.version:rollback", "Have runs go by an earlier version again."),
        "backfill": LazyCommand(f"{_HERE}.backfill:backfill", "Make up for a past range of a schedule."),
    },
    short_help="List, inspect, run, pause and delete deployments.",
)
def deployment() -> None:
    """List, inspect, run, pause and delete deployments.

    NAME is `<flow>/<deployment>`, the deployment's name where no other has the same, or its id.
    """


@deployment.command("ls")
@click.option("--flow", "flows", multiple=True, metavar="NAME", help="Of this flow. May be repeated.")
@click.option("--name", help="With this text in the name of the deployment or of its flow.")
@click.option("--tag", "tags", multiple=True, help="With this tag. Repeated: with all of them.")
@click.option("--pool", "pools", multiple=True, shell_complete=complete_pools, help="In this pool. May be repeated.")
@click.option("--paused/--active", "paused", default=None, help="Only those that are paused, or are not.")
@limit_option
@output_option
def list_deployments(
    flows: tuple[str, ...],
    name: str | None,
    tags: tuple[str, ...],
    pools: tuple[str, ...],
    paused: bool | None,
    limit: int,
    output: Format,
) -> None:
    """List deployments, by flow and name."""
    from penstock.cli.asking import fetch
    from penstock.cli.deploying.deployment_tables import plain, print_deployments
    from penstock.wire.deploying.deployments import DeploymentFilter, DeploymentQuery
    from penstock.wire.operations import DEPLOYMENTS_LIST

    conditions = DeploymentFilter(
        flow_names=list(flows) or None,
        text=name,
        tags_all=list(tags) or None,
        work_pool_names=list(pools) or None,
        paused=paused,
    )
    found, more = fetch(DEPLOYMENTS_LIST, DeploymentQuery(conditions), limit)
    if output == "json":
        print_json([plain(one) for one in found])
    elif found:
        print_deployments(found)
    else:
        nothing = "There is no deployment yet. `penstock deploy` and `penstock flow serve` make some."
        say("No deployments match." if conditions != DeploymentFilter() else nothing)
    if more:
        say(f"There are more; these are the first {limit}. See --limit.")


@deployment.command("inspect")
@click.argument("name", shell_complete=complete_deployments)
@output_option
def inspect_deployment(name: str, output: Format) -> None:
    """Show all that a deployment says."""
    from penstock.cli.deploying.deployment_page import print_deployment
    from penstock.cli.deploying.deployment_tables import plain
    from penstock.cli.deploying.finding import find_deployment
    from penstock.cli.deploying.upcoming import next_instants

    found = find_deployment(name)
    if output == "json":
        print_json(plain(found))
    else:
        print_deployment(found, next_instants(found))


@deployment.command("run")
@click.argument("name", shell_complete=complete_deployments)
@click.option(
    "-p", "--param", "pairs", multiple=True, metavar="KEY=VALUE", help="An argument: JSON, or else text. Repeatable."
)
@click.option(
    "--params",
    "--param-json",
    "document",
    metavar="JSON",
    help="Arguments, as one JSON object, or - for standard input; --param goes first.",
)
@click.option(
    "--job-variable",
    "-jv",
    "job_variables",
    multiple=True,
    metavar="KEY=VALUE",
    help="A job variable: JSON, or else text. Repeatable.",
)
@click.option("--tag", "tags", multiple=True, help="A tag, beside those of the deployment. Repeatable.")
@click.option("--flow-run-name", metavar="NAME", help="The name of the run.")
@click.option("--at", "--start-at", "at", type=Instant(), metavar="WHEN", help="When it is to start.")
@click.option("--in", "--start-in", "after", type=Span(), metavar="SPAN", help="How long from now: 90, 15m, 1h30m.")
@click.option("-q", "--work-queue", metavar="QUEUE", help="Another queue of its pool.")
@click.option("--idempotency-key", metavar="KEY", help="The same key again gives the same run.")
@click.option("--watch", "watched", is_flag=True, help="Wait for the end of the run.")
@click.option(
    "--watch-timeout", type=click.FloatRange(0, min_open=True), metavar="SECONDS", help="Wait no longer; with --watch."
)
@output_option
def run_deployment(
    name: str,
    pairs: tuple[str, ...],
    document: str | None,
    job_variables: tuple[str, ...],
    tags: tuple[str, ...],
    flow_run_name: str | None,
    at: datetime | None,
    after: timedelta | None,
    work_queue: str | None,
    idempotency_key: str | None,
    watched: bool,
    watch_timeout: float | None,
    output: Format,
) -> int:
    """Have a deployment run once.

    With --watch, the exit code is 0 where the run completed, 1 where it failed or crashed, 3 where it was cancelled or has not
    ended in time.
    """
    from penstock.cli.deploying.finding import find_deployment
    from penstock.cli.deploying.parameters import given_job_variables, given_parameters
    from penstock.cli.deploying.watching import begun, watch
    from penstock.client.transport import call
    from penstock.core.ids import uuid7
    from penstock.wire.deploying.deployments import RunDeployment
    from penstock.wire.operations import DEPLOYMENTS_RUN

    if watch_timeout is not None and not watched:
        raise click.UsageError("--watch-timeout goes with --watch.")
    parameters, variables = given_parameters(pairs, document), given_job_variables(job_variables)
    start = start_of_run(at, after)
    request = RunDeployment(
        find_deployment(name).id,
        uuid7(),
        name=flow_run_name,
        parameters=parameters,
        job_variables=variables,
        tags=list(tags),
        scheduled_time=start,
        work_queue_name=work_queue,
        idempotency_key=idempotency_key,
    )
    made = call(DEPLOYMENTS_RUN, request)
    if watched:
        begun(made, "text" if output == "text" else "none")
        return watch(made.flow_run, output, watch_timeout)
    begun(made, output)
    return 0


def _set_paused(name: str, output: Format, *, paused: bool) -> None:
    from penstock.cli.deploying.deployment_tables import plain
    from penstock.cli.deploying.finding import change, find_deployment, full_name

    found = find_deployment(name)
    done = "paused" if paused else "resumed"
    if found.spec.paused is not paused:
        found = change(found, done, paused=paused)
    if output == "json":
        print_json(plain(found))
    elif paused:
        say(f"Paused {full_name(found)}: its schedules make no runs. It can still be run by hand.")
    else:
        say(f"Resumed {full_name(found)}: its schedules make runs again, from now on.")


@deployment.command("pause")
@click.argument("name", shell_complete=complete_deployments)
@output_option
def pause_deployment(name: str, output: Format) -> None:
    """Have all schedules of a deployment rest."""
    _set_paused(name, output, paused=True)


@deployment.command("resume")
@click.argument("name", shell_complete=complete_deployments)
@output_option
def resume_deployment(name: str, output: Format) -> None:
    """Have the schedules of a deployment make runs again, from now on: what was passed over stays so."""
    _set_paused(name, output, paused=False)


@deployment.command("delete")
@click.argument("names", metavar="NAME...", nargs=-1, required=True, shell_complete=complete_deployments)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@output_option
def delete_deployments(names: tuple[str, ...], yes: bool, output: Format) -> None:
    """Delete deployments with their versions and schedules. Runs that have begun stay; those that wait are taken away."""
    from penstock.cli.deploying.finding import find_deployment, full_name
    from penstock.client.transport import call
    from penstock.wire.operations import DEPLOYMENTS_DELETE
    from penstock.wire.requests import ById

    found = {one.id: one for one in map(find_deployment, names)}
    if not yes:
        first = full_name(next(iter(found.values())))
        confirm(f"Delete {first if len(found) == 1 else f'{len(found)} deployments'}, and the runs that wait?")
    for one in found.values():
        call(DEPLOYMENTS_DELETE, ById(one.id))
        if output == "text":
            say(f"Deleted {full_name(one)}.")
    if output == "json":
        print_json({"deleted": list(found)})
