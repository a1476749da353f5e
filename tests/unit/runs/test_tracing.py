"""Spans of flow runs and task runs, as a real SDK of OpenTelemetry exports them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from penstock import flow, runtime, tags, task
from penstock.settings import temporary_settings
from penstock.states import Failed
from penstock.task_runners import ProcessPoolTaskRunner

EXPORTER = InMemorySpanExporter()


@pytest.fixture(scope="module")
def _provider() -> None:
    """Set the provider of this process; it has one, once and for all."""
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(EXPORTER))
    trace.set_tracer_provider(provider)


@pytest.fixture(autouse=True)
def _tracing(_provider: None) -> Iterator[None]:
    EXPORTER.clear()
    with temporary_settings({"tracing.enabled": True}):
        yield


def spans() -> dict[str, ReadableSpan]:
    """What was exported, by name; each name is expected once."""
    found = {span.name: span for span in EXPORTER.get_finished_spans()}
    assert len(found) == len(EXPORTER.get_finished_spans())
    return found


def parent_names() -> dict[str, str | None]:
    """The name of the span around each."""
    found = spans()
    by_id = {span.context.span_id: name for name, span in found.items() if span.context}
    return {name: by_id[span.parent.span_id] if span.parent else None for name, span in found.items()}


@task(task_run_name="task-{x}")
def double(x: int) -> int:
    with trace.get_tracer("mine").start_as_current_span(f"mine-{x}"):
        return 2 * x


@task(task_run_name="failing")
def fail() -> None:
    raise ValueError("no good")


def test_a_flow_run_and_its_task_runs() -> None:
    """They have a span each that says what ran; the task's lies within the flow's, a user's own within the task's."""
    ids = {}

    @task(task_run_name="inner-run", tags={"t"})
    def inner(x: int) -> None:
        ids["task"] = runtime.task_run.id
        with trace.get_tracer("mine").start_as_current_span("mine"):
            pass

    @flow(flow_run_name="outer-run", version="7")
    def outer(x: int) -> None:
        ids["flow"] = runtime.flow_run.id
        inner(x)

    with tags("f"):
        outer(1)

    assert parent_names() == {"mine": "inner-run", "inner-run": "outer-run", "outer-run": None}
    found = spans()
    assert dict(found["outer-run"].attributes or {}) == {
        "penstock.run.type": "flow",
        "penstock.run.id": ids["flow"],
        "penstock.run.name": "outer-run",
        "penstock.run.attempt": 1,
        "penstock.run.parameter.x": "int",
        "penstock.flow.name": "outer",
        "penstock.flow.version": "7",
        "penstock.tags": ("f",),
        "penstock.state.type": "COMPLETED",
        "penstock.state.name": "Completed",
    }
    assert dict(found["inner-run"].attributes or {}) == {
        "penstock.run.type": "task",
        "penstock.run.id": ids["task"],
        "penstock.run.name": "inner-run",
        "penstock.run.count": 1,
        "penstock.run.parameter.x": "int",
        "penstock.task.name": "inner",
        "penstock.task.key": inner.task_key,
        "penstock.flow.name": "outer",
        "penstock.flow_run.id": ids["flow"],
        "penstock.tags": ("f", "t"),
        "penstock.state.type": "COMPLETED",
        "penstock.state.name": "Completed",
    }
    assert {span.status.status_code for name, span in found.items() if name != "mine"} == {StatusCode.OK}


def test_the_span_around_a_flow_is_its_parent() -> None:
    """A flow run goes on in the trace of the program that calls it."""

    @flow(flow_run_name="within")
    def within() -> None:
        pass

    with trace.get_tracer("mine").start_as_current_span("program"):
        within()
    assert parent_names() == {"within": "program", "program": None}


def test_subflows_and_submitted_tasks_are_nested_as_they_are_called() -> None:
    """Contexts travel with what is submitted to other threads, also from a task."""

    @task(task_run_name="calls-a-flow")
    def calls_a_flow() -> None:
        sub()
        double.submit(3).wait()

    @flow(flow_run_name="sub")
    def sub() -> None:
        double.map([1, 2]).wait()

    @flow(flow_run_name="top")
    def top() -> None:
        calls_a_flow.submit().wait()

    top()
    assert parent_names() == {
        "mine-1": "task-1",
        "mine-2": "task-2",
        "mine-3": "task-3",
        "task-1": "sub",
        "task-2": "sub",
        "task-3": "calls-a-flow",
        "sub": "calls-a-flow",
        "calls-a-flow": "top",
        "top": None,
    }


def test_async_runs_side_by_side_have_their_own_parents() -> None:
    """Coroutines that take turns in one thread do not mix up whose span is whose."""

    @task(task_run_name="within-{name}")
    async def waits(name: str, mine: asyncio.Event, other: asyncio.Event) -> None:
        mine.set()
        await other.wait()
        with trace.get_tracer("mine").start_as_current_span(f"mine-{name}"):
            pass

    @flow(flow_run_name="flow-{name}", validate_parameters=False)
    async def side(name: str, mine: asyncio.Event, other: asyncio.Event) -> None:
        await waits(name, mine, other)

    async def both() -> None:
        a, b = asyncio.Event(), asyncio.Event()
        await asyncio.gather(side("a", a, b), side("b", b, a))

    asyncio.run(both())
    assert parent_names() == {
        "mine-a": "within-a",
        "mine-b": "within-b",
        "within-a": "flow-a",
        "within-b": "flow-b",
        "flow-a": None,
        "flow-b": None,
    }


def test_an_error_is_the_status_and_an_event() -> None:
    """A run that raises has a span with the error's words as its status, and the exception as one event."""

    @flow(flow_run_name="of-failing")
    def of_failing() -> None:
        fail()

    with pytest.raises(ValueError, match="no good"):
        of_failing()
    for span in spans().values():
        assert span.status.status_code is StatusCode.ERROR
        assert "no good" in (span.status.description or "")
        assert [event.name for event in span.events] == ["exception"]
        assert (span.events[0].attributes or {})["exception.type"] == "ValueError"
        assert (span.attributes or {})["penstock.state.type"] == "FAILED"
    assert parent_names() == {"failing": "of-failing", "of-failing": None}


