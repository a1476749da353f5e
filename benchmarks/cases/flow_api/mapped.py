"""A task that does nothing, mapped over N values, until all is recorded."""

from __future__ import annotations

import time

import sdk

started = 0.0


@sdk.task
def nothing(number: int) -> None:
    pass


@sdk.flow
def maps(count: int) -> None:
    global started
    started = time.perf_counter()
    nothing.map(range(count)).wait()


maps(sdk.count())
sdk.wait_until_recorded(sdk.count())
sdk.report(recorded_seconds=(time.perf_counter() - started) / sdk.count())
