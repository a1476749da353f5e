"""How long `from … import flow, task` takes, in a process that has imported nothing else."""

from __future__ import annotations

import importlib
import os
import time

started = time.perf_counter()
sdk = importlib.import_module(os.environ["BENCH_SDK"])
flow, task = sdk.flow, sdk.task
seconds = time.perf_counter() - started
print(f'{{"seconds": {seconds}}}')
