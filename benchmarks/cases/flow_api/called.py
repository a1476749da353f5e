"""A task that does nothing, called N times in a flow: in the process, and until all is recorded."""

from __future__ import annotations

import time

import sdk

started = 0.0
called = 0.0


@sdk.task
def nothing(number: int) -> None:
    pass


@sdk.flow
def calls(count: int) -> None:
    global started, called
    started = time.perf_counter()
    for number in range(count):
        nothing(number)
    called = time.perf_counter()


calls(sdk.count())
sdk.wait_until_recorded(sdk.count())
recorded = time.perf_counter()
sdk.report(
    called_seconds=(called - started) / sdk.count(),
    recorded_seconds=(recorded - started) / sdk.count(),
)
