"""A step that does nothing, called N times in a workflow. DBOS commits each one, with its result, before the next."""

from __future__ import annotations

import json
import sys

import app
from dbos import DBOS


@DBOS.step()
def nothing(number: int) -> None:
    pass


seconds = app.seconds_a_call(nothing, int(sys.argv[1]))
print(json.dumps({"called_seconds": seconds, "recorded_seconds": seconds}))
