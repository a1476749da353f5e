"""Tables of work pools and queues, and the page of one of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from penstock.cli.asking import fetch
from penstock.cli.screen import states
from penstock.cli.screen.output import Cell, Column, paint, print_line, print_table, when
from penstock.cli.screen.words import local, one_line
from penstock.cli.views.facts import Fact, print_facts
from penstock.wire.deploying.work_pools import PoolStatus, WorkPool, WorkQueue, WorkQueueQuery
from penstock.wire.flow_runs import FlowRun
from penstock.wire.operations import WORK_QUEUES_LIST

_MOST_QUEUES = 200
_WORDS = {PoolStatus.READY: "Ready", PoolStatus.NOT_READY: "No worker", PoolStatus.PAUSED: "Paused"}
_LOOKS = {PoolStatus.READY: "green", PoolStatus.NOT_READY: "yellow", PoolStatus.PAUSED: "cyan"}


def print_pools(pools: Sequence[WorkPool]) -> None:
    """Print a table of work pools."""
    columns = [
        Column("POOL", style="bold"),
        Column("TYPE", keep=True),
        Column("STATUS", keep=True),
        Column("RUNS", keep=True, right=True),
        Column("DESCRIPTION", style="dim"),
    ]
    print_table(
        columns,
        [
            (
                one.name,
                one.type,
                Cell(_WORDS[one.status], _LOOKS[one.status]),
                _slots(one.slots_in_use, one.concurrency_limit),
                one.description or "",
            )
            for one in pools
        ],
    )


def print_queues(queues: Sequence[WorkQueue]) -> None:
    """Print a table of queues."""
    columns = [
        Column("POOL"),
        Column("QUEUE", style="bold"),
        Column("PRIORITY", keep=True, right=True),
        Column("STATUS", keep=True),
        Column("RUNS", keep=True, right=True),
        Column("WAITING", keep=True, right=True),
        Column("LATE", keep=True, right=True),
        Column("ASKED", keep=True, style="dim"),
    ]
    print_table(
        columns,
        [
            (
                one.pool_name,
                one.name,
                str(one.priority),
                Cell("Paused", "cyan") if one.paused else Cell("Active", "green"),
                _slots(one.slots_in_use, one.concurrency_limit),
                f"{one.waiting:,}",
                Cell(f"{one.late:,}", "red" if one.late else ""),
                when(one.last_polled),
            )
            for one in queues
        ],
    )


def print_waiting(runs: Sequence[FlowRun]) -> None:
    """Print a table of runs that wait, with when they are due and in which queue."""
    columns = [
        Column("DUE", keep=True),
        Column("QUEUE"),
        Column("FLOW"),
        Column("RUN", style="bold"),
        Column("STATE", keep=True),
        Column("ID", keep=True, style="dim"),
    ]
    print_table(
        columns,
        [
            (
                when(run.expected_start),
                run.work_queue_name or "-",
                run.flow_name,
                run.name,
                states.cell(run.state),
                str(run.id),
            )
            for run in runs
        ],
    )


def print_pool(pool: WorkPool) -> None:
    """Print what is known of a work pool, and a table of its queues."""
    status = paint(_WORDS[pool.status], fg=_LOOKS[pool.status], bold=True)
    print_line(f"{status}  {paint(one_line(pool.name), bold=True)}")
    print_facts(_facts_of_pool(pool))
    queues, _ = fetch(WORK_QUEUES_LIST, WorkQueueQuery([pool.name]), _MOST_QUEUES)
    print_line()
    print_queues(queues)


def _facts_of_pool(pool: WorkPool) -> Iterator[Fact]:
    yield "type", pool.type
    if pool.description:
        yield "description", pool.description
    yield "runs", _slots(pool.slots_in_use, pool.concurrency_limit)
    yield "made", local(pool.created)
    yield "changed", local(pool.updated)
    properties = pool.base_job_template.get("variables", {}).get("properties", {})
    if properties:
        yield "job variables", ", ".join(properties)


def print_queue(queue: WorkQueue) -> None:
    """Print what is known of a queue."""
    status = paint("Paused", fg="cyan", bold=True) if queue.paused else paint("Active", fg="green", bold=True)
    print_line(f"{status}  {one_line(queue.pool_name)} / {paint(one_line(queue.name), bold=True)}")
    print_facts(_facts_of_queue(queue))


def _facts_of_queue(queue: WorkQueue) -> Iterator[Fact]:
    yield "priority", str(queue.priority)
    if queue.description:
        yield "description", queue.description
    yield "runs", _slots(queue.slots_in_use, queue.concurrency_limit)
    yield "waiting", f"{queue.waiting:,}, of which {queue.late:,} late"
    if queue.last_polled is not None:
        yield "asked", local(queue.last_polled)


def _slots(in_use: int, limit: int | None) -> str:
    return f"{in_use:,}" if limit is None else f"{in_use:,} of {limit:,}"
