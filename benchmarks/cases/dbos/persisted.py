"""A step with a small result, called N times in a workflow. DBOS commits each one, with its result, before the next."""

from __future__ import annotations

import json
import sys

import app
from dbos import DBOS


@DBOS.step()
def small(number: int) -> dict[str, int]:
    return {"number": number}


print(json.dumps({"recorded_seconds": app.seconds_a_call(small, int(sys.argv[1]))}))
