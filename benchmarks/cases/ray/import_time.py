"""How long importing Ray takes."""

from __future__ import annotations

import time

started = time.perf_counter()
import ray  # noqa: E402, F401

seconds = time.perf_counter() - started
print(f'{{"seconds": {seconds}}}')
