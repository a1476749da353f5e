"""Measure what it costs to record task runs: through the whole server core, and by bare sqlite3 beside it.

    python benchmarks/ledger_append.py               10,000 records in batches of 2,000, five rounds, alternating
    python benchmarks/ledger_append.py --records 100000 --batch 500

Both write the same rows into the same tables with the same indexes, durably (WAL, synchronous=FULL). The best round
of each counts: the others had company.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.local.transport import InProcessTransport
from penstock.server.database.dialects.sqlite import Sqlite
from penstock.server.database.tables import task_runs
from penstock.server.services.task_run_rows import row_maker
from penstock.wire.flow_runs import FlowRunCreate, FlowRunStart
from penstock.wire.operations import FLOW_RUNS_CREATE, JOURNAL_APPEND
from penstock.wire.requests import JournalBatch
from penstock.wire.states import StateRecord
from penstock.wire.task_runs import TaskRun

OWNER = "bench:1:one"


def main() -> None:
    """Measure, and print microseconds a record and their ratio."""
    asked = _arguments()
    ours, bare = [], []
    for _ in range(asked.rounds):
        folder = Path(tempfile.mkdtemp(prefix="penstock-bench-", dir=asked.folder))
        try:
            ours.append(_through_the_core(folder / "ours.db", asked.records, asked.batch))
            bare.append(_by_bare_sqlite(folder / "bare.db", asked.records, asked.batch))
        finally:
            shutil.rmtree(folder)
    print(f"{asked.records:,} task runs of three states, batches of {asked.batch:,}, best of {asked.rounds}")
    print(f"  through the core   {min(ours):6.1f} µs a record")
    print(f"  bare executemany   {min(bare):6.1f} µs a record")
    print(f"  ratio              {min(ours) / min(bare):6.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what it costs to record task runs.")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--batch", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="where the databases are made (the system's temporary folder)")
    return parser.parse_args()


def _task_runs(flow_run_id: object, count: int) -> list[TaskRun]:
    start = datetime.now(UTC)
    records = []
    for number in range(count):
        kinds = (StateType.PENDING, StateType.RUNNING, StateType.COMPLETED)
        states = [
            StateRecord(kind, kind.value.capitalize(), start + timedelta(microseconds=number + step))
            for step, kind in enumerate(kinds)
        ]
        name = f"transform-{number}"
        record = TaskRun(uuid7(), "shop.tasks.transform", "transform", name, states, flow_run_id, 1, run_count=1)  # type: ignore[arg-type]
        records.append(record)
    return records


def _through_the_core(path: Path, count: int, size: int) -> float:
    transport = InProcessTransport(path)
    now = datetime.now(UTC)
    pending = StateRecord(StateType.PENDING, "Pending", now)
    run = transport.call(
        FLOW_RUNS_CREATE, FlowRunCreate(uuid7(), "bench", "bench", [pending], start=FlowRunStart(OWNER, now))
    )
    records = _task_runs(run.id, count)
    batches = [JournalBatch(OWNER, OWNER, 0, records[first : first + size]) for first in range(0, count, size)]
    began = time.perf_counter()
    for batch in batches:
        transport.call(JOURNAL_APPEND, batch)
    took = time.perf_counter() - began
    transport.close()
    return took / count * 1e6


def _by_bare_sqlite(path: Path, count: int, size: int) -> float:
    transport = InProcessTransport(path)
    now = datetime.now(UTC)
    pending = StateRecord(StateType.PENDING, "Pending", now)
    transport.call(FLOW_RUNS_CREATE, FlowRunCreate(uuid7(), "bench", "bench", [pending]))
    transport.close()
    row_of = row_maker(Sqlite(path, 5.0), 1, OWNER)
    rows = [row_of(record) for record in _task_runs(uuid7(), count)]
    insert = f"INSERT INTO task_runs VALUES ({', '.join('?' * len(task_runs.c))})"  # noqa: S608 - our own name
    driver = sqlite3.connect(path, isolation_level=None)
    driver.execute("PRAGMA synchronous = FULL")
    driver.execute("PRAGMA cache_size = -8000")
    began = time.perf_counter()
    for first in range(0, count, size):
        driver.execute("BEGIN IMMEDIATE")
        driver.executemany(insert, rows[first : first + size])
        driver.execute("COMMIT")
    took = time.perf_counter() - began
    driver.close()
    return took / count * 1e6


if __name__ == "__main__":
    main()
