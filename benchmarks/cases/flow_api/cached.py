"""A task whose result is cached, called N times with the same input."""

from __future__ import annotations

import importlib
import time

import sdk

INPUTS = importlib.import_module(f"{sdk.NAME}.cache_policies").INPUTS
runs = 0
called = 0.0


@sdk.task(cache_policy=INPUTS, persist_result=True)
def small(number: int) -> dict[str, int]:
    global runs
    runs += 1
    return {"number": number}


@sdk.flow
def hits(count: int) -> None:
    global called
    small(1)
    started = time.perf_counter()
    for _ in range(count):
        small(1)
    called = time.perf_counter() - started


hits(sdk.count())
assert runs == 1, f"the task ran {runs} times"
sdk.report(seconds=called / sdk.count())
