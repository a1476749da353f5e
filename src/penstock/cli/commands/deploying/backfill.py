"""`penstock deployment backfill`: a past range of a schedule, made up for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import click

from penstock.cli.deploying.completing import complete_deployments
from penstock.cli.deploying.instants import Instant
from penstock.cli.deploying.schedule_options import timing_options
from penstock.cli.filters import limit_option
from penstock.cli.screen.output import Format, output_option, print_json, say

if TYPE_CHECKING:
    from penstock.wire.deploying.backfills import Backfill


@click.group("backfill", short_help="Make up for a past range of a schedule.")
def backfill() -> None:
    """Make up for a past range of a schedule, a few runs at a time.

    NAME is `<flow>/<deployment>`; ID is a backfill's.
    """


@backfill.command("create")
@click.argument("name", shell_complete=complete_deployments)
@click.option("--start", type=Instant(), required=True, metavar="WHEN", help="The first instant of the range.")
@click.option("--end", type=Instant(), required=True, metavar="WHEN", help="Its end, which is not in it.")
@click.option("--schedule", "slug", metavar="SLUG", help="Which of its schedules; needed where there are several.")
@timing_options
@click.option("--concurrency", type=click.IntRange(1), default=1, show_default=True, help="So many runs at once.")
@click.option("-p", "--param", "pairs", multiple=True, metavar="KEY=VALUE", help="An argument of its runs. Repeatable.")
@click.option("--params", "document", metavar="JSON", help="Arguments of its runs, as one JSON object.")
@click.option("--instant-parameter", metavar="KEY", help="The parameter that each run is given its instant in.")
@click.option("--newest-first", is_flag=True, help="Begin with the end of the range.")
@click.option("--dry-run", is_flag=True, help="Only say how many runs there would be.")
@output_option
def create_backfill(
    name: str,
    start: datetime,
    end: datetime,
    slug: str | None,
    cron: str | None,
    interval: timedelta | None,
    rrule: str | None,
    timezone: str | None,
    anchor_date: datetime | None,
    concurrency: int,
    pairs: tuple[str, ...],
    document: str | None,
    instant_parameter: str | None,
    newest_first: bool,
    dry_run: bool,
    output: Format,
) -> None:
    """Run a deployment for every instant of a range: of one of its schedules, or of --cron, --interval or --rrule."""
    from penstock.cli.deploying.finding import find_deployment
    from penstock.cli.deploying.parameters import given_parameters
    from penstock.cli.deploying.schedule_options import said_schedule
    from penstock.client.transport import call
    from penstock.core.ids import uuid7
    from penstock.wire.deploying.backfills import BackfillCreate
    from penstock.wire.operations import BACKFILLS_CREATE

    other = said_schedule(cron, interval, rrule, timezone, anchor_date)
    if other is not None and slug is not None:
        raise click.UsageError("Give either --schedule or another schedule: --cron, --interval or --rrule.")
    request = BackfillCreate(
        uuid7(),
        find_deployment(name).id,
        start,
        end,
        schedule_slug=slug,
        schedule=None if other is None else other.schedule,
        concurrency=concurrency,
        parameters=given_parameters(pairs, document),
        instant_parameter=instant_parameter,
        newest_first=newest_first,
        dry_run=dry_run,
    )
    made = call(BACKFILLS_CREATE, request)
    if output == "json":
        _print_json(made)
    elif dry_run:
        say(f"There would be {made.total:,} runs. Nothing was done.")
    else:
        say(f"Backfill {made.request.id} makes {made.total:,} runs, {concurrency} at once.")
        say(f"penstock deployment backfill inspect {made.request.id}")


@backfill.command("ls")
@click.argument("name", required=False, shell_complete=complete_deployments)
@limit_option
@output_option
def list_backfills(name: str | None, limit: int, output: Format) -> None:
    """List backfills, newest first: of one deployment, or of all."""
    from penstock.cli.asking import fetch
    from penstock.cli.deploying.deployment_tables import plain, print_backfills
    from penstock.cli.deploying.finding import find_deployment, full_name
    from penstock.wire.deploying.backfills import BackfillQuery
    from penstock.wire.deploying.deployments import DeploymentFilter, DeploymentQuery
    from penstock.wire.operations import BACKFILLS_LIST, DEPLOYMENTS_LIST

    only = None if name is None else [find_deployment(name).id]
    found, more = fetch(BACKFILLS_LIST, BackfillQuery(only), limit)
    if output == "json":
        print_json([plain(one) for one in found])
    elif found:
        ids = sorted({one.request.deployment_id for one in found})
        known, _ = fetch(DEPLOYMENTS_LIST, DeploymentQuery(DeploymentFilter(ids=ids)), len(ids))
        print_backfills(found, {one.id: full_name(one) for one in known})
    else:
        say("There is no backfill yet.")
    if more:
        say(f"There are more; these are the newest {limit}. See --limit.")


@backfill.command("inspect")
@click.argument("backfill_id", metavar="ID", type=click.UUID)
@output_option
def inspect_backfill(backfill_id: UUID, output: Format) -> None:
    """Show how far a backfill is."""
    from penstock.client.transport import call
    from penstock.wire.operations import BACKFILLS_READ
    from penstock.wire.requests import ById

    _print(call(BACKFILLS_READ, ById(backfill_id)), output)


@backfill.command("cancel")
@click.argument("backfill_id", metavar="ID", type=click.UUID)
@output_option
def cancel_backfill(backfill_id: UUID, output: Format) -> None:
    """Have a backfill make no more runs. Those that are under way go on."""
    from penstock.client.transport import call
    from penstock.wire.operations import BACKFILLS_CANCEL
    from penstock.wire.requests import ById

    _print(call(BACKFILLS_CANCEL, ById(backfill_id)), output)


def _print(found: Backfill, output: Format) -> None:
    from penstock.cli.deploying.backfill_page import print_backfill

    if output == "json":
        _print_json(found)
    else:
        print_backfill(found)


def _print_json(found: Backfill) -> None:
    from penstock.cli.deploying.deployment_tables import plain

    print_json(plain(found))
