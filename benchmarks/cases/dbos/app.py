"""DBOS on an SQLite file in the folder of the trial."""

from __future__ import annotations

import time
from collections.abc import Callable

from dbos import DBOS, DBOSConfig


def launch() -> None:
    """Start DBOS; the workflows and steps must be known already."""
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": "sqlite:///bench.sqlite",
        "log_level": "ERROR",
        "run_admin_server": False,
    }
    DBOS(config=config)
    DBOS.launch()


def seconds_in_a_workflow(work: Callable[[int], object], count: int) -> float:
    """Return how long a workflow needs for `work(count)`, until all of it is recorded: DBOS commits before it goes on."""

    @DBOS.workflow()
    def timed(count: int) -> float:
        started = time.perf_counter()
        work(count)
        return time.perf_counter() - started

    launch()
    seconds = timed(count)
    DBOS.destroy()
    return seconds


def seconds_a_call(function: Callable[[int], object], count: int) -> float:
    """Return how long one call of a step or workflow takes, of `count` one after another."""

    def calls(count: int) -> None:
        for number in range(count):
            function(number)

    return seconds_in_a_workflow(calls, count) / count
