"""Suspending: the run lets go of its process, and goes on from what it has finished once it is resumed."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from support import record

from penstock import flow, resume_flow_run, suspend_flow_run, task
from penstock.engine.flow_engine import run_flow
from penstock.exceptions import MissingContextError, ObjectNotFound, PausedRun, PauseError
from penstock.flow_runs import asuspend_flow_run
from penstock.transactions import transaction
from penstock.wire.flow_runs import FlowRun


def test_a_suspended_run_goes_on_in_another_process(tmp_path: Path) -> None:
    """What is finished is not done again; the answer is there at once, and later pauses wait for theirs."""

    @task
    def costly(number: int) -> int:
        with (tmp_path / "calls").open("a") as file:
            file.write(f"{number} ")
        return 2 * number

    @flow(persist_result=True)
    def in_three_parts(number: int) -> int:
        first = costly(number)
        more = suspend_flow_run(wait_for_input=int)
        second = costly(first + more)
        suspend_flow_run()
        return costly(second)

    with pytest.raises(PausedRun):
        in_three_parts(1)
    run = record.only_flow_run()
    assert (record.history(run), run.lease) == ("Pending Running Suspended", None)
    resume_flow_run(run.id, {"value": 10})
    assert record.only_flow_run().state.name == "Resuming"
    assert run_flow(in_three_parts, {"number": 1}, return_state=True, flow_run_id=run.id).is_paused()
    resume_flow_run(run.id)
    assert run_flow(in_three_parts, {"number": 1}, flow_run_id=run.id) == 48
    assert (tmp_path / "calls").read_text().split() == ["1", "12", "24"]
    assert record.only_flow_run().attempt == 3


def test_what_was_submitted_is_waited_for() -> None:
    """A task that has begun is finished, and on record, before the run is suspended; one that has not, never begins."""
    begun = threading.Event()

    @task
    def goes_on() -> str:
        begun.set()
        return "done"

    @flow
    async def submits() -> None:
        goes_on.submit()
        begun.wait()
        await asuspend_flow_run()

    import asyncio

    state = asyncio.run(submits(return_state=True))
    assert state.name == "Suspended"
    assert record.only_task_run().state.name == "Completed"
    assert any("The results of tasks are not persisted" in line for line in record.messages())


def test_what_can_not_be_suspended_by_itself() -> None:
    """A task, a flow within another, and one in the midst of a transaction say what to do instead."""

    @task
    def in_task() -> None:
        suspend_flow_run()

    @flow
    def inner() -> None:
        suspend_flow_run()

    @flow
    def outer() -> None:
        with pytest.raises(PauseError, match="A task run can't be suspended"):
            in_task()
        with pytest.raises(PauseError, match="Suspend that one; or pause this one"):
            inner()
        with transaction(), pytest.raises(PauseError, match="Suspend it outside of that"):
            suspend_flow_run()

    outer()
    with pytest.raises(MissingContextError, match="could be suspended"):
        suspend_flow_run()


def test_a_run_is_suspended_by_another() -> None:
    """One that has ended, or is not there, is not."""
    ended: list[FlowRun] = []

    @flow
    def ends() -> None: ...

    ends()
    ended = record.flow_runs()
    with pytest.raises(PauseError, match="has ended as Completed, which is final"):
        suspend_flow_run(flow_run_id=ended[0].id)
    with pytest.raises(ObjectNotFound):
        suspend_flow_run(flow_run_id=ended[0].flow_id)
