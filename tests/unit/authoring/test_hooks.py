"""Hooks: when they are called, with what, in which order, and what a broken one changes (nothing)."""

from __future__ import annotations

import asyncio
import functools
from typing import Any

import pytest
from support.log_lines import captured
from support.record import messages, only_flow_run

from penstock import flow, get_run_logger, runtime, task
from penstock.context import get_run_context
from penstock.states import Cancelled, Crashed, Failed, State


class Notes:
    """Hooks that note what they are called with."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def hook(self, word: str = "") -> Any:
        def noting(of: Any, run: Any, state: State[Any]) -> None:
            self.seen.append(f"{word}{of.name} {state.name}")

        return noting


@pytest.fixture
def notes() -> Notes:
    return Notes()


def all_hooks(notes: Notes, *options: str) -> dict[str, Any]:
    return {option: [notes.hook(f"{option}: ")] for option in options}


OF_TASKS = ("on_running", "on_completion", "on_failure")
OF_FLOWS = (*OF_TASKS, "on_cancellation", "on_crashed")


@pytest.mark.parametrize(
    ("ending", "called"),
    [
        (lambda: 1, ["on_running: f Running", "on_completion: f Completed"]),
        (lambda: 1 / 0, ["on_running: f Running", "on_failure: f Failed"]),
        (lambda: Failed(name="Odd"), ["on_running: f Running", "on_failure: f Odd"]),
        (Cancelled, ["on_running: f Running", "on_cancellation: f Cancelled"]),
        (Crashed, ["on_running: f Running", "on_crashed: f Crashed"]),
    ],
)
def test_which_hooks_of_a_flow_are_called(notes: Notes, ending: Any, called: list[str]) -> None:
    """The hooks of the state that a flow run ends in are called, and no others."""
    flow(name="f", **all_hooks(notes, *OF_FLOWS))(ending)(return_state=True)
    assert notes.seen == called


def test_a_crashed_flow_calls_its_hooks(notes: Notes) -> None:
    """Ctrl-C in a flow calls `on_crashed`, and goes on its way."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flow(name="f", **all_hooks(notes, *OF_FLOWS))(interrupted)()
    assert notes.seen == ["on_running: f Running", "on_crashed: f Crashed"]


@pytest.mark.parametrize(
    ("ending", "called"),
    [
        (lambda: 1, ["on_running: t Running", "on_completion: t Completed"]),
        (lambda: 1 / 0, ["on_running: t Running", "on_failure: t Failed"]),
        (Cancelled, ["on_running: t Running"]),
    ],
)
@pytest.mark.parametrize("way", ["called", "submitted"])
def test_which_hooks_of_a_task_are_called(notes: Notes, way: str, ending: Any, called: list[str]) -> None:
    """The same for tasks, called or submitted."""
    one = task(name="t", **all_hooks(notes, *OF_TASKS))(ending)
    if way == "called":
        one(return_state=True)
    else:
        flow(lambda: one.submit(return_state=True), name="around")(return_state=True)
    assert notes.seen == called


def test_hooks_are_called_in_order_with_the_run(notes: Notes) -> None:
    """Hooks run in the order of the list and then of the decorators, with the definition, the run and its state."""
    got: list[Any] = []

    @flow(flow_run_name="named", on_completion=[notes.hook("1 "), functools.partial(lambda *given: got.extend(given))])
    def hooked() -> int:
        return 5

    hooked.on_completion(notes.hook("3 "))
    hooked()
    of, run, state = got
    assert of is hooked
    assert (run.name, run.flow_name, run.state_name, run.run_count) == ("named", "hooked", "Completed", 1)
    assert run.id == only_flow_run().id
    assert (run.start_time, run.end_time) == (only_flow_run().start_time, only_flow_run().end_time)
    assert state.result() == 5
    assert notes.seen == ["1 hooked Completed", "3 hooked Completed"]


def test_decorators_add_hooks_to_tasks(notes: Notes) -> None:
    """Each decorator returns the function, so that it can be called and added again."""

    @task
    def t(fails: bool) -> None:
        assert not fails

    hook = notes.hook()
    for add in (t.on_completion, t.on_failure, t.on_running):
        assert add(hook) is hook
    committed: list[Any] = []
    assert t.on_commit(committed.append) is not None
    assert t.on_rollback(print) is print
    t(False)
    t(True, return_state=True)
    assert notes.seen == ["t Running", "t Completed", "t Running", "t Failed"]
    assert len(committed) == 1


def test_async_hooks_are_awaited() -> None:
    """Async hooks are run to their end for sync runs, async runs, and sync runs within an event loop."""
    seen: list[str] = []

    async def later(of: Any, run: Any, state: State[Any]) -> None:
        await asyncio.sleep(0)
        seen.append(of.name)

    async def nothing() -> None: ...

    @flow(on_completion=[later])
    async def around() -> None:
        task(name="sync within async", on_completion=[later])(lambda: 1)()
        await task(name="async", on_completion=[later])(nothing)()

    task(name="sync", on_completion=[later])(lambda: 1)()
    asyncio.run(around())
    assert seen == ["sync", "sync within async", "async", "around"]


def broken(of: Any, run: Any, state: State[Any]) -> None:
    raise RuntimeError("broken")


async def async_broken(of: Any, run: Any, state: State[Any]) -> None:
    raise RuntimeError("broken")


@pytest.mark.parametrize("hook", [broken, async_broken])
@pytest.mark.parametrize("inside_loop", [False, True])
def test_a_broken_hook_is_logged_and_changes_nothing(notes: Notes, hook: Any, inside_loop: bool) -> None:
    """The run ends as it would have, the other hooks are called, and the record says what broke."""
    after = notes.hook()

    @task(on_running=[hook], on_completion=[hook, after])
    def t() -> int:
        return 1

    @flow(on_running=[hook, after], on_completion=[hook, after])
    def f() -> int:
        return t()

    async def inside() -> int:
        return f()

    with captured("penstock") as lines:
        assert (asyncio.run(inside()) if inside_loop else f()) == 1
    assert notes.seen == ["f Running", "t Completed", "f Completed"]
    name = hook.__name__
    said = [line for line in lines if line.startswith("ERROR")]
    assert said == [
        f"ERROR The hook '{name}' failed when the run entered '{state}'; the run goes on."
        for state in ("Running", "Running", "Completed", "Completed")
    ]
    assert sum("RuntimeError: broken" in message for message in messages()) == 4


def test_a_hook_may_log_and_knows_its_run() -> None:
    """Hooks run within the run: the run logger, `runtime` and the context are the run's."""
    seen: list[Any] = []

    def looks(of: Any, run: Any, state: State[Any]) -> None:
        get_run_logger().info("from the hook of %s", of.name)
        seen.append((runtime.flow_run.name, runtime.task_run.name, type(get_run_context()).__name__))

    task_hooked = task(task_run_name="tr", on_completion=[looks])(lambda: 1)
    flow(name="f", flow_run_name="fr", on_completion=[looks])(task_hooked.__call__)()
    assert seen == [("fr", "tr", "TaskRunContext"), ("fr", None, "FlowRunContext")]
    assert [one for one in messages() if one.startswith("from")] == ["from the hook of <lambda>", "from the hook of f"]


def test_an_interruption_in_a_hook_is_not_swallowed() -> None:
    """Ctrl-C while a hook runs interrupts the program."""

    def interrupts(of: Any, run: Any, state: State[Any]) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        flow(name="f", on_completion=[interrupts])(lambda: 1)()
    assert only_flow_run().state.name == "Completed"
