"""Time limits."""

from __future__ import annotations

import asyncio
import time

from prefect import flow, task
from prefect.flow_engine import FlowRunTimeoutError
from prefect.task_engine import TaskRunTimeoutError


def wait_long() -> None:
    for _ in range(2000):
        time.sleep(0.01)


@task(timeout_seconds=0.1)
def slow():
    wait_long()


@task(timeout_seconds=0.1)
async def async_slow():
    await asyncio.sleep(20)


@task(timeout_seconds=20)
def quick():
    return "quick"


@flow(timeout_seconds=0.5)
def slow_flow():
    wait_long()


@flow(timeout_seconds=0.5)
async def async_slow_flow():
    await asyncio.sleep(20)


@flow
def tasks():
    state = slow(return_state=True)
    print(state.name, state.is_failed(), type(state.result(raise_on_failure=False)).__name__)
    try:
        slow()
    except TaskRunTimeoutError as error:
        print(isinstance(error, TimeoutError), type(error).__name__)
    future = async_slow.submit()
    future.wait()
    print(future.state.name, quick())


if __name__ == "__main__":
    tasks()
    state = slow_flow(return_state=True)
    print(state.name, type(state.result(raise_on_failure=False)).__name__)
    try:
        asyncio.run(async_slow_flow())
    except FlowRunTimeoutError as error:
        print(isinstance(error, TimeoutError), type(error).__name__)
