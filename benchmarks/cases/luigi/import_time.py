"""How long importing Luigi takes."""

from __future__ import annotations

import time

started = time.perf_counter()
import luigi  # noqa: E402, F401

seconds = time.perf_counter() - started
print(f'{{"seconds": {seconds}}}')
