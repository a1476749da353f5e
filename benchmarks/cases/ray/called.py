"""A function that does nothing, run N times one after another. Ray keeps no lasting record."""

from __future__ import annotations

import json
import sys
import time

import cluster
import ray

count = int(sys.argv[1])
cluster.start()
ray.get(cluster.nothing.remote(0))  # the first one starts a worker process
started = time.perf_counter()
for number in range(count):
    ray.get(cluster.nothing.remote(number))
seconds = time.perf_counter() - started
ray.shutdown()
print(json.dumps({"called_seconds": seconds / count}))
