"""A test harness: flows run against a record of their own, and see nothing of other runs."""

from __future__ import annotations

from prefect import allow_failure, flow, runtime, task, unmapped
from prefect.testing.utilities import prefect_test_harness
from prefect.utilities.annotations import BaseAnnotation, quote


@task
def double(number: int) -> int:
    return 2 * number


@flow
def doubled(number: int) -> int:
    print("named", bool(runtime.flow_run.name))
    return double(number)


with prefect_test_harness():
    print("within", doubled(2))
    state = doubled(3, return_state=True)
    print(state.type.value, state.result())

with prefect_test_harness(server_startup_timeout=60):
    print("again", doubled(4))

print([issubclass(mark, BaseAnnotation) for mark in (allow_failure, quote, unmapped)])
