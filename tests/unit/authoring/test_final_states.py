"""How runs end, by what their functions return or raise, and what their callers get."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from support.record import history, only_flow_run, only_task_run, task_runs

from penstock import flow, task
from penstock.exceptions import CancelledRun, CrashedRun, FailedRun, MissingResult, PausedRun
from penstock.states import Cancelled, Completed, Crashed, Failed, Paused, Pending, Running, State


@task
def one() -> int:
    return 1


@task
def boom() -> None:
    raise ValueError("boom")


def failed_with(error: BaseException) -> State[Any]:
    return Failed(data=error)


# What a flow returns; the type, name and message of its state; what calling it gives.
RETURNED: list[tuple[Callable[[], Any], tuple[str, str, str | None], Any]] = [
    (lambda: None, ("COMPLETED", "Completed", None), None),
    (lambda: 0, ("COMPLETED", "Completed", None), 0),
    (list, ("COMPLETED", "Completed", None), []),
    (lambda: {"a": [1, {2}]}, ("COMPLETED", "Completed", None), {"a": [1, {2}]}),
    (lambda: (n for n in range(3)), ("COMPLETED", "Completed", None), [0, 1, 2]),
    (one.submit, ("COMPLETED", "Completed", "All states completed."), 1),
    (lambda: one(return_state=True), ("COMPLETED", "Completed", "All states completed."), 1),
    (lambda: Completed(data=5, message="m"), ("COMPLETED", "Completed", "m"), 5),
    (lambda: Completed(name="Skipped"), ("COMPLETED", "Skipped", None), None),
    (lambda: Completed(data=Completed(data=6)), ("COMPLETED", "Completed", None), 6),
]
# What a flow returns or raises; its state; the error that calling it raises.
UNSUCCESSFUL: list[tuple[Callable[[], Any], tuple[str, str, str | None], BaseException]] = [
    (lambda: 1 / 0, ("FAILED", "Failed", "Run failed with an exception: ZeroDivisionError: division by zero"),
     ZeroDivisionError("division by zero")),
    (boom, ("FAILED", "Failed", "Run failed with an exception: ValueError: boom"), ValueError("boom")),
    (boom.submit, ("FAILED", "Failed", "1/1 states failed."), ValueError("boom")),
    (lambda: boom(return_state=True), ("FAILED", "Failed", "1/1 states failed."), ValueError("boom")),
    (lambda: [one.submit(), boom.submit()], ("FAILED", "Failed", "1/2 states failed."), ValueError("boom")),
    (lambda: {boom.submit()}, ("FAILED", "Failed", "1/1 states failed."), ValueError("boom")),
    (lambda: (one(return_state=True), boom(return_state=True), boom.submit()),
     ("FAILED", "Failed", "2/3 states failed."), ValueError("boom")),
    (lambda: Failed(message="so"), ("FAILED", "Failed", "so"), FailedRun("so")),
    (Failed, ("FAILED", "Failed", None), FailedRun("The run ended in state 'Failed'.")),
    (lambda: Failed(data="text"), ("FAILED", "Failed", None), FailedRun("text")),
    (lambda: failed_with(KeyError("k")), ("FAILED", "Failed", None), KeyError("k")),
    (lambda: Crashed(message="gone"), ("CRASHED", "Crashed", "gone"), CrashedRun("gone")),
    (lambda: Cancelled(message="off"), ("CANCELLED", "Cancelled", "off"), CancelledRun("off")),
    (lambda: [Completed(), Cancelled(), Failed()], ("CANCELLED", "Cancelled", "1/3 states cancelled."), CancelledRun()),
    (lambda: [Completed(), Paused(message="p")], ("PAUSED", "Paused", "1/2 states paused."), PausedRun("p")),
    (lambda: [Completed(), Running()], ("FAILED", "Failed", "1/2 states are not final."), FailedRun()),
    (lambda: Paused(message="later"), ("PAUSED", "Paused", "later"), PausedRun("later")),
    (Running, ("FAILED", "Failed", "The flow returned a state that is not final: Running()."), FailedRun()),
    (Pending, ("FAILED", "Failed", "The flow returned a state that is not final: Pending()."), FailedRun()),
]  # fmt: skip


def described(state: State[Any]) -> tuple[str, str, str | None]:
    return state.type.value, state.name, state.message


@pytest.mark.parametrize(("function", "expected", "value"), RETURNED)
def test_flows_that_complete(function: Callable[[], Any], expected: tuple[str, str, str | None], value: Any) -> None:
    """A value, a generator, a state made by hand, and futures and states of runs that completed."""
    made = flow(name="f")(function)
    state = made(return_state=True)
    assert described(state) == expected
    assert (state.result(), made()) == (value, value)


@pytest.mark.parametrize(("function", "expected", "error"), UNSUCCESSFUL)
@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_flows_that_do_not_complete(
    flavour: str, function: Callable[[], Any], expected: tuple[str, str, str | None], error: BaseException
) -> None:
    """What is raised, states that say so, and failures among futures and states; the caller gets the exception."""

    async def later() -> Any:
        return function()

    if flavour == "sync":
        made = flow(name="f")(function)
        state, call = made(return_state=True), made
    else:
        made = flow(name="f")(later)
        state, call = asyncio.run(made(return_state=True)), lambda: asyncio.run(made())
    assert described(state) == expected
    with pytest.raises(type(error)) as raised:
        call()
    assert str(raised.value) == str(error) or not error.args
    if not state.is_paused():
        assert type(state.result(raise_on_failure=False)) is type(error)


def test_collections_of_futures_become_their_states() -> None:
    """A flow that returns a collection with futures gives the same collection with their states."""

    @flow
    def mixed() -> Any:
        return {"a": one.submit(), "b": [one.submit(), 5], "c": boom.submit()}

    got = mixed()
    assert got["a"].result() == got["b"][0].result() == 1
    assert got["b"][1] == 5
    assert got["c"].is_failed()

    @flow
    def several() -> Any:
        return one.submit(), one.submit()

    states = several()
    assert isinstance(states, tuple)
    assert [state.result() for state in states] == [1, 1]
    state = several(return_state=True)
    assert state.result() is state.data


def test_an_exception_that_is_returned_is_a_value() -> None:
    """Returning an exception is no failure."""
    error = ValueError("a value")
    made = flow(name="f")(lambda: error)
    assert made() is error
    assert made(return_state=True).result() is error


@pytest.mark.parametrize(("function", "expected", "value"), [one for one in RETURNED if "Skipped" not in one[1]])
def test_tasks_that_complete(function: Callable[[], Any], expected: tuple[str, str, str | None], value: Any) -> None:
    """The same for tasks, called and submitted."""
    made = task(name="t")(function)
    assert described(made(return_state=True)) == expected
    assert made() == value

    @flow
    def submits() -> Any:
        future = made.submit()
        return [future.result()], made.submit(return_state=True).name

    assert submits() == ([value], expected[1])


@pytest.mark.parametrize(
    ("function", "expected", "error"),
    [one for one in UNSUCCESSFUL if one[1][0] != "PAUSED" and "flow" not in str(one[1])],
)
def test_tasks_that_do_not_complete(
    function: Callable[[], Any], expected: tuple[str, str, str | None], error: BaseException
) -> None:
    """The same for tasks that fail; the caller of the task gets the exception."""
    made = task(name="t")(function)
    assert described(made(return_state=True)) == expected
    with pytest.raises(type(error)):
        made()


@pytest.mark.parametrize("maker", [Running, Pending, Paused])
def test_a_task_that_returns_a_state_that_is_not_final(maker: Callable[..., State[Any]]) -> None:
    """A task can't end in a state that ends nothing: it fails, and says why."""
    state = task(name="t")(maker)(return_state=True)
    assert described(state) == ("FAILED", "Failed", f"The task returned a state that is not final: {maker()}.")


