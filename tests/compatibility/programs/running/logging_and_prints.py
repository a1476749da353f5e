"""The run logger, captured prints, and unit tests of tasks."""

from __future__ import annotations

import logging

from prefect import flow, get_run_logger, task
from prefect.exceptions import MissingContextError
from prefect.logging import disable_run_logger, get_logger

lines: list[str] = []


class Keep(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.INFO and getattr(record, "flow_run_name", None) and "print" in record.getMessage():
            lines.append(f"{record.levelname} {record.getMessage()}")


@task
def logs(x: int) -> int:
    get_run_logger().info("print-like line of a task: %s", x)
    return x


@task(log_prints=False)
def prints_plainly():
    print("plain print")


@flow(log_prints=True)
def captured():
    print("captured print", 1, 2, sep="-")
    get_run_logger().warning("print warning %d", 5)
    prints_plainly()


@flow
def not_captured():
    print("flow print")
    print("another", end="!\n")


if __name__ == "__main__":
    get_logger("flow_runs").addHandler(Keep())
    captured()
    not_captured()
    for line in lines:
        print(line)
    print(logs(3))
    try:
        get_run_logger()
    except MissingContextError as error:
        print(type(error).__name__)
    try:
        logs.fn(4)
    except MissingContextError as error:
        print(type(error).__name__)
    with disable_run_logger():
        print(logs.fn(5))
