"""A workflow that does nothing, called N times by another workflow."""

from __future__ import annotations

import json
import sys
import time

import app
from dbos import DBOS

count = int(sys.argv[1])


@DBOS.workflow()
def nothing(number: int) -> None:
    pass


@DBOS.workflow()
def calls(count: int) -> float:
    started = time.perf_counter()
    for number in range(count):
        nothing(number)
    return time.perf_counter() - started


app.launch()
seconds = calls(count) / count
DBOS.destroy()
print(json.dumps({"seconds": seconds}))
