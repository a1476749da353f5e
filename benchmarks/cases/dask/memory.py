"""What a finished task leaves behind: the memory of client, scheduler and worker after N and after 5 N tasks.

The second argument says what is counted: `rss`, the pages of the process, or `heap`, the objects that
`tracemalloc` sees.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import tracemalloc
from pathlib import Path

import cluster
from dask.distributed import Client, wait

BATCH = 500
SETTLE_SECONDS = 1.0
count, counted = int(sys.argv[1]), sys.argv[2]


def memory_bytes() -> int:
    time.sleep(SETTLE_SECONDS)  # what waits to be released is not what is left behind
    gc.collect()
    if counted == "heap":
        return tracemalloc.get_traced_memory()[0]
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def left_bytes(client: Client) -> dict[int, int]:
    left, done = {}, 0
    for stop in (count, 5 * count):
        while done < stop:
            wait(client.map(cluster.nothing, range(BATCH), pure=False))
            done += BATCH
        left[stop] = memory_bytes()
    return left


if counted == "heap":
    tracemalloc.start()
with cluster.client() as client:
    left = left_bytes(client)
print(json.dumps({"bytes": (left[5 * count] - left[count]) / (4 * count)}))
