"""Futures carry the type of the result."""

from __future__ import annotations

from typing import assert_type

from penstock import task
from penstock.futures import PenstockFuture, as_completed, wait


@task
def measure(station: str) -> float:
    return float(len(station))


def gathered() -> None:
    futures = [measure.submit(station) for station in ("Ida", "Po")]
    assert_type(futures, list[PenstockFuture[float]])
    for future in as_completed(futures):
        assert_type(future.result(timeout=1), float)
    assert_type(wait(futures, timeout=1).done, set[PenstockFuture[float]])
