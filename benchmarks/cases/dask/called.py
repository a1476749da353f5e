"""A function that does nothing, run N times one after another. Dask keeps no record, so nothing is waited for after."""

from __future__ import annotations

import json
import sys
import time

import cluster

count = int(sys.argv[1])
with cluster.client() as client:
    started = time.perf_counter()
    for number in range(count):
        client.submit(cluster.nothing, number, pure=False).result()
    seconds = time.perf_counter() - started
print(json.dumps({"called_seconds": seconds / count}))
