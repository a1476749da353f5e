"""What it costs to persist a small result on a local disk, beside what the disk asks for the same bytes.

Run it alone: `python benchmarks/result_write.py [folder]`. The folder should lie on the disk that results will lie on.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from penstock.results import ResultStore

ROUNDS = 20
CALLS = 250
BOUND_MICROSECONDS = 60


Work = Callable[[str], object]


def best_microseconds(*works: Work) -> list[float]:
    """Return what one call of each of `works` costs in the best of several rounds, in microseconds.

    The works take turns, so that a busy disk slows them alike. Each call is given a new name.
    """
    rounds: list[list[float]] = [[] for _ in works]
    for round_number in range(ROUNDS):
        names = [f"result-{round_number}-{number}" for number in range(CALLS)]
        for work, costs in zip(works, rounds, strict=True):
            begun = time.perf_counter()
            for name in names:
                work(name)
            costs.append((time.perf_counter() - begun) / CALLS * 1e6)
    return [min(costs) for costs in rounds]


def plain_write(folder: Path, content: bytes) -> Work:
    """Return what writes `content` in one step with as little as the system allows: open, write, close, rename."""
    beside = str(folder / "beside")

    def write(name: str) -> None:
        descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        os.write(descriptor, content)
        os.close(descriptor)
        os.replace(beside, f"{folder}/plain-{name}")

    return write


def main(parent: str | None) -> None:
    """Measure and print."""
    value = {"rows": 1234, "path": "totals.csv"}
    with tempfile.TemporaryDirectory(dir=parent) as made:
        # All in one folder: a file system may be slower in one than in another, for reasons of its own.
        store = ResultStore(result_storage=made)
        content = store.create_result_record(value).serialize()
        store.write(value, "once")
        persisted, floor, looked_for, loaded = best_microseconds(
            lambda name: store.write(value, name),
            plain_write(Path(made), content),
            lambda _: store.exists("once"),
            lambda _: store.read("once").result,
        )
    verdict = "within" if persisted <= BOUND_MICROSECONDS else "over"
    print(f"a result of {len(content)} bytes with its header, in {made}")
    print(f"  persisted            {persisted:7.1f} µs   ({verdict} the bound of {BOUND_MICROSECONDS} µs)")
    print(f"  the same bytes alone {floor:7.1f} µs   (what the disk asks: open, write, close, rename)")
    print(f"  ratio                {persisted / floor:7.2f}")
    print(f"  looked for           {looked_for:7.1f} µs")
    print(f"  read                 {loaded:7.1f} µs")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