def test_states_say_which_run_they_are_of() -> None:
    """`return_state` gives a state that knows its run."""
    state = task(name="t")(lambda: 1)(return_state=True)
    assert state.state_details.task_run_id == only_task_run().id
    flow_state = flow(name="f")(lambda: 1)(return_state=True)
    assert flow_state.state_details.flow_run_id == only_flow_run().id


def test_the_very_object_is_returned() -> None:
    """A result is not copied on its way through a task and a flow."""
    thing = object()
    made = task(name="t")(lambda: thing)
    assert made() is thing
    assert flow(name="f")(made.__call__)() is thing
    assert flow(name="f")(lambda: made.submit().result())() is thing


def test_a_task_that_returns_itself() -> None:
    """A task, a flow and a run's own state are results like any other."""

    @task
    def itself() -> Any:
        return itself

    @flow
    def flow_itself() -> Any:
        return flow_itself

    assert itself() is itself
    assert itself.submit().result() is itself
    assert flow_itself() is flow_itself


def test_a_result_that_was_not_kept_says_so() -> None:
    """A state read from the record has no value, and says how to have one."""
    flow(name="f")(lambda: 5)()
    state: State[Any] = only_flow_run().state.to_state()
    with pytest.raises(
        MissingResult, match="neither kept in this process nor persisted. Give the flow or task persist_resul"
    ):
        state.result()
    assert history(only_flow_run()) == "Pending Running Completed"


def test_unserious_names_and_messages_of_states_are_recorded() -> None:
    """A state that a user made, with a name and message that can't be stored as they are, loses nothing else."""
    odd = flow(name="odd")(lambda: Completed(name="\0" + "x" * 10_000, message="\0" + "m" * 50_000))
    assert odd(return_state=True).is_completed()
    run = only_flow_run()
    assert run.state.type.value == "COMPLETED"
    assert len(run.state.name) <= 500
    task(name="t")(odd.fn)()
    assert only_task_run().state.type.value == "COMPLETED"


class Unshowable:
    """What raises when it is to be shown."""

    def __str__(self) -> str:
        raise RuntimeError("no")


class Word(str):
    """A text that is not quite one."""

    __slots__ = ()

    def __str__(self) -> str:
        return "other"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (ValueError("x"), "x"),
        (5, "5"),
        (Word("word"), "word"),
        (Unshowable(), "<a Unshowable that can't be shown: __str__ raised RuntimeError>"),
    ],
)
def test_names_and_messages_that_are_no_texts_become_texts(given: Any, kept: str) -> None:
    """`Failed(message=error)` ends the run as Failed, with the error's text; so do flows, names and submitted tasks."""

    def function() -> State[Any]:
        return Failed(name=given, message=given)

    made = task(name="t")(function)
    assert described(made(return_state=True)) == ("FAILED", kept, kept)
    assert described(flow(name="f")(function)(return_state=True)) == ("FAILED", kept, kept)
    submitted: list[State[Any]] = []
    flow(name="g")(lambda: submitted.append(made.submit(return_state=True)))()
    assert described(submitted[0]) == ("FAILED", kept, kept)
    assert {run.state.name for run in task_runs()} == {kept}


def test_a_state_that_can_t_be_recorded_fails_its_run() -> None:
    """A run whose state a user spoilt ends as Failed all the same, and is recorded so."""

    @task
    def spoils() -> State[Any]:
        state: Any = Failed()
        state.message = 5
        return state  # type: ignore[no-any-return]

    assert spoils(return_state=True).is_failed()
    assert history(only_task_run()) == "Pending Running Failed"
