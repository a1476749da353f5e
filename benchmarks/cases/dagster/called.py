"""A job of N ops that do nothing, executed in the process, each recorded in Dagster's SQLite files."""

from __future__ import annotations

import json
import logging
import sys
import time

from dagster import DagsterInstance, job, op

count = int(sys.argv[1])
logging.disable(logging.CRITICAL)


@op
def nothing() -> None:
    pass


@job
def calls() -> None:
    for number in range(count):
        nothing.alias(f"nothing_{number}")()


with DagsterInstance.get() as instance:
    started = time.perf_counter()
    assert calls.execute_in_process(instance=instance).success
    print(json.dumps({"recorded_seconds": (time.perf_counter() - started) / count}))
