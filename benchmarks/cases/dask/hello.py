"""The smallest program there is; the runner times the whole process."""

from __future__ import annotations

import cluster


def greeting(name: str) -> str:
    return f"Hello, {name}"


with cluster.client() as client:
    assert client.submit(greeting, "world").result() == "Hello, world"
print("{}")
