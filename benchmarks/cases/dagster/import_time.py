"""How long importing Dagster takes."""

from __future__ import annotations

import time

started = time.perf_counter()
from dagster import job, op  # noqa: E402, F401

seconds = time.perf_counter() - started
print(f'{{"seconds": {seconds}}}')
