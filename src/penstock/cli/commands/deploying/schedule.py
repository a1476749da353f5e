"""`penstock deployment schedule`: when a deployment runs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import click

from penstock.cli.deploying.completing import complete_deployments
from penstock.cli.deploying.schedule_options import timing_options
from penstock.cli.screen.output import Format, confirm, output_option, print_json, say

_name = click.argument("name", shell_complete=complete_deployments)


@click.group("schedule", short_help="List, add, pause and remove schedules.")
def schedule() -> None:
    """List, add, pause and remove the schedules of a deployment. Each change is a version of the deployment.

    NAME is `<flow>/<deployment>`; SLUG is a schedule's name within the deployment, or its id.
    """


@schedule.command("ls")
@_name
@output_option
def list_schedules(name: str, output: Format) -> None:
    """List the schedules of a deployment, and when each falls next."""
    from penstock.cli.deploying.deployment_tables import plain, print_schedules
    from penstock.cli.deploying.finding import find_deployment, full_name
    from penstock.cli.deploying.upcoming import next_instants

    found = find_deployment(name)
    upcoming = next_instants(found)
    if output == "json":
        print_json([{**plain(one), "next": upcoming[one.id]} for one in found.schedules])
    elif found.schedules:
        print_schedules(found.schedules, upcoming)
    else:
        say(f"{full_name(found)} has no schedule. `penstock deployment schedule create` adds one.")
    if found.spec.paused:
        say("The deployment is paused: none of them makes runs.")


@schedule.command("create")
@_name
@timing_options
@click.option("--slug", help="Its name within the deployment. [default: made from what it says]")
@click.option("--day-and", is_flag=True, help="A cron's days of the month and of the week must both fit.")
@click.option("--paused", is_flag=True, help="Have it rest at first.")
@click.option("-p", "--param", "pairs", multiple=True, metavar="KEY=VALUE", help="An argument of its runs. Repeatable.")
@click.option("--params", "document", metavar="JSON", help="Arguments of its runs, as one JSON object.")
@click.option("--max-scheduled-runs", type=click.IntRange(1), help="How many runs to come are made ahead.")
@click.option("--jitter", type=click.FloatRange(0), metavar="SECONDS", help="Put each run off by a part of this.")
@click.option("--missed", type=click.Choice(["skip", "latest", "all"]), help="What becomes of missed times.")
@click.option(
    "--overlap", type=click.Choice(["allow", "enqueue", "skip", "cancel_older"]), help="Of runs that overlap."
)
@click.option("--replace", is_flag=True, help="Take all other schedules away.")
@output_option
def create_schedule(name: str, output: Format, **options: Any) -> None:
    """Give a deployment one more schedule: --cron, --interval or --rrule."""
    from penstock.cli.deploying.finding import change, find_deployment, full_name, specs_of

    spec = _said(options)
    found = find_deployment(name)
    before = [] if options["replace"] else specs_of(found)
    if spec.slug is not None and any(one.slug == spec.slug for one in before):
        raise click.UsageError(f"{full_name(found)} has a schedule {spec.slug!r}. Choose another --slug, or delete it.")
    changed = change(found, "schedule added", schedules=[*before, spec])
    known = {one.slug for one in before}
    made = next(one for one in changed.schedules if one.slug not in known)
    if output == "json":
        from penstock.cli.deploying.deployment_tables import plain

        print_json(plain(made))
    else:
        say(f"{full_name(found)} has the schedule {made.slug!r}.")


def _said(options: dict[str, Any]) -> Any:
    from penstock.cli.deploying.parameters import given_parameters
    from penstock.cli.deploying.schedule_options import said_schedule

    timing: dict[str, str | timedelta | datetime | None] = {
        key: options[key] for key in ("cron", "interval", "rrule", "timezone", "anchor_date")
    }
    more = {"jitter_seconds": options["jitter"], **{key: options[key] for key in ("missed", "overlap", "slug")}}
    more["max_scheduled_runs"] = options["max_scheduled_runs"]
    if options["day_and"] and options["cron"] is None:
        raise click.UsageError("--day-and goes with --cron.")
    spec = said_schedule(
        **timing,  # type: ignore[arg-type]
        day_or=not options["day_and"],
        active=not options["paused"],
        parameters=given_parameters(options["pairs"], options["document"]),
        **{key: value for key, value in more.items() if value is not None},
    )
    if spec is None:
        raise click.UsageError("Say when: give --cron, --interval or --rrule.")
    return spec


@schedule.command("delete")
@_name
@click.argument("slug")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def delete_schedule(name: str, slug: str, yes: bool) -> None:
    """Take a schedule away, with the runs of it that wait."""
    from penstock.cli.deploying.finding import change, find_deployment, find_schedule, full_name, specs_of

    found = find_deployment(name)
    its = find_schedule(found, slug).slug
    if not yes:
        confirm(f"Delete the schedule {its!r} of {full_name(found)}?")
    change(found, f"schedule {its} deleted", schedules=[one for one in specs_of(found) if one.slug != its])
    say(f"Deleted the schedule {its!r} of {full_name(found)}.")


def _set_active(name: str, slug: str, *, active: bool) -> None:
    import msgspec

    from penstock.cli.deploying.finding import change, find_deployment, find_schedule, full_name, specs_of

    found = find_deployment(name)
    its = find_schedule(found, slug).slug
    done = "resumed" if active else "paused"
    changed = [msgspec.structs.replace(one, active=active) if one.slug == its else one for one in specs_of(found)]
    change(found, f"schedule {its} {done}", schedules=changed)
    say(f"{done.capitalize()} the schedule {its!r} of {full_name(found)}.")


@schedule.command("pause")
@_name
@click.argument("slug")
def pause_schedule(name: str, slug: str) -> None:
    """Have one schedule rest."""
    _set_active(name, slug, active=False)


@schedule.command("resume")
@_name
@click.argument("slug")
def resume_schedule(name: str, slug: str) -> None:
    """Have one schedule make runs again, from now on."""
    _set_active(name, slug, active=True)


@schedule.command("clear")
@_name
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def clear_schedules(name: str, yes: bool) -> None:
    """Take all schedules of a deployment away, with their runs that wait."""
    from penstock.cli.deploying.finding import change, find_deployment, full_name
    from penstock.cli.screen.words import plural

    found = find_deployment(name)
    if not found.schedules:
        say(f"{full_name(found)} has no schedule.")
        return
    number = plural(len(found.schedules), "schedule")
    if not yes:
        confirm(f"Delete {number} of {full_name(found)}?")
    change(found, "schedules cleared", schedules=[])
    say(f"Deleted {number} of {full_name(found)}.")
