"""Calling flows and tasks: here and in the background, sync and async, within one another, in threads and loops."""

from __future__ import annotations

import asyncio
import inspect
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import Any

import pytest
from support.record import flow_runs, history, only_flow_run, task_runs

from penstock import flow, runtime, settings, task
from penstock.context import FlowRunContext
from penstock.exceptions import ParameterBindError, RecursionTooDeep, UpstreamTaskError
from penstock.states import Completed, State
from penstock.task_runners import ThreadPoolTaskRunner

PATIENCE_SECONDS = 30


@task
def add(x: int, y: int = 1) -> int:
    return x + y


@task
async def aadd(x: int, y: int = 1) -> int:
    await asyncio.sleep(0)
    return x + y


@task
def boom() -> None:
    raise ValueError("boom")


@flow
def plus(x: int, y: int = 1) -> int:
    return add(x, y)


@flow
async def aplus(x: int, y: int = 1) -> int:
    return await aadd(x, y)


def test_the_ways_to_call() -> None:
    """A call gives the value, `return_state` the state, `.fn` the bare function's value, without a run."""
    assert plus(1) == plus(1, 1) == plus(x=1) == plus(1, y=1) == 2
    assert add(1) == 2
    for call in (plus, add):
        state = call(1, return_state=True)
        assert isinstance(state, State)
        assert (state.name, state.result()) == ("Completed", 2)
    before = len(task_runs())
    assert add.fn(1) == 2
    assert len(task_runs()) == before


def test_async_calls_give_awaitables() -> None:
    """An async flow or task gives a coroutine; nothing runs before it is awaited."""
    coroutine = aplus(1)
    assert inspect.iscoroutine(coroutine)
    assert flow_runs() == []
    assert asyncio.run(coroutine) == 2
    assert asyncio.run(aadd(2)) == 3
    assert asyncio.run(aplus(1, return_state=True)).name == "Completed"
    assert asyncio.run(aadd(1, return_state=True)).name == "Completed"
    with pytest.raises(ParameterBindError):
        aplus()


def test_submitting() -> None:
    """`submit` gives a future at once, `return_state` waits; async tasks are submitted alike."""

    @flow
    def submits() -> Any:
        return (
            add.submit(1, y=2).result(),
            aadd.submit(1).result(),
            add.submit(3, return_state=True).result(),
            boom.submit(return_state=True).name,
        )

    assert submits() == (3, 2, 4, "Failed")


def test_async_flows_call_everything() -> None:
    """Sync tasks and flows within async ones, async ones gathered, submitted tasks waited for without blocking."""

    @flow
    async def calls() -> Any:
        future = aadd.submit(1)
        return (
            add(1),
            plus(2),
            await aadd(3),
            await aplus(4),
            await asyncio.gather(aadd(5), aplus(6), aadd(future)),
            future.result(),
            (await aplus(7, return_state=True)).name,
        )

    assert asyncio.run(calls()) == (2, 3, 4, 5, [6, 7, 3], 2, "Completed")
    assert {history(run) for run in flow_runs()} == {"Pending Running Completed"}


def test_an_event_loop_is_not_blocked_by_a_task_that_waits_for_a_future() -> None:
    """While an async task waits for a submitted one, other coroutines of the loop go on."""
    gate = threading.Event()

    @task
    def held() -> int:
        gate.wait(PATIENCE_SECONDS)
        return 1

    @flow
    async def calls() -> int:
        async def opens() -> None:
            gate.set()

        value, _ = await asyncio.gather(aadd(held.submit()), opens())
        return value

    assert asyncio.run(calls()) == 2


def test_sync_flows_within_a_running_loop() -> None:
    """A sync flow, its submitted and async tasks, and its sync hooks work from within a coroutine."""

    @flow
    def inner() -> Any:
        return add(1), add.submit(2).result(), aadd.submit(3).result()

    async def program() -> Any:
        return inner()

    assert asyncio.run(program()) == (2, 3, 4)


def test_flows_wait_for_what_they_are_given() -> None:
    """Futures and states among a flow's arguments and in `wait_for` come first; a failed one means NotReady."""

    @flow
    def takes(x: Any, several: list[Any] | None = None) -> Any:
        return x, several

    @flow
    def around() -> Any:
        one, state = add.submit(1), add(2, return_state=True)
        got = takes(one, [one, state]), takes(0, wait_for=[one])
        refused = takes(boom.submit(), return_state=True), takes(0, wait_for=boom.submit(), return_state=True)
        return got, refused[0].name, refused[1].name, refused[0].result(raise_on_failure=False)

    got, first, second, error = around()
    assert got == ((2, [2, 3]), (0, None))
    assert (first, second) == ("NotReady", "NotReady")
    assert isinstance(error, UpstreamTaskError)
    names = [history(run) for run in flow_runs()]
    assert names == ["Pending Running Completed"] * 3 + ["Pending Running NotReady"] * 2


