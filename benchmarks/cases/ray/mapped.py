"""A function that does nothing, started N times and then waited for. Ray keeps no lasting record."""

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
ray.get([cluster.nothing.remote(number) for number in range(count)])
seconds = time.perf_counter() - started
ray.shutdown()
print(json.dumps({"recorded_seconds": seconds / count}))
