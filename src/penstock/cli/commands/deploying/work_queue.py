"""`penstock work-queue`: in which order runs of a work pool are taken up, and how many at once."""

from __future__ import annotations

from typing import Any

import click

from penstock.cli.deploying.completing import complete_pools, complete_queues
from penstock.cli.filters import limit_option
from penstock.cli.screen.output import Format, confirm, output_option, print_json, say

_name = click.argument("name", shell_complete=complete_queues)
_pool = click.option(
    "-p", "--pool", required=True, metavar="POOL", is_eager=True, shell_complete=complete_pools, help="Its work pool."
)


@click.group("work-queue", short_help="Make, list, inspect, pause and delete queues of work pools.")
def work_queue() -> None:
    """Make, list, inspect, pause and delete queues of work pools.

    Runs of the queue with the lowest priority number go first.
    """


@work_queue.command("create")
@_name
@_pool
@click.option("--priority", type=click.IntRange(1), help="Its rank, from 1. [default: after all others]")
@click.option("--description", help="What it is for.")
@click.option("-l", "--limit", "--concurrency-limit", "limit", type=click.IntRange(0), help="So many runs at once.")
@click.option("--paused", is_flag=True, help="Have nothing of it taken up at first.")
@output_option
def create_queue(
    name: str,
    pool: str,
    priority: int | None,
    description: str | None,
    limit: int | None,
    paused: bool,
    output: Format,
) -> None:
    """Make a queue of a work pool; where there is one of that name, it is changed to this."""
    from penstock.client.transport import call
    from penstock.wire.deploying.work_pools import WorkQueueCreate
    from penstock.wire.operations import WORK_QUEUES_CREATE

    made = call(WORK_QUEUES_CREATE, WorkQueueCreate(pool, name, priority, description, limit, paused))
    _say(made, f"The work pool {pool!r} has the queue {name!r}, priority {made.priority}.", output)


@work_queue.command("ls")
@click.option(
    "-p",
    "--pool",
    "pools",
    multiple=True,
    metavar="POOL",
    shell_complete=complete_pools,
    help="Of this pool. Repeatable.",
)
@limit_option
@output_option
def list_queues(pools: tuple[str, ...], limit: int, output: Format) -> None:
    """List queues, by pool, priority and name."""
    from penstock.cli.asking import fetch
    from penstock.cli.deploying.deployment_tables import plain
    from penstock.cli.deploying.pool_tables import print_queues
    from penstock.wire.deploying.work_pools import WorkQueueQuery
    from penstock.wire.operations import WORK_QUEUES_LIST

    found, more = fetch(WORK_QUEUES_LIST, WorkQueueQuery(list(pools) or None), limit)
    if output == "json":
        print_json([plain(one) for one in found])
    elif found:
        print_queues(found)
    else:
        say("No queues match." if pools else "There is no work pool yet: penstock work-pool create NAME")
    if more:
        say(f"There are more; these are the first {limit}. See --limit.")


@work_queue.command("inspect")
@_name
@_pool
@output_option
def inspect_queue(name: str, pool: str, output: Format) -> None:
    """Show all that is known of a queue."""
    from penstock.cli.deploying.deployment_tables import plain
    from penstock.cli.deploying.pool_tables import print_queue

    found = _read(name, pool)
    if output == "json":
        print_json(plain(found))
    else:
        print_queue(found)


@work_queue.command("pause")
@_name
@_pool
@output_option
def pause_queue(name: str, pool: str, output: Format) -> None:
    """Have nothing of a queue taken up."""
    _say(_changed(name, pool, paused=True), f"Paused the queue {name!r} of {pool!r}: its runs wait.", output)


@work_queue.command("resume")
@_name
@_pool
@output_option
def resume_queue(name: str, pool: str, output: Format) -> None:
    """Have the runs of a queue taken up again."""
    _say(_changed(name, pool, paused=False), f"Resumed the queue {name!r} of {pool!r}.", output)


@work_queue.command("set-concurrency-limit")
@_name
@click.argument("limit", type=click.IntRange(0))
@_pool
@output_option
def set_limit(name: str, limit: int, pool: str, output: Format) -> None:
    """Have at most LIMIT runs of a queue go on at once."""
    words = f"At most {limit} runs of the queue {name!r} of {pool!r} go on at once."
    _say(_changed(name, pool, concurrency_limit=limit), words, output)


@work_queue.command("clear-concurrency-limit")
@_name
@_pool
@output_option
def clear_limit(name: str, pool: str, output: Format) -> None:
    """Have any number of runs of a queue go on at once."""
    words = f"Any number of runs of the queue {name!r} of {pool!r} go on at once."
    _say(_changed(name, pool, concurrency_limit=None), words, output)


@work_queue.command("delete")
@_name
@_pool
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def delete_queue(name: str, pool: str, yes: bool) -> None:
    """Delete a queue of a work pool."""
    from penstock.client.transport import call
    from penstock.wire.deploying.work_pools import WorkQueueByName
    from penstock.wire.operations import WORK_QUEUES_DELETE

    _read(name, pool)
    if not yes:
        confirm(f"Delete the queue {name!r} of the work pool {pool!r}?")
    call(WORK_QUEUES_DELETE, WorkQueueByName(pool, name))
    say(f"Deleted the queue {name!r} of {pool!r}.")


def _read(name: str, pool: str) -> Any:
    from penstock.client.transport import call
    from penstock.wire.deploying.work_pools import WorkQueueByName
    from penstock.wire.operations import WORK_QUEUES_READ

    return call(WORK_QUEUES_READ, WorkQueueByName(pool, name))


def _changed(name: str, pool: str, **changes: Any) -> Any:
    from penstock.client.transport import call
    from penstock.wire.deploying.work_pools import WorkQueueChanges
    from penstock.wire.operations import WORK_QUEUES_UPDATE

    return call(WORK_QUEUES_UPDATE, WorkQueueChanges(pool, name, **changes))


def _say(found: Any, done: str, output: Format) -> None:
    from penstock.cli.deploying.deployment_tables import plain

    if output == "json":
        print_json(plain(found))
    else:
        say(done)
