"""Flows that pause, with input and without, and that are told things while they go on."""

from __future__ import annotations

import asyncio
from uuid import UUID

from prefect import flow, pause_flow_run, resume_flow_run, runtime, task
from prefect.exceptions import FlowPauseTimeout, NotPausedError
from prefect.input import (
    RunInput,
    create_flow_run_input,
    delete_flow_run_input,
    filter_flow_run_input,
    read_flow_run_input,
    receive_input,
    send_input,
)
from pydantic import BaseModel

ended: list[UUID] = []


class Approval(RunInput):
    approved: bool
    note: str = "none"


class Numbers(BaseModel):
    numbers: list[int]


async def resume_soon(run_input: dict | None = None) -> None:
    while True:
        await asyncio.sleep(0.5)
        try:
            await resume_flow_run(UUID(runtime.flow_run.id), run_input=run_input)
        except NotPausedError:
            continue
        return


async def paused(run_input: dict | None = None, **options):
    answer, _ = await asyncio.gather(pause_flow_run(timeout=60, poll_interval=1, **options), resume_soon(run_input))
    return answer


@flow
async def asks():
    print("without input:", await paused())
    approval = await paused({"approved": True}, wait_for_input=Approval)
    print(type(approval).__name__, approval.approved, approval.note)
    initial = Approval.with_initial_data(description="Well?", note="so so")
    approval = await paused({"approved": False}, wait_for_input=initial)
    print(isinstance(approval, Approval), approval.approved, approval.note)
    print(await paused({"value": 7}, wait_for_input=int))
    print(await paused({"value": {"a": [1, 2]}}, wait_for_input=dict[str, list[int]]))
    numbers = await paused({"numbers": [1, 2]}, wait_for_input=Numbers)
    print(isinstance(numbers, Numbers), numbers.numbers)
    print(await paused({"value": "x"}, wait_for_input=str, key="named"))


@flow
def gives_up():
    ended.append(UUID(runtime.flow_run.id))
    pause_flow_run(timeout=1, poll_interval=1)


@flow
def receives():
    own = UUID(runtime.flow_run.id)
    for value in (1, "two", 3):
        send_input(value, own)
    Approval(approved=True).send_to(own)
    print(receive_input(int, timeout=1, poll_interval=0.1).next())
    print(list(receive_input(int, timeout=0.1, poll_interval=0.05)) == [1, 3])
    print([value for value in receive_input(str, timeout=0.1, poll_interval=0.05)])
    received = Approval.receive(timeout=1, poll_interval=0.1).next()
    print(received.approved, received.metadata.receiver == own, received.metadata.key.startswith("approval-auto-"))
    received.respond(Approval(approved=False, note="an answer"), key_prefix="answers")
    print(Approval.receive(timeout=1, poll_interval=0.1, key_prefix="answers").next().note)
    try:
        receive_input(bool, timeout=0.1, poll_interval=0.05).next()
    except TimeoutError:
        print("no bool")
    try:
        for _ in receive_input(bool, timeout=0.1, poll_interval=0.05, raise_timeout_error=True):
            print("never")
    except TimeoutError:
        print("no bool")
    values = receive_input(int, timeout=1, poll_interval=0.1, with_metadata=True)
    first = values.next()
    print(first.value, first.metadata.key.startswith("intautomaticruninput-auto-"))
    print(list(receive_input(int, timeout=0.1, poll_interval=0.05, exclude_keys={first.metadata.key})))


@flow
async def receives_async():
    own = UUID(runtime.flow_run.id)
    await send_input([1, 2], own)
    async for value in receive_input(list[int], timeout=1, poll_interval=0.1):
        print(value)
        break


@task
async def in_task():
    print("in a task:", await paused({"value": 3}, wait_for_input=int))


@flow
async def calls():
    await in_task()


@flow
def by_keys():
    create_flow_run_input("a-1", {"deep": [1, None, "x"]})
    create_flow_run_input("a-2", [2])
    create_flow_run_input("b", 3)
    print(read_flow_run_input("a-1"), read_flow_run_input("b"), read_flow_run_input("c"))
    print(sorted(one.key for one in filter_flow_run_input("a-", limit=5)))
    print([one.key for one in filter_flow_run_input("a-", limit=5, exclude_keys={"a-1"})])
    delete_flow_run_input("a-1")
    print(read_flow_run_input("a-1"))


if __name__ == "__main__":
    asyncio.run(asks())
    state = gives_up(return_state=True)
    print(state.type.value)
    try:
        resume_flow_run(ended[0])
    except NotPausedError as error:
        print(type(error).__name__)
    receives()
    asyncio.run(receives_async())
    asyncio.run(calls())
    by_keys()
    try:
        pause_flow_run()
    except RuntimeError:
        print("RuntimeError")
    print(isinstance(FlowPauseTimeout("x"), Exception))
