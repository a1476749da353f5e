"""A workflow that does nothing, put N times on a queue by another one, until all are recorded."""

from __future__ import annotations

import json
import sys
import time

import app
from dbos import DBOS, Queue

count = int(sys.argv[1])
queue = Queue("bench")


@DBOS.workflow()
def nothing(number: int) -> None:
    pass


@DBOS.workflow()
def maps(count: int) -> float:
    started = time.perf_counter()
    for handle in [queue.enqueue(nothing, number) for number in range(count)]:
        handle.get_result()
    return time.perf_counter() - started


app.launch()
seconds = maps(count) / count
DBOS.destroy()
print(json.dumps({"recorded_seconds": seconds}))
