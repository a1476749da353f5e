"""What a finished task leaves behind: the process's memory after N and after 5 N tasks of one flow.

The futures are dropped as soon as their tasks are done, so whatever stays is kept by the orchestrator. The
second argument says what is counted: `rss`, the pages of the process, or `heap`, the objects that
`tracemalloc` sees.
"""

from __future__ import annotations

import gc
import os
import sys
import time
import tracemalloc
from pathlib import Path

import sdk

BATCH = 500
SETTLE_SECONDS = 1.0
COUNTED = sys.argv[2]
left: dict[int, int] = {}


def memory_bytes() -> int:
    time.sleep(SETTLE_SECONDS)  # what waits to be written is not what is left behind
    gc.collect()
    if COUNTED == "heap":
        return tracemalloc.get_traced_memory()[0]
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@sdk.task
def nothing(number: int) -> None:
    pass


@sdk.flow
def many(count: int) -> None:
    done = 0
    for stop in (count, 5 * count):
        while done < stop:
            batch = min(BATCH, stop - done)
            nothing.map(range(batch)).wait()
            done += batch
        left[stop] = memory_bytes()


if COUNTED == "heap":
    tracemalloc.start()
many(sdk.count())
sdk.report(bytes=(left[5 * sdk.count()] - left[sdk.count()]) / (4 * sdk.count()))
