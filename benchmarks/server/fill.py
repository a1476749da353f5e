"""Fill a database as processes would: by the server's own services, many requests to a transaction.

Nothing is written past the services: flow runs are created, started and ended, task runs and log lines come in batches of
the journal. Only the clock is theirs: runs lie in the past 80 days, and the largest of them a day ago.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from server.sizes import LINES_A_TASK_RUN, Size
from server.stores import Store
from sqlalchemy import bindparam, update

from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.server.context import Context
from penstock.server.database import tables
from penstock.server.dispatcher import Dispatcher
from penstock.server.services import flow_run_states, flow_runs, journal
from penstock.wire.flow_runs import FlowRunCreate, FlowRunStart, StateProposal
from penstock.wire.logs import LogRecord
from penstock.wire.requests import JournalBatch, Propose
from penstock.wire.states import ErrorRecord, StateRecord
from penstock.wire.task_runs import TaskRun

DAYS = 80
"""Over how many days the runs are spread."""

LARGEST = "reindex-everything"
"""The name of the largest flow run."""

RARE_WORD = "checksum"
"""A word that one line of a thousand holds."""

FLOWS = [
    f"{team}-{work}"
    for team in ("shop", "fleet", "ads", "crm")
    for work in ("ingest", "report", "train", "sync", "audit")
]
TASKS = ("extract", "parse", "validate", "enrich", "load", "notify")
_SECOND = timedelta(seconds=1)
_MADE = update(tables.flow_runs).where(tables.flow_runs.c.id == bindparam("its_id")).values(created=bindparam("made"))
_RUNS_AT_ONCE = 100
_RECORDS_AT_ONCE = 2_000
_LEVELS = (20, 20, 20, 20, 10, 20, 20, 30, 20, 40)
_MESSAGES = (
    "Read {} rows from s3://lake/orders/part-{}.parquet",
    "Wrote {} rows to warehouse.orders, batch {}",
    "Skipped {} rows without a customer in batch {}",
    "Request took {} ms, status 200, page {}",
    "Finished in state Completed() after {} rows, {} ms",
)
_ENDS = ("COMPLETED",) * 93 + ("FAILED",) * 5 + ("CANCELLED", "CRASHED")
_TASK_ENDS = ("COMPLETED",) * 96 + ("FAILED",) * 3 + ("CANCELLED",)


class Filler:
    """Fills one database.

    Parameters:
        server: what carries out the requests.
        size: how much is wanted.
    """

    def __init__(self, server: Dispatcher, size: Size) -> None:
        self._server = server
        self._size = size
        self._chance = random.Random(4270)  # noqa: S311  - the same database each time, no secret
        self._now = datetime.now(UTC)
        self._owner = "filler:1:bench"
        self._lines_written = 0

    def fill(self) -> None:
        """Write everything, oldest first, and say how far it is."""
        ordinary = self._size.flow_runs - 1
        tasks = self._size.task_runs - self._size.largest
        step = timedelta(days=DAYS) / ordinary
        for first in range(0, ordinary, _RUNS_AT_ONCE):
            numbers = range(first, min(first + _RUNS_AT_ONCE, ordinary))
            starts = [self._now - timedelta(days=DAYS) + number * step for number in numbers]
            counts = [tasks * (number + 1) // ordinary - tasks * number // ordinary for number in numbers]
            self._server.ledger.write(
                lambda connection, s=starts, c=counts: self._ordinary(
                    s, c, Context(connection, self._server.database.dialect)
                )
            )
            if first % (20 * _RUNS_AT_ONCE) == 0:
                print(f"\r{first:,} of {ordinary:,} flow runs", end="", file=sys.stderr, flush=True)
        self._largest()
        print(file=sys.stderr)

    def _ordinary(self, starts: list[datetime], counts: list[int], context: Context) -> None:
        records: list[TaskRun] = []
        ended: list[tuple[UUID, datetime]] = []
        for start, count in zip(starts, counts, strict=True):
            run_id = self._create(start, context)
            its = self._task_runs(run_id, start, count)
            records += its
            last = max([run.states[-1].timestamp for run in its], default=start)
            ended.append((run_id, last + _SECOND))
        for batch in self._batches(records):
            journal.append(batch, context)
        for run_id, end in ended:
            self._end(run_id, end, self._chance.choice(_ENDS), context)
        # The database's clock is in the past, too: what it has known of for a short time is not purged.
        made = [{"its_id": run_id, "made": start} for (run_id, _), start in zip(ended, starts, strict=True)]
        context.connection.execute(_MADE, made)

    def _create(self, start: datetime, context: Context, name: str | None = None) -> UUID:
        chance, run_id = self._chance, uuid7()
        pending = StateRecord(StateType.PENDING, "Pending", start - 0.01 * _SECOND)
        parameters = {"day": start.date().isoformat(), "region": chance.choice(("eu", "us", "ap")), "limit": 1_000}
        tags = [f"team-{chance.randrange(20)}", chance.choice(("nightly", "hourly"))]
        flow_runs.create(
            FlowRunCreate(
                run_id,
                chance.choice(FLOWS),
                name
                or f"{chance.choice(('brave', 'calm', 'swift'))}-{chance.choice(('otter', 'heron'))}-{run_id.hex[-4:]}",
                [pending],
                parameters,
                tags,
                FlowRunStart(self._owner, start),
            ),
            context,
        )
        return run_id

    def _end(self, run_id: UUID, end: datetime, kind: str, context: Context) -> None:
        state = StateRecord(StateType(kind), kind.capitalize(), end)
        error = ErrorRecord("builtins.ValueError", "ValueError: no such region") if kind == "FAILED" else None
        flow_run_states.propose(Propose(run_id, StateProposal(state, attempt=1, error=error)), context)

    def _task_runs(self, flow_run_id: UUID, start: datetime, count: int) -> list[TaskRun]:
        made: list[TaskRun] = []
        at = start
        for number in range(count):
            at += self._chance.uniform(0.1, 20.0) * _SECOND
            before = [made[-1].id] if made and number % 3 else []
            made.append(self._task_run(flow_run_id, TASKS[number % len(TASKS)], number, at, before))
        return made

    def _task_run(self, flow_run_id: UUID, task: str, number: int, at: datetime, upstream: list[UUID]) -> TaskRun:
        chance = self._chance
        kind = chance.choice(_TASK_ENDS)
        states = [
            StateRecord(StateType.PENDING, "Pending", at),
            StateRecord(StateType.RUNNING, "Running", at + 0.002 * _SECOND),
            StateRecord(StateType(kind), kind.capitalize(), at + chance.uniform(0.05, 20.0) * _SECOND),
        ]
        return TaskRun(
            uuid7(),
            f"pipelines.{task}",
            task,
            f"{task}-{number}",
            states,
            flow_run_id,
            1,
            tags=["critical"] if number % 10 == 0 else [],
            upstreams={"rows": upstream} if upstream else {},
            run_count=1,
            error=ErrorRecord("builtins.ValueError", "ValueError: bad row") if kind == "FAILED" else None,
        )

    def _lines(self, run: TaskRun) -> Iterator[LogRecord]:
        chance = self._chance
        for number in range(LINES_A_TASK_RUN):
            words = chance.choice(_MESSAGES).format(chance.randrange(100_000), chance.randrange(1_000))
            if chance.randrange(1_000) == 0:
                words += f", {RARE_WORD} {run.id.hex}"
            at = run.states[1].timestamp + number * 0.01 * _SECOND
            yield LogRecord(at, chance.choice(_LEVELS), "penstock.task_runs", words, run.flow_run_id, run.id)

    def _batches(self, records: list[TaskRun]) -> Iterator[JournalBatch]:
        for first in range(0, len(records), _RECORDS_AT_ONCE):
            some = records[first : first + _RECORDS_AT_ONCE]
            lines = [line for run in some for line in self._lines(run)]
            yield JournalBatch(self._owner, self._owner, self._lines_written, some, lines)
            self._lines_written += len(lines)

    def _largest(self) -> None:
        """Write the largest run: three tasks mapped over many values one after another, and one that gathers all."""
        count, day = self._size.largest, timedelta(days=1)
        start = self._now - day
        dialect = self._server.database.dialect
        run_id = self._server.ledger.write(
            lambda connection: self._create(start, Context(connection, dialect), LARGEST)
        )
        width = (count - 1) // 3
        step = timedelta(hours=2) / count
        layers: dict[str, list[TaskRun]] = {}
        before: list[TaskRun] = []
        for layer, task in enumerate(("fetch", "index", "publish")):
            made = []
            for number in range(width if layer else count - 1 - 2 * width):
                at = start + (number * 3 + layer * 3_000) * step
                upstream = [before[number].id] if before else []
                made.append(self._task_run(run_id, task, number, at, upstream))
            layers[task] = before = made
        gathering = self._task_run(run_id, "gather", 0, start + timedelta(hours=2.5), [run.id for run in before])
        ordered = sorted((run for made in layers.values() for run in made), key=lambda run: run.states[0].timestamp)
        for batch in self._batches([*ordered, gathering]):
            self._server.ledger.write(lambda connection, b=batch: journal.append(b, Context(connection, dialect)))
        end = start + timedelta(hours=3)
        self._server.ledger.write(lambda connection: self._end(run_id, end, "COMPLETED", Context(connection, dialect)))


def fill(store: Store, size: Size) -> None:
    """Fill the database of `store`, which is new."""
    server = Dispatcher(store.open())
    try:
        Filler(server, size).fill()
    finally:
        server.close()
    store.settle()
