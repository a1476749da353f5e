"""How long importing Dask's client takes."""

from __future__ import annotations

import time

started = time.perf_counter()
from dask.distributed import Client, LocalCluster  # noqa: E402, F401

seconds = time.perf_counter() - started
print(f'{{"seconds": {seconds}}}')
