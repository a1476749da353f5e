"""A workflow that does nothing, put N times on a queue by another one, until all are recorded."""

from __future__ import annotations

import json
import sys

import app
from dbos import DBOS, Queue

queue = Queue("bench")


@DBOS.workflow()
def nothing(number: int) -> None:
    pass


def maps(count: int) -> None:
    for handle in [queue.enqueue(nothing, number) for number in range(count)]:
        handle.get_result()


count = int(sys.argv[1])
print(json.dumps({"recorded_seconds": app.seconds_in_a_workflow(maps, count) / count}))
