"""Names of runs, tags, and what a run knows of itself: `runtime`, `context`, `tags()`."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import pytest
from support.record import flow_runs, only_flow_run, only_task_run, task_runs

from penstock import flow, runtime, tags, task
from penstock.context import FlowRunContext, TagsContext, TaskRunContext, get_run_context
from penstock.exceptions import InvalidNameError, MissingContextError


@task
def number() -> int:
    return 7


def test_default_names() -> None:
    """A flow run is called by two words, a task run after its task and the end of its id."""

    @flow
    def named() -> str:
        number()
        return runtime.flow_run.name

    name, other = named(), named()
    assert name != other
    assert [len(one.split("-")) for one in (name, other)] == [2, 2]
    assert {run.name for run in flow_runs()} == {name, other}
    run = task_runs()[0]
    assert run.name == f"number-{run.id.hex[-3:]}"


def test_flow_run_names_from_templates() -> None:
    """A template is filled with what the function is given: defaults, and values fitted to their types."""

    @flow(flow_run_name="{who}-on-{day:%A}-{count:03d}")
    def templated(who: str, day: dt.date, count: int = 7) -> str:
        return runtime.flow_run.name

    assert templated("ada", "2024-02-29") == "ada-on-Thursday-007"
    assert only_flow_run().name == "ada-on-Thursday-007"
    recorded = only_flow_run().parameters
    assert {"who": "ada", "day": "2024-02-29", "count": 7}.items() <= recorded.items()


def test_names_from_futures() -> None:
    """A future among the arguments is named by its result, for flows and tasks."""

    @task(task_run_name="t-{x}")
    def t(x: int) -> str:
        return runtime.task_run.name

    @flow(flow_run_name="f-{x}")
    def inner(x: int) -> str:
        return runtime.flow_run.name

    @flow
    def outer() -> Any:
        return inner(number.submit()), t(number.submit()), t.submit(number.submit()).result()

    assert outer() == ("f-7", "t-7", "t-7")
    assert [run.parameters for run in flow_runs(name="f-7")] == [{"x": 7}]


def test_names_from_functions() -> None:
    """A function may take nothing, or `parameters`; it can ask `runtime`, and is called once a run."""
    calls: list[int] = []

    def by_runtime() -> str:
        calls.append(1)
        return f"{runtime.flow_run.flow_name}-{runtime.flow_run.parameters['x']}"

    def by_parameters(parameters: dict[str, Any]) -> str:
        return f"t{parameters['x']}"

    @task(task_run_name=by_parameters, retries=2)
    def t(x: int) -> str:
        return runtime.task_run.name

    @flow(flow_run_name=by_runtime, retries=1)
    def named(x: int) -> Any:
        if runtime.flow_run.run_count == 1:
            raise ValueError("again")
        return runtime.flow_run.name, t(x)

    assert named(3) == ("named-3", "t3")
    assert len(calls) == 1


def test_names_that_hold_anything() -> None:
    """A name is kept on one line and cut; one that comes out empty is the default."""
    named = task(task_run_name="{x}")(lambda x: runtime.task_run.name)
    assert named("two\nlines\0") == "two lines"
    assert named("🐙") == "🐙"
    assert len(named("x" * 10_000)) == 500
    assert named("").startswith("<lambda>-")


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{y}", "The run name template '{y}' asks for 'y', which is not a parameter. The parameters are: x."),
        ("{x.missing}", "could not be filled: AttributeError: 'int' object has no attribute 'missing'."),
        ("{x", "could not be filled: ValueError: expected '}' before end of string."),
        (lambda: 5, "The function '<lambda>', which names runs, returned a int. Let it return a string."),
        (lambda: 1 / 0, "The function '<lambda>', which names runs, failed: ZeroDivisionError: division by zero."),
    ],
)
def test_names_that_can_not_be_made(template: Any, words: str) -> None:
    """A template or function that does not fit: the error says so; a task run ends Failed with it."""
    with pytest.raises(InvalidNameError) as raised:
        task(name="t", task_run_name=template)(lambda x: x)(1)
    assert words in str(raised.value)
    assert only_task_run().state.name == "Failed"
    with pytest.raises(InvalidNameError) as raised:
        flow(name="f", flow_run_name=template)(lambda x: x)(1)
    assert words in str(raised.value)


def test_runtime_of_a_flow_run() -> None:
    """Every attribute of `runtime.flow_run` within a flow, and in a task of it."""

    def look() -> dict[str, Any]:
        return {name: getattr(runtime.flow_run, name) for name in dir(runtime.flow_run)}

    @flow(version="v1", retries=1)
    def looks(x: int) -> Any:
        if runtime.flow_run.run_count == 1:
            raise ValueError("again")
        return look(), task(look)()

    with tags("b", "a"):
        inside, in_task = looks(3)
    run = only_flow_run()
    assert inside == in_task
    assert inside == {
        "attempt": 1,
        "flow_name": "looks",
        "flow_version": "v1",
        "id": str(run.id),
        "name": run.name,
        "parameters": {"x": 3},
        "parent_flow_run_id": None,
        "parent_task_run_id": None,
        "root_flow_run_id": str(run.id),
        "run_count": 2,
        "scheduled_start_time": run.states[0].timestamp,
        "tags": ["a", "b"],
    }


def test_runtime_of_a_task_run() -> None:
    """Every attribute of `runtime.task_run` within a task; the innermost task counts."""

    @task(tags=["t"], retries=1)
    def inner(x: int, y: int = 2) -> dict[str, Any]:
        return {name: getattr(runtime.task_run, name) for name in dir(runtime.task_run)}

    @task
    def outer() -> Any:
        return inner(1), runtime.task_run.task_name

    seen, name = outer()
    run = next(run for run in task_runs() if run.task_name == "inner")
    assert name == "outer"
    assert seen == {
        "id": str(run.id),
        "name": run.name,
        "parameters": {"x": 1, "y": 2},
        "run_count": 1,
        "tags": ["t"],
        "task_name": "inner",
    }


def test_families_of_runs() -> None:
    """Subflows know their parent flow run, the task run that called them, and the root."""

    @flow
    def leaf() -> tuple[Any, ...]:
        return (
            runtime.flow_run.parent_flow_run_id,
            runtime.flow_run.parent_task_run_id,
            runtime.flow_run.root_flow_run_id,
        )

    @task
    def calls_leaf() -> Any:
        return leaf(), runtime.task_run.id

    @flow
    def middle() -> Any:
        return leaf(), calls_leaf(), runtime.flow_run.id

    @flow
    def root() -> Any:
        return middle(), runtime.flow_run.id

    ((leaf_seen, (in_task, task_id), middle_id), root_id) = root()
    assert leaf_seen == (middle_id, None, root_id)
    assert in_task == (middle_id, task_id, root_id)
    recorded = {str(run.id): run for run in flow_runs()}
    assert str(recorded[middle_id].parent_flow_run_id) == root_id
    assert [str(run.parent_task_run_id) for run in recorded.values() if run.parent_task_run_id] == [task_id]


def test_outside_of_runs_everything_is_empty() -> None:
    """`runtime` has its empty values; a misspelt attribute is named with those there are."""
    assert (runtime.flow_run.id, runtime.flow_run.parameters, runtime.flow_run.tags) == (None, {}, [])
    assert (runtime.flow_run.run_count, runtime.task_run.id, runtime.task_run.tags) == (0, None, [])
    with pytest.raises(AttributeError, match="^penstock.runtime.task_run has no attribute 'nme'; it has id, name, "):
        _ = runtime.task_run.nme
    with pytest.raises(
        AttributeError, match="^penstock.runtime.flow_run has no attribute 'nme'; it has attempt, flow_"
    ):
        _ = runtime.flow_run.nme


def test_values_for_unit_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment gives values where there is no run, of the attribute's type; within a run the run's count."""
    monkeypatch.setenv("PENSTOCK__RUNTIME__FLOW_RUN__NAME", "mocked")
    monkeypatch.setenv("PENSTOCK__RUNTIME__FLOW_RUN__RUN_COUNT", "3")
    monkeypatch.setenv("PENSTOCK__RUNTIME__TASK_RUN__TAGS", '["a"]')
    assert (runtime.flow_run.name, runtime.flow_run.run_count, runtime.task_run.tags) == ("mocked", 3, ["a"])
    assert flow(name="f", flow_run_name="real")(lambda: runtime.flow_run.name)() == "real"


