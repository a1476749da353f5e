"""A function that does nothing, mapped over N values, until all are done. Dask keeps no record."""

from __future__ import annotations

import json
import sys
import time

import cluster

count = int(sys.argv[1])
with cluster.client() as client:
    started = time.perf_counter()
    client.gather(client.map(cluster.nothing, range(count), pure=False))
    seconds = time.perf_counter() - started
print(json.dumps({"recorded_seconds": seconds / count}))
