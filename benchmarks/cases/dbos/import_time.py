"""How long importing DBOS takes."""

from __future__ import annotations

import time

started = time.perf_counter()
from dbos import DBOS  # noqa: E402, F401

seconds = time.perf_counter() - started
print(f'{{"seconds": {seconds}}}')
