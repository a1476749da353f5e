"""`penstock work-pool`: where runs of deployments wait for workers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from penstock.cli.completing import complete_files
from penstock.cli.deploying.completing import complete_pools
from penstock.cli.deploying.instants import Span
from penstock.cli.filters import limit_option
from penstock.cli.screen.output import Format, confirm, output_option, print_json, say

_name = click.argument("name", shell_complete=complete_pools)
_template = click.option(
    "--base-job-template",
    "template",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    shell_complete=complete_files,
    help="The base job template, as a JSON file. [default: that of the type]",
)


@click.group("work-pool", short_help="Make, list, inspect, pause and delete work pools.")
def work_pool() -> None:
    """Make, list, inspect, pause and delete work pools.

    A pool holds the runs of deployments until a worker of its type takes them up.
    """


@work_pool.command("create")
@_name
@click.option("-t", "--type", "kind", default="process", show_default=True, help="The type of its workers.")
@click.option("--description", help="What it is for.")
@_template
@click.option("--concurrency-limit", type=click.IntRange(0), help="So many of its runs at once.")
@click.option("--paused", is_flag=True, help="Have nothing of it taken up at first.")
@click.option("--overwrite", is_flag=True, help="Change the pool of that name and type, where there is one, to this.")
@output_option
def create_pool(
    name: str,
    kind: str,
    description: str | None,
    template: Path | None,
    concurrency_limit: int | None,
    paused: bool,
    overwrite: bool,
    output: Format,
) -> None:
    """Make a work pool."""
    from penstock.cli.deploying.templates import default_template, read_template
    from penstock.client.transport import call
    from penstock.wire.deploying.job_templates import TEMPLATES
    from penstock.wire.deploying.work_pools import WorkPoolCreate
    from penstock.wire.operations import WORK_POOLS_CREATE

    given = read_template(template) if template is not None else None
    if given is None and kind not in TEMPLATES:
        given = default_template(kind)
    request = WorkPoolCreate(name, kind, description, given, concurrency_limit, paused, overwrite)
    made = call(WORK_POOLS_CREATE, request)
    if output == "json":
        _print_json(made)
    else:
        say(f"Made the work pool {made.name!r} of type {made.type}.")
        say(f"A worker carries out its runs: penstock worker start --pool {made.name!r}")


@work_pool.command("ls")
@click.option("-t", "--type", "kinds", multiple=True, metavar="TYPE", help="Of this type. May be repeated.")
@limit_option
@output_option
def list_pools(kinds: tuple[str, ...], limit: int, output: Format) -> None:
    """List work pools, by name."""
    from penstock.cli.asking import fetch
    from penstock.cli.deploying.pool_tables import print_pools
    from penstock.wire.deploying.work_pools import WorkPoolQuery
    from penstock.wire.operations import WORK_POOLS_LIST

    found, more = fetch(WORK_POOLS_LIST, WorkPoolQuery(types=list(kinds) or None), limit)
    if output == "json":
        _print_json(found)
    elif found:
        print_pools(found)
    else:
        say("No work pools match." if kinds else "There is no work pool yet: penstock work-pool create NAME")
    if more:
        say(f"There are more; these are the first {limit}. See --limit.")


@work_pool.command("inspect")
@_name
@output_option
def inspect_pool(name: str, output: Format) -> None:
    """Show all that is known of a work pool, and its queues."""
    from penstock.cli.deploying.pool_tables import print_pool

    pool = _read(name)
    if output == "json":
        _print_json(pool)
    else:
        print_pool(pool)


@work_pool.command("update")
@_name
@click.option("--description", help="What it is for.")
@_template
@click.option("--concurrency-limit", type=click.IntRange(0), help="So many of its runs at once.")
@output_option
def update_pool(
    name: str, description: str | None, template: Path | None, concurrency_limit: int | None, output: Format
) -> None:
    """Change a work pool: what no option says stays as it is."""
    from penstock.cli.deploying.templates import read_template

    changes = {
        "description": description,
        "base_job_template": None if template is None else read_template(template),
        "concurrency_limit": concurrency_limit,
    }
    given = {key: value for key, value in changes.items() if value is not None}
    if not given:
        raise click.UsageError(
            "Say what is to be different: --description, --base-job-template or --concurrency-limit."
        )
    _change(name, f"Changed the work pool {name!r}.", output, **given)


@work_pool.command("pause")
@_name
@output_option
def pause_pool(name: str, output: Format) -> None:
    """Have nothing of a work pool taken up."""
    _change(name, f"Paused the work pool {name!r}: its runs wait.", output, paused=True)


@work_pool.command("resume")
@_name
@output_option
def resume_pool(name: str, output: Format) -> None:
    """Have the runs of a work pool taken up again."""
    _change(name, f"Resumed the work pool {name!r}.", output, paused=False)


@work_pool.command("set-concurrency-limit")
@_name
@click.argument("limit", type=click.IntRange(0))
@output_option
def set_limit(name: str, limit: int, output: Format) -> None:
    """Have at most LIMIT runs of a work pool go on at once."""
    _change(name, f"At most {limit} runs of the work pool {name!r} go on at once.", output, concurrency_limit=limit)


@work_pool.command("clear-concurrency-limit")
@_name
@output_option
def clear_limit(name: str, output: Format) -> None:
    """Have any number of runs of a work pool go on at once."""
    _change(name, f"Any number of runs of the work pool {name!r} go on at once.", output, concurrency_limit=None)


@work_pool.command("delete")
@_name
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def delete_pool(name: str, yes: bool) -> None:
    """Delete a work pool with its queues."""
    from penstock.client.transport import call
    from penstock.wire.deploying.work_pools import WorkPoolByName
    from penstock.wire.operations import WORK_POOLS_DELETE

    _read(name)
    if not yes:
        confirm(f"Delete the work pool {name!r}, with its queues?")
    call(WORK_POOLS_DELETE, WorkPoolByName(name))
    say(f"Deleted the work pool {name!r}.")


@work_pool.command("get-default-base-job-template")
@click.option("-t", "--type", "kind", default="process", show_default=True, help="The type of pool.")
@click.option(
    "-f", "--file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it there instead."
)
def print_default_template(kind: str, file: Path | None) -> None:
    """Print the base job template of a type of pool, as JSON."""
    from penstock.cli.deploying.templates import default_template, write_template

    template = default_template(kind)
    if file is None:
        print_json(template)
    else:
        write_template(file, template)
        say(f"Wrote {file}.")


@work_pool.command("preview")
@_name
@click.option("--within", type=Span(), default="1h", show_default=True, metavar="SPAN", help="Due within this time.")
@limit_option
@output_option
def preview_pool(name: str, within: timedelta, limit: int, output: Format) -> None:
    """List the runs of a work pool that wait, the first due first."""
    from penstock.cli.asking import fetch
    from penstock.cli.deploying.pool_tables import print_waiting
    from penstock.cli.views import as_json
    from penstock.core import clock
    from penstock.core.state_type import StateType
    from penstock.wire.flow_runs import FlowRunFilter
    from penstock.wire.operations import FLOW_RUNS_LIST
    from penstock.wire.requests import FlowRunQuery

    _read(name)
    conditions = FlowRunFilter(
        work_pool_names=[name], state_types=[StateType.SCHEDULED], expected_before=clock.now() + within
    )
    found, more = fetch(FLOW_RUNS_LIST, FlowRunQuery(conditions), limit)
    runs = sorted(found, key=lambda run: run.expected_start or run.created)
    if output == "json":
        print_json([as_json.flow_run(run) for run in runs])
    elif runs:
        print_waiting(runs)
    else:
        say(f"No run of {name!r} is due within this time.")
    if more:
        say(f"There are more; these are {limit} of them. See --limit.")


def _read(name: str) -> Any:
    from penstock.client.transport import call
    from penstock.wire.deploying.work_pools import WorkPoolByName
    from penstock.wire.operations import WORK_POOLS_READ

    return call(WORK_POOLS_READ, WorkPoolByName(name))


def _change(name: str, done: str, output: Format, **changes: Any) -> None:
    from penstock.client.transport import call
    from penstock.wire.deploying.work_pools import WorkPoolChanges
    from penstock.wire.operations import WORK_POOLS_UPDATE

    changed = call(WORK_POOLS_UPDATE, WorkPoolChanges(name, **changes))
    if output == "json":
        _print_json(changed)
    else:
        say(done)


def _print_json(found: Any) -> None:
    from penstock.cli.deploying.deployment_tables import plain

    print_json(plain(found))