def test_tags_nest_and_end() -> None:
    """`tags` holds for runs started within the block; tasks add their own; blocks nest, in threads and coroutines too."""

    @task(tags=["own"])
    def tagged() -> list[str]:
        return runtime.task_run.tags

    @task
    async def later() -> list[str]:
        return runtime.task_run.tags

    @flow
    def inner() -> list[str]:
        return runtime.flow_run.tags

    @flow
    def outer() -> Any:
        with tags("a", "b") as first, tags("b", "c") as second:
            got = tagged(), tagged.submit().result(), inner(), tagged.map([])[:], first, second
        return *got, tagged(), inner(), runtime.flow_run.tags, asyncio.run(later())

    with tags("outside"):
        got = outer()
    mine = ["a", "b", "c", "outside"]
    assert got[0] == got[1] == ["a", "b", "c", "outside", "own"]
    assert got[2] == mine
    assert (got[4], got[5]) == ({"a", "b", "outside"}, set(mine))
    assert got[6:] == (["outside", "own"], ["outside"], ["outside"], ["outside"])
    assert TagsContext.get().current_tags == frozenset()
    assert [run.tags for run in flow_runs()] == [["outside"], mine, ["outside"]]


def test_tags_of_submitted_tasks_are_those_of_the_submission() -> None:
    """A task that runs after the block still has the block's tags."""

    @task
    def tagged(x: Any = None) -> list[str]:
        return runtime.task_run.tags

    @flow
    def submits() -> list[str]:
        with tags("then"):
            future = tagged.submit(number.submit())
        return future.result()

    assert submits() == ["then"]


def test_tags_that_are_refused() -> None:
    """A tag is a word."""
    for tag in ("", "a\nb", 5, None):
        with pytest.raises(InvalidNameError, match="can't be the name of a tag"), tags(tag):
            pass


def test_contexts() -> None:
    """`get_run_context` gives the innermost run's context, and says what to do where there is none."""

    @task
    def in_task() -> Any:
        context = get_run_context()
        assert isinstance(context, TaskRunContext)
        assert TaskRunContext.get() is context
        flow_context = FlowRunContext.get()
        return context.task.name, context.parameters, context.task_run.name, flow_context and flow_context.flow.name

    @flow
    def in_flow() -> Any:
        context = get_run_context()
        assert isinstance(context, FlowRunContext)
        assert TaskRunContext.get() is None
        assert context.start_time <= dt.datetime.now(dt.UTC)
        return context.flow.name, context.parameters, in_task(), in_task.submit().result()

    name, parameters, called, submitted = in_flow()
    assert (name, parameters) == ("in-flow", {})
    assert called[0] == submitted[0] == "in_task"
    assert called[3] == submitted[3] == "in-flow"
    assert in_task()[3] is None
    with pytest.raises(MissingContextError) as raised:
        get_run_context()
    assert str(raised.value) == ("No flow run or task run is running here. Call this from within a flow or a task.")
