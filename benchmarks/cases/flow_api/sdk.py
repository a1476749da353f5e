"""The one API that Penstock and Prefect share: every case in this folder runs on both, unchanged.

`BENCH_SDK` says which; the rest is told apart in one place only, how to know that everything is recorded.
"""

from __future__ import annotations

import importlib
import json
import os
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

NAME = os.environ["BENCH_SDK"]
sdk: Any = importlib.import_module(NAME)
flow, task = sdk.flow, sdk.task
RECORDING_TIMEOUT_SECONDS = 120


def count() -> int:
    """How many times the case is to do its work."""
    return int(sys.argv[1])


def report(**figures: float) -> None:
    """Hand the figures to the runner."""
    print(json.dumps(figures))


def wait_until_recorded(task_runs: int) -> None:
    """Return when `task_runs` completed task runs can be read back from the record.

    Penstock's flows return after the commit, so there is nothing to wait for and one look has to find them all.
    Prefect's server takes them in after the flow has returned, so it is asked until it has them.
    """
    if NAME == "penstock":
        found = _in_penstock()
        if found < task_runs:
            raise SystemExit(f"the flow returned with {found} of {task_runs} task runs recorded")
        return
    deadline = time.monotonic() + RECORDING_TIMEOUT_SECONDS
    while (found := _in_prefect()) < task_runs:
        if time.monotonic() > deadline:
            raise SystemExit(f"{found} of {task_runs} task runs recorded after {RECORDING_TIMEOUT_SECONDS} s")
        time.sleep(0.05)


def _in_penstock() -> int:
    with sqlite3.connect(Path(os.environ["PENSTOCK_HOME"]) / "penstock.db") as database:
        return int(database.execute("SELECT count(*) FROM task_runs WHERE state_type = 'COMPLETED'").fetchone()[0])


def _in_prefect() -> int:
    from prefect.client.orchestration import get_client

    completed = {"task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    with get_client(sync_client=True) as client:
        return int(client.request("POST", "/task_runs/count", json=completed).json())
