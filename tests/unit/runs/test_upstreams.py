"""Which runs a run's arguments came from: futures, states, and results known by their identity."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from support.record import flow_runs, task_runs

from penstock import flow, task, unmapped
from penstock.engine.arguments.origins import Origins


class Thing:
    """A result with an identity of its own."""

    def __init__(self, name: str = "") -> None:
        self.name = name


@task
def make(name: str = "thing") -> Thing:
    return Thing(name)


@task
def number() -> int:
    return 7


@task
def large() -> int:
    return 10**20


@task
def take(a: Any = None, b: Any = None) -> None:
    return None


def in_flow(function: Callable[[], Any]) -> Any:
    """Return what `function` returns within a flow."""
    kept: list[Any] = []
    flow(lambda: kept.append(function()), name="around")()
    return kept[0]


def edges() -> list[dict[str, list[UUID]]]:
    """Return the upstreams of the runs of `take`."""
    return [run.upstreams for run in task_runs() if run.task_name == "take"]


def ids(name: str) -> list[UUID]:
    return [run.id for run in task_runs() if run.task_name == name]


WAYS: list[Callable[[], Any]] = [
    lambda: take(make.submit()),
    lambda: take(make(return_state=True)),
    lambda: take(make()),
    lambda: take.submit(make.submit()).wait(),
    lambda: take.submit(make()).wait(),
    lambda: take(make.submit().result()),
    lambda: take(make(return_state=True).result()),
    lambda: take([make.submit()]),
    lambda: take({"k": (make.submit(),)}),
    lambda: take([make()]),
    lambda: take({"k": make()}),
    lambda: take((make(), make.fn())),
    lambda: take(unmapped(make.submit())),
    lambda: take.map([make.submit()]).wait(),
    lambda: take.map([make()]).wait(),
    lambda: take.map(b=[1], a=unmapped(make())).wait(),
]


@pytest.mark.parametrize("way", WAYS)
def test_an_argument_tells_of_the_run_it_came_from(way: Callable[[], Any]) -> None:
    """However a result gets from one task to another, the edge is recorded under the parameter's name."""
    in_flow(way)
    assert edges() == [{"a": ids("make")}]


def test_large_numbers_and_texts_tell_of_their_run_small_ones_do_not() -> None:
    """The same 7 from two tasks is one object, and would tell of the wrong run; a long text or number does not."""
    in_flow(lambda: (take(number(), large()), take(number.submit(), None)))
    assert edges() == [{"b": ids("large")}, {"a": ids("number")[1:]}]


def test_words_tell_of_no_run_and_longer_texts_do() -> None:
    """A word in the flow's code is the very object that a task returns which has the same word in its own."""

    @task
    def status() -> str:
        return "all_done_2"

    @task
    def text(size: int) -> str:
        return "x" * size

    def call() -> None:
        kept = status(), text(31), text(32)
        take("all_done_2")
        take(*kept[:2])
        take(kept[2], status.submit())

    in_flow(call)
    assert edges() == [{}, {}, {"a": ids("text")[1:], "b": ids("status")[1:]}]


def test_several_runs_under_several_parameters() -> None:
    """Each parameter has its own runs, in order, each once."""

    def call() -> None:
        first, second = make.submit(), make.submit()
        take([first, second, first], second)

    in_flow(call)
    first, second = ids("make")
    assert edges() == [{"a": [first, second], "b": [second]}]


def test_wait_for_is_an_edge_too() -> None:
    """What a run waited for stands under `wait_for`: futures, states and results."""
    in_flow(lambda: take(1, wait_for=[make.submit(), make(return_state=True), make()]))
    assert edges() == [{"wait_for": ids("make")}]


def test_values_of_no_run_tell_of_none() -> None:
    """Literals, None, booleans and things made in the flow have no origin."""
    in_flow(lambda: (make(), take(1, "text"), take(None, True), take(Thing(), [Thing()])))
    assert edges() == [{}, {}, {}]


def test_results_of_flows_have_origins_too() -> None:
    """A subflow's result tells of its flow run; its arguments tell of the task runs they came from."""

    @flow
    def inner(thing: Any) -> Thing:
        return Thing("inner")

    in_flow(lambda: take(inner(make()), inner(make(), return_state=True)))
    outer, first, second = flow_runs()
    makes = ids("make")
    assert edges() == [{"a": [first.id], "b": [second.id]}]
    assert (first.upstreams, second.upstreams) == ({"thing": makes[:1]}, {"thing": makes[1:]})
    assert (outer.upstreams, first.parent_flow_run_id) == ({}, outer.id)


def test_origins_cross_tasks_within_a_flow() -> None:
    """A result that a task hands on inside of its own result is still known by identity."""

    @task
    def wraps() -> Any:
        return [make()]

    in_flow(lambda: take(wraps()[0]))
    assert edges() == [{"a": ids("make")}]


def test_origins_keep_nothing_alive_for_long() -> None:
    """What the program has let go of, the table lets go of as new entries come."""
    origins, freed = Origins(), []

    class Noted(Thing):
        def __del__(self) -> None:
            freed.append(self.name)

    run = UUID(int=1)
    for index in range(300):
        origins.note(Noted(str(index)), run)
    gc.collect()
    assert len(origins) < 10
    assert len(freed) > 290


def test_origins_know_what_the_program_still_holds() -> None:
    """What is still in use stays known, however many others come and go; the latest run counts."""
    origins, kept = Origins(), [Thing(str(index)) for index in range(50)]
    for index, thing in enumerate(kept):
        origins.note(thing, UUID(int=index))
    for _ in range(500):
        origins.note(Thing(), UUID(int=999))
    assert [origins.run_of(thing) for thing in kept] == [UUID(int=index) for index in range(50)]
    origins.note(kept[0], UUID(int=77))
    assert origins.run_of(kept[0]) == UUID(int=77)
    assert origins.run_of(Thing()) is None


@pytest.mark.parametrize(
    "shared", [None, True, ..., NotImplemented, int, 0, 256, -5, "", "a", b"", b"a", (), frozenset()]
)
def test_values_that_python_shares_are_not_noted(shared: Any) -> None:
    """Values of which Python keeps one copy tell of no run."""
    origins = Origins()
    origins.note(shared, UUID(int=1))
    assert len(origins) == 0
