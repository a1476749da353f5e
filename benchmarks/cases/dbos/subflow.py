"""A workflow that does nothing, called N times by another workflow."""

from __future__ import annotations

import json
import sys

import app
from dbos import DBOS


@DBOS.workflow()
def nothing(number: int) -> None:
    pass


print(json.dumps({"seconds": app.seconds_a_call(nothing, int(sys.argv[1]))}))
