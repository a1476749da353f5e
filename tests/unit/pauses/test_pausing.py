"""Pausing in the process: the run waits until it is resumed, with what it waits for, or until its time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel
from support import record
from support.pauses import paused_runs, resuming

from penstock import flow, pause_flow_run, resume_flow_run, task
from penstock.client.transport import call
from penstock.exceptions import FlowPauseTimeout, InvalidRequest, MissingContextError, NotPausedError, PauseError
from penstock.flow_runs import apause_flow_run, aresume_flow_run, wait_for_flow_run
from penstock.input import RunInput
from penstock.reporting.recorder import Recorder, use_recorder
from penstock.settings.active import temporary_settings
from penstock.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner
from penstock.wire.flow_runs import Decision
from penstock.wire.operations import FLOW_RUNS_READ, FLOW_RUNS_RESUME
from penstock.wire.requests import ById, ResumeFlowRun


class Approval(RunInput):
    approved: bool
    note: str = "none"


class Plain(BaseModel):
    numbers: list[int]


def test_a_paused_run_goes_on_once_it_is_resumed() -> None:
    """It waits in its process, and keeps its lease; its code sees the states."""
    seen = []

    @flow
    def waits() -> str:
        run = record.only_flow_run()
        pause_flow_run()
        seen.append((run.attempt, record.only_flow_run().state.name))
        return "went on"

    with resuming(None):
        assert waits() == "went on"
    assert seen == [(1, "Running")]
    run = record.only_flow_run()
    assert record.history(run) == "Pending Running Paused Running Completed"
    assert run.states[3].message == "Resumed by local administrator."


def test_async_flows_pause() -> None:
    """By the same name where that is awaited, and by that of the coroutine."""

    @flow
    async def waits() -> int:
        await pause_flow_run()
        first: int = await apause_flow_run(wait_for_input=int)
        return first

    with resuming(None, {"value": 7}):
        assert asyncio.run(waits()) == 7


@pytest.mark.parametrize(
    ("wanted", "given", "got"),
    [
        (Approval, {"approved": True}, Approval(approved=True)),
        (
            Approval.with_initial_data("**Well?**", note="so so"),
            {"approved": False},
            {"approved": False, "note": "so so"},
        ),
        (Plain, {"numbers": [1, 2]}, {"numbers": [1, 2]}),
        (dict[str, int], {"value": {"a": 1}}, {"a": 1}),
        (int | None, {"value": None}, None),
        (str, {"value": "x"}, "x"),
    ],
)
def test_what_is_given_is_what_was_asked_for(wanted: Any, given: dict[str, Any], got: Any) -> None:
    """A model becomes an instance of it, any other type its value."""

    @flow
    def waits() -> Any:
        answer = pause_flow_run(wait_for_input=wanted)
        assert not isinstance(wanted, type) or isinstance(answer, wanted)
        return answer.model_dump() if isinstance(answer, BaseModel) else answer

    with resuming(given):
        assert waits() == (got.model_dump() if isinstance(got, BaseModel) else got)


def test_the_record_shows_what_is_asked_for() -> None:
    """A form can be made of it; what does not fit is refused, and the run waits on."""

    @flow
    def waits() -> Approval:
        return pause_flow_run(wait_for_input=Approval.with_initial_data("**Well?**", note="so so"), timeout=90)

    def answer(flow_run_id: UUID) -> None:
        pause = call(FLOW_RUNS_READ, ById(flow_run_id)).pause
        assert pause is not None
        assert pause.expires is not None
        assert (pause.expires - pause.opened).total_seconds() == 90
        assert (pause.key, pause.description) == ("1", "**Well?**")
        assert pause.input_schema is not None
        assert pause.input_schema["required"] == ["approved"]
        assert pause.input_schema["properties"]["note"]["default"] == "so so"
        with pytest.raises(InvalidRequest, match="'approved'.* is missing"):
            resume_flow_run(flow_run_id, {})
        asyncio.run(aresume_flow_run(flow_run_id, {"approved": True}))

    with resuming(then=answer):
        got = waits()
    assert got.metadata.sender == "local administrator"
    assert got.metadata.receiver == record.only_flow_run().id


def test_time_that_is_over_fails_the_run() -> None:
    """Not caught, the error ends it; caught, the run goes on, and is seen to."""

    @flow
    def gives_up() -> None:
        pause_flow_run(timeout=0.05)

    @flow
    def goes_on() -> str:
        try:
            pause_flow_run(timeout=0.05)
        except FlowPauseTimeout:
            return record.flow_runs(flow_names=["goes-on"])[0].state.name
        return "resumed"

    with pytest.raises(FlowPauseTimeout, match=r"Nobody resumed it within 0\.05 second"):
        gives_up()
    assert goes_on() == "Running"
    first, second = record.flow_runs()
    assert record.history(first) == "Pending Running Paused Running Failed"
    assert record.history(second) == "Pending Running Paused Running Completed"
    with pytest.raises(NotPausedError, match="is Failed: only what is paused"):
        resume_flow_run(first.id)


def test_a_retried_flow_asks_anew() -> None:
    """What it was told the first time may be why it failed."""
    answers = []

    @flow(retries=1)
    def picky() -> None:
        answers.append(pause_flow_run(wait_for_input=int))
        if answers[-1] < 5:
            raise ValueError("too little")

    with resuming({"value": 1}, {"value": 9}):
        picky()
    assert answers == [1, 9]


def test_a_pause_is_gone_through_once_under_one_key() -> None:
    """The second time it has its answer already."""

    @flow
    def twice() -> list[int]:
        return [pause_flow_run(wait_for_input=int, key="once") for _ in range(2)]

    with resuming({"value": 3}):
        assert twice() == [3, 3]


def test_coroutines_of_one_flow_pause_at_the_same_time() -> None:
    """Each goes on with its own answer."""

    @flow
    async def both() -> list[Any]:
        return await asyncio.gather(
            apause_flow_run(wait_for_input=int, key="number"), apause_flow_run(wait_for_input=str, key="text")
        )

    def answer(flow_run_id: UUID) -> None:
        asked, seen = {"number": {"value": 1}, "text": {"value": "x"}}, set()
        for _ in paused_runs():
            pause = call(FLOW_RUNS_READ, ById(flow_run_id)).pause
            if pause is not None:
                # Which one is meant is said: the other one may pause meanwhile.
                request = ResumeFlowRun(flow_run_id, input=asked[pause.key], pause_key=pause.key)
                assert call(FLOW_RUNS_RESUME, request).decision is Decision.ACCEPT
                seen.add(pause.key)
            if len(seen) == len(asked):
                return

    with resuming(then=answer):
        assert asyncio.run(both()) == [1, "x"]


def test_a_paused_run_takes_no_place_of_a_task() -> None:
    """A flow that a task calls pauses while another task runs, where there is room for one."""

    @flow
    def inner() -> str:
        pause_flow_run()
        return "resumed"

    @task
    def calls() -> str:
        return inner()

    @task
    def resumes() -> None:
        resume_flow_run(next(paused_runs()))

    @flow(task_runner=ThreadPoolTaskRunner(max_workers=1))
    def outer() -> str:
        first, second = calls.submit(), resumes.submit()
        second.wait()
        return first.result()

    assert outer() == "resumed"


def test_a_task_pauses_its_flow() -> None:
    """It waits, and goes on with the answer; so does each of several, under a key of its own."""

    @task
    def asks(name: str) -> str:
        return f"{name} {pause_flow_run(wait_for_input=str, key=name)}"

    @flow
    def calls() -> list[str]:
        return [asks("a"), *asks.map(["b", "c"]).result()]

    with resuming({"value": "x"}, {"value": "x"}, {"value": "x"}):
        assert calls() == ["a x", "b x", "c x"]


def test_where_nothing_can_pause() -> None:
    """No flow at all, a task in a process of its own, and a run that is not recorded, say so."""

    @task
    def in_task() -> None:
        pause_flow_run()

    @flow(task_runner=ProcessPoolTaskRunner(max_workers=1))
    def in_flow() -> None:
        in_task.submit().result()

    @flow
    def alone() -> None:
        pause_flow_run()

    with pytest.raises(PauseError, match="This process does not hold flow run"):
        in_flow()
    with pytest.raises(MissingContextError, match="No flow run is running here"):
        pause_flow_run()

    class NoSchema(RunInput):
        other: Callable[[], int]

    @flow
    def asks() -> None:
        pause_flow_run(wait_for_input=NoSchema)

    with pytest.raises(PauseError, match="NoSchema can't be asked for"):
        asks()
    with temporary_settings({"recording.enabled": False}):
        replaced = use_recorder(Recorder())
        try:
            with pytest.raises(PauseError, match="is not recorded, so nobody could resume it"):
                alone()
        finally:
            use_recorder(replaced)


def test_waiting_for_the_end_of_a_run() -> None:
    """It is returned as it has ended; until then, whoever waits is told when the time is over."""

    @flow
    def ends() -> None: ...

    ends()
    assert wait_for_flow_run(record.only_flow_run().id).state.name == "Completed"
