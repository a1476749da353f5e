"""The smallest program there is; the runner times the whole process."""

from __future__ import annotations

from dagster import DagsterInstance, job, op


@op
def greeting() -> str:
    return "Hello, world"


@job
def hello() -> None:
    greeting()


with DagsterInstance.get() as instance:
    assert hello.execute_in_process(instance=instance).output_for_node("greeting") == "Hello, world"
print("{}")
