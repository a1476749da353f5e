"""The smallest program there is; the runner times the whole process."""

from __future__ import annotations

import cluster
import ray


@ray.remote
def greeting(name: str) -> str:
    return f"Hello, {name}"


cluster.start()
assert ray.get(greeting.remote("world")) == "Hello, world"
ray.shutdown()
print("{}")
