"""A process that reports task runs as fast as the server takes them, and tells how many were acknowledged.

    python benchmarks/server/append.py http://127.0.0.1:4270/api 60

It makes the records as it goes and sends them by the client that flows report with, 2,000 to a batch, one batch at a time. It
begins when it is told to on standard input.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from server.watching import completed

from penstock.client.http import HttpTransport
from penstock.core.ids import uuid7
from penstock.core.state_type import StateType
from penstock.wire.flow_runs import FlowRunCreate, FlowRunStart
from penstock.wire.operations import FLOW_RUNS_CREATE, JOURNAL_APPEND
from penstock.wire.requests import JournalBatch
from penstock.wire.states import StateRecord

BATCH = 2_000


def main() -> None:
    """Report for as long as the command line says."""
    url, seconds = sys.argv[1], float(sys.argv[2])
    transport = HttpTransport(url)
    owner = f"bench:{os.getpid()}:append"
    now = datetime.now(UTC)
    pending = StateRecord(StateType.PENDING, "Pending", now)
    start = FlowRunStart(owner, now, lease_seconds=3_600)
    run = transport.call(FLOW_RUNS_CREATE, FlowRunCreate(uuid7(), "bench-append", "append", [pending], start=start))
    print("ready", flush=True)
    sys.stdin.readline()
    times: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        at = datetime.now(UTC)
        records = [completed(run.id, number, at) for number in range(BATCH)]
        sent = time.perf_counter()
        receipt = transport.call(JOURNAL_APPEND, JournalBatch(owner, owner, 0, records))
        if receipt.stale or receipt.refused:
            raise SystemExit(f"the server refused records: {receipt}")
        times.append(time.perf_counter() - sent)
    took = time.perf_counter() - began
    print(json.dumps({"records": len(times) * BATCH, "seconds": took, "times": times}))


if __name__ == "__main__":
    main()
