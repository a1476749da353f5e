"""A task with a small persisted result, called N times, until all is recorded.

As much of it as is the disk's is measured beside it: as many small files, created under a passing name and renamed.
"""

from __future__ import annotations

import os
import time

import sdk

started = 0.0


@sdk.task(persist_result=True)
def small(number: int) -> dict[str, int]:
    return {"number": number}


@sdk.flow
def calls(count: int) -> None:
    global started
    started = time.perf_counter()
    for number in range(count):
        small(number)


def disk_seconds(count: int) -> float:
    # In the same folder: what a new file costs differs from folder to folder.
    folder = os.path.join(os.environ[f"{sdk.NAME.upper()}_HOME"], "storage")
    begun = time.perf_counter()
    for number in range(count):
        passing, final = f"{folder}/.{number}.part", f"{folder}/{number}"
        descriptor = os.open(passing, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.write(descriptor, b"x" * 200)
        os.close(descriptor)
        os.replace(passing, final)
    return time.perf_counter() - begun


calls(sdk.count())
sdk.wait_until_recorded(sdk.count())
recorded_seconds = time.perf_counter() - started
sdk.report(
    recorded_seconds=recorded_seconds / sdk.count(),
    disk_seconds=disk_seconds(sdk.count()) / sdk.count(),
)
