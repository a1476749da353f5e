"""A step that does nothing, called N times in a workflow. DBOS commits each one, with its result, before the next."""

from __future__ import annotations

import json
import sys
import time

import app
from dbos import DBOS

count = int(sys.argv[1])


@DBOS.step()
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
print(json.dumps({"called_seconds": seconds, "recorded_seconds": seconds}))
