"""A flow that does nothing, called N times by another flow."""

from __future__ import annotations

import time

import sdk

called = 0.0


@sdk.flow
def nothing(number: int) -> None:
    pass


@sdk.flow
def calls(count: int) -> None:
    global called
    started = time.perf_counter()
    for number in range(count):
        nothing(number)
    called = time.perf_counter() - started


calls(sdk.count())
sdk.report(seconds=called / sdk.count())