def test_subflows_have_their_own_task_runner() -> None:
    """A subflow submits to its own runner, also where it is called by a submitted task."""

    def runner() -> Any:
        context = FlowRunContext.get()
        assert context is not None
        add.submit(1).wait()
        return context.task_runner

    inner = flow(name="inner", task_runner=ThreadPoolTaskRunner(max_workers=1))(runner)

    @flow
    def outer() -> Any:
        mine = runner()
        in_task = task(name="t")(inner).submit().result()
        return mine is not inner(), in_task is not mine, in_task.max_workers

    assert outer() == (True, True, 1)


def test_threads_of_the_program() -> None:
    """Flows in many threads at once do not meet; a thread without a flow's context runs tasks of no flow."""
    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(plus, range(24))) == list(range(1, 25))
    assert len(flow_runs()) == 24
    flow_ids = [run.flow_run_id for run in task_runs()]
    assert len(set(flow_ids)) == 24
    assert None not in flow_ids

    @flow
    def with_threads() -> Any:
        seen: list[Any] = []

        def look() -> None:
            seen.append((runtime.flow_run.name, add.submit(1).result()))

        context = copy_context()
        for run in (look, lambda: context.run(look)):
            thread = threading.Thread(target=run)
            thread.start()
            thread.join(PATIENCE_SECONDS)
        return seen, runtime.flow_run.name

    seen, name = with_threads()
    assert seen == [(None, 2), (name, 2)]


def test_one_runner_for_all_threads_of_a_flow() -> None:
    """Threads that submit for the first time at once share the flow's runner, and the flow waits for all."""
    done: list[int] = []
    made: list[int] = []
    meeting = threading.Barrier(2)

    class Counted(ThreadPoolTaskRunner):
        def duplicate(self) -> Counted:
            made.append(1)
            with suppress(threading.BrokenBarrierError):
                meeting.wait(0.2)
            return super().duplicate()

    @task
    def notes(n: int) -> None:
        done.append(n)

    @flow(task_runner=Counted())
    def submits() -> None:
        start = threading.Barrier(8)

        def submit(n: int) -> None:
            start.wait(PATIENCE_SECONDS)
            notes.submit(n)

        threads = [threading.Thread(target=copy_context().run, args=(submit, n)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)

    submits()
    assert sorted(done) == list(range(8))
    assert len(made) == 1


def test_depth_is_bounded_by_the_setting() -> None:
    """Flows and tasks within one another count together; the bound can be moved."""

    @task
    def t(depth: int) -> int:
        return f(depth + 1)

    @flow
    def f(depth: int) -> int:
        return depth if depth >= 9 else t(depth + 1)

    with settings.temporary_settings({"flows.max_depth": 10}):
        assert f(1) == 9
    with settings.temporary_settings({"flows.max_depth": 8}):
        state = f(1, return_state=True)
    error = state.result(raise_on_failure=False)
    assert isinstance(error, RecursionTooDeep)
    assert isinstance(error, RecursionError)
    assert str(error).startswith("Flow 'f' was called 9 runs deep; flows and tasks may lie within one another 8 deep ")


def test_cancelled_coroutines() -> None:
    """A coroutine that is cancelled crashes its runs, with the reason, and the cancellation goes on."""

    @task
    async def waits() -> None:
        begun.set()
        await asyncio.Event().wait()

    @flow
    async def around() -> None:
        await waits()

    begun = asyncio.Event()

    async def program() -> None:
        running = asyncio.create_task(around())
        await begun.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(program())
    why = "Execution was cancelled by the async program around the run."
    assert [(run.state.name, run.state.message) for run in [only_flow_run(), *task_runs()]] == [("Crashed", why)] * 2


def test_results_of_a_flow_are_its_own_objects() -> None:
    """Mutable arguments are given to a flow as they are where they fit, so that programs can share them."""
    shared: list[int] = []

    @flow(validate_parameters=False)
    def appends(into: list[int]) -> None:
        into.append(1)

    @task
    def also(into: list[int]) -> None:
        into.append(2)

    appends(shared)
    also(shared)
    also.submit(shared).wait()
    assert shared == [1, 2, 2]


def test_a_call_that_does_not_fit_makes_no_run() -> None:
    """Arguments are bound before anything is recorded."""
    for call in (add, plus, add.submit, lambda **more: add.map([1], **more)):
        with pytest.raises(ParameterBindError, match="'z' is not a parameter"):
            call(**({"z": 1} if call is not add else {"x": 1, "z": 1}))
    assert flow_runs() == task_runs() == []


def test_states_as_results_of_calls_within() -> None:
    """A state given on by a task is unpacked once more by the next."""
    state = add(1, return_state=True)
    assert add(state) == 3
    assert add(Completed(data=state)) == 3


def test_parameters_may_have_any_name_but_ours() -> None:
    """Names that we use ourselves, `self` among them, are a function's to use, by position and by name."""
    names = ("self", "task", "flow", "fn", "args", "kwargs", "parameters", "name", "call", "runner", "future", "first")
    functions: dict[str, Any] = {}
    exec(f"def f({', '.join(names)}): return [{', '.join(names)}]", functions)
    given = {name: [number] for number, name in enumerate(names)}
    expected = list(given.values())
    one, around = task(functions["f"]), flow(functions["f"])
    assert one(**given) == around(**given) == one(*expected) == expected
    assert one.submit(**given).result() == one.submit(*expected).result() == expected
    assert one.map(**given).result() == [list(range(len(names)))]