def test_a_returned_failure_is_an_error_too() -> None:
    """A task that returns a failed state, and raises nothing, has a span that failed."""

    @task(task_run_name="returns")
    def returns() -> Any:
        return Failed(message="not today")

    assert returns(return_state=True).is_failed()
    span = spans()["returns"]
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "not today")
    assert span.events == ()


def test_each_attempt_of_a_task_run_has_a_span() -> None:
    """A task run that is tried again has a span for each attempt, each with what came of it, of one run."""

    @task(retries=1)
    def flaky() -> str:
        if runtime.task_run.run_count == 1:
            raise OSError("try again")
        return "done"

    @flow(flow_run_name="retrying")
    def retrying() -> str:
        return flaky()

    assert retrying() == "done"
    first, second, around = EXPORTER.get_finished_spans()
    assert [first.status.status_code, second.status.status_code] == [StatusCode.ERROR, StatusCode.OK]
    assert [(span.attributes or {})["penstock.run.count"] for span in (first, second)] == [1, 2]
    assert (first.attributes or {})["penstock.run.id"] == (second.attributes or {})["penstock.run.id"]
    assert {span.parent.span_id for span in (first, second) if span.parent} == {around.context.span_id}


def test_a_crash_ends_the_spans() -> None:
    """Spans of runs that no `except Exception` catches are exported, as crashed."""

    @task(task_run_name="exits")
    def exits() -> None:
        raise SystemExit(3)

    @flow(flow_run_name="exited")
    def exited() -> None:
        exits()

    with pytest.raises(SystemExit):
        exited()
    assert parent_names() == {"exits": "exited", "exited": None}
    for span in spans().values():
        assert span.status.status_code is StatusCode.ERROR
        assert (span.attributes or {})["penstock.state.type"] == "CRASHED"


def test_a_process_that_dies_ends_the_span_of_its_task_run() -> None:
    """The span of a task run is kept here, so that it is exported, as crashed, where the process for tasks is gone."""

    @task(task_run_name="dies")
    def dies() -> None:
        os._exit(3)

    @flow(flow_run_name="goes-on", task_runner=ProcessPoolTaskRunner(max_workers=1))
    def goes_on() -> str:
        dies.submit().wait()
        return "on"

    assert goes_on() == "on"
    assert parent_names() == {"dies": "goes-on", "goes-on": None}
    assert (spans()["dies"].attributes or {})["penstock.state.type"] == "CRASHED"
    assert spans()["dies"].status.status_code is StatusCode.ERROR
    assert spans()["goes-on"].status.status_code is StatusCode.OK


def test_runs_that_yield_keep_their_span_to_themselves() -> None:
    """What a generator does is in its span, what its caller does between two values is not."""

    @task(task_run_name="yields")
    def yields() -> Iterator[int]:
        for x in range(2):
            with trace.get_tracer("mine").start_as_current_span(f"made-{x}"):
                pass
            yield x

    @task(task_run_name="yields-async")
    async def yields_async() -> AsyncIterator[int]:
        yield 1
        yield 2

    async def take_one() -> None:
        async for _ in yields_async():
            break

    for x in yields():
        with trace.get_tracer("mine").start_as_current_span(f"taken-{x}"):
            pass
    asyncio.run(take_one())
    assert parent_names() == {
        "made-0": "yields",
        "made-1": "yields",
        "taken-0": None,
        "taken-1": None,
        "yields": None,
        "yields-async": None,
    }
    assert spans()["yields-async"].status.status_code is StatusCode.OK


def test_a_cached_result_has_no_span() -> None:
    """Where an earlier result is taken, nothing runs that a span could tell of."""

    @task(task_run_name="cached", persist_result=True)
    def cached() -> int:
        return 1

    @flow(flow_run_name="twice")
    def twice() -> None:
        cached()
        assert cached(return_state=True).name == "Cached"

    twice()
    assert set(spans()) == {"cached", "twice"}


def test_off_there_are_no_spans() -> None:
    """Without the setting nothing is made, whatever the program has set up; a task in a flow does as its flow."""

    @flow(flow_run_name="off")
    def off() -> None:
        with temporary_settings({"tracing.enabled": True}):
            double(1)

    with temporary_settings({"tracing.enabled": False}):
        off()
        double(2)
    assert set(spans()) == {"mine-1", "mine-2"}
