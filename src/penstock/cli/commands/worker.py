"""`penstock worker`: programs that claim runs of deployments and start them."""

from __future__ import annotations

import click

from penstock.cli.screen.output import Format, flush_output, output_option, print_json, print_line, say


@click.group("worker", short_help="Start a worker, and see which there are.")
def worker() -> None:
    """Start a worker, and see which there are.

    A worker claims runs of a work pool as they come due, starts each on the infrastructure of its type, and watches it.
    """


@worker.command("start")
@click.option("-p", "--pool", required=True, metavar="POOL", help="The work pool; made where there is none.")
@click.option("-n", "--name", help="What people call it. [default: its type and two words]")
@click.option("-t", "--type", "kind", help="Its type. [default: that of the pool, or process]")
@click.option("-q", "--work-queue", "queues", multiple=True, metavar="QUEUE", help="Only this queue. May be repeated.")
@click.option("--limit", type=click.IntRange(1), help="At most so many runs at once.")
@click.option("--run-once", is_flag=True, help="Carry out what is due, and end.")
def start(
    pool: str, name: str | None, kind: str | None, queues: tuple[str, ...], limit: int | None, run_once: bool
) -> None:
    """Work for a pool until the command is asked to end.

    Asked once (SIGTERM or Ctrl-C), it takes nothing more, and ends when its runs have ended. Asked again, it ends them.
    """
    import asyncio
    from contextlib import closing

    from penstock import settings
    from penstock.cli.worker_process import type_of_pool
    from penstock.client.transport import new_transport
    from penstock.workers.registry import worker_of_type
    from penstock.workers.service.options import WorkerOptions
    from penstock.workers.service.service import WorkerService

    current = settings.current()
    made = worker_of_type(kind or type_of_pool(pool) or "process")(pool, name)
    options = WorkerOptions(
        pool,
        queues or None,
        limit=limit,
        heartbeat_seconds=current.worker.heartbeat_seconds,
        lease_seconds=current.recording.lease_seconds,
        drain_seconds=current.worker.drain_seconds,
        run_once=run_once,
    )

    def on_ready() -> None:
        print_line(f"Worker {made.name!r} works for the pool {pool!r}.")
        flush_output()

    async def work() -> None:
        with closing(new_transport()) as transport:
            await WorkerService(made, options, transport, on_ready).run()

    asyncio.run(work())
    say(f"Worker {made.name!r} has ended.")


@worker.command("ls")
@click.option("-p", "--pool", "pools", multiple=True, metavar="POOL", help="Of this pool. May be repeated.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True, help="List at most this many.")
@output_option
def list_workers(pools: tuple[str, ...], limit: int, output: Format) -> None:
    """List workers, those heard of last first."""
    from penstock.cli.asking import fetch
    from penstock.cli.views.work_tables import print_workers, worker_json
    from penstock.wire.deploying.workers import WorkerQuery
    from penstock.wire.operations import WORKERS_LIST

    workers, more = fetch(WORKERS_LIST, WorkerQuery(list(pools) or None), limit)
    if output == "json":
        print_json([worker_json(one) for one in workers])
    elif workers:
        print_workers(workers)
    else:
        say("No workers match." if pools else "No worker has started yet: penstock worker start --pool NAME")
    if more:
        say(f"There are more; these are the {limit} heard of last. See --limit.")
