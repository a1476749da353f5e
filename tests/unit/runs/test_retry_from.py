"""A run is carried out again from the start, from a task run, or from its failures: what runs again, and what is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from support.record import flow_runs, task_runs

from penstock import flow, task
from penstock.cache_policies import INPUTS, NO_CACHE
from penstock.core.errors import InvalidRequest, ObjectNotFound
from penstock.core.ids import uuid7
from penstock.engine.flow_engine import run_flow
from penstock.task_runners import ProcessPoolTaskRunner
from penstock.testing import penstock_test_harness

ran: list[str] = []
fails: list[bool] = []


@pytest.fixture(autouse=True)
def _own_record(tmp_path: Path) -> Iterator[None]:
    ran.clear()
    fails[:] = [True]
    with penstock_test_harness(tmp_path / "home"):
        yield


def note(what: str) -> list[str]:
    """Say that something ran; return a value that is known by where it came from."""
    ran.append(what)
    return [what]


@task
def load(name: str) -> list[str]:
    return note(f"load {name}")


@task
def clean(rows: list[str]) -> list[str]:
    return note("clean")


@task(cache_policy=NO_CACHE)
def loose(rows: list[str]) -> list[str]:
    return note("loose")


@task
def join(*parts: list[str]) -> list[str]:
    return note("join")


def end() -> None:
    if fails[0]:
        raise RuntimeError("the last step failed")


@flow(recoveries=9)
def pipeline() -> None:
    rows, apart = load("a"), load("b")
    join(clean(rows), apart)
    end()


@flow(recoveries=9)
def submitting() -> None:
    rows, apart = load.submit("a"), load.submit("b")
    join.submit(clean.submit(rows), apart).wait()
    load.submit("c", wait_for=[apart]).wait()
    end()


@flow(recoveries=9)
def with_loose() -> None:
    join(loose(load("a")))
    join(load("b"))
    end()


@flow
def inner(rows: list[str]) -> list[str]:
    return clean(rows) + load("within")


@flow(recoveries=9)
def outer() -> None:
    first, second = inner(load("a")), inner(load("b"))
    join(first)
    join(second, second)
    end()


@task
def calling(name: str) -> list[str]:
    note(f"calling {name}")
    return load(f"{name} 1") + load(f"{name} 2")


@flow(recoveries=9)
def nested() -> None:
    join(calling("x"))
    join(calling("y"), load("z"))
    end()


def attempt(of: Any, run_id: UUID | None = None, anew: bool | UUID = False) -> list[str]:
    """Run a flow, or have a run of it carried out again; return what ran, in an order of no meaning."""
    ran.clear()
    run_flow(of, {}, return_state=True, flow_run_id=run_id, anew=anew)
    return sorted(ran)


def begun(of: Any) -> UUID:
    attempt(of)
    return flow_runs(roots_only=True)[0].id


def named(what: str, number: int = 0) -> UUID:
    """Return a task run by its task, the oldest first."""
    return task_runs(task_names=[what])[number].id


EVERYTHING = ["clean", "join", "load a", "load b"]


def test_from_the_failures() -> None:
    """Unless it is said otherwise, what completed is found again."""
    assert attempt(pipeline, begun(pipeline)) == []


def test_from_the_start() -> None:
    """From the start everything runs again; a later attempt finds what that one did, and may itself be from the start."""
    run_id = begun(pipeline)
    assert attempt(pipeline, run_id, anew=True) == EVERYTHING
    assert attempt(pipeline, run_id) == []
    assert attempt(pipeline, run_id, anew=True) == EVERYTHING
    fails[0] = False
    assert attempt(pipeline, run_id) == []
    assert attempt(pipeline, run_id, anew=True) == EVERYTHING  # although it has completed


@pytest.mark.parametrize(
    ("chosen", "again"),
    [
        (("load", 0), ["clean", "join", "load a"]),
        (("load", 1), ["join", "load b"]),
        (("clean", 0), ["clean", "join"]),
        (("join", 0), ["join"]),
    ],
)
def test_from_a_task_run(chosen: tuple[str, int], again: list[str]) -> None:
    """That task run and what depends on it run again, and nothing else; then their new results are found."""
    run_id = begun(pipeline)
    assert attempt(pipeline, run_id, anew=named(*chosen)) == again
    assert attempt(pipeline, run_id) == []


def test_one_after_the_other() -> None:
    """A run may be retried from one task run after another, from one of a later attempt too, and then from the start."""
    run_id = begun(pipeline)
    assert attempt(pipeline, run_id, anew=named("clean")) == ["clean", "join"]
    assert attempt(pipeline, run_id, anew=named("load", 1)) == ["join", "load b"]
    assert attempt(pipeline, run_id, anew=named("clean", -1)) == ["clean", "join"]
    assert len(flow_runs()[0].anew) == 2
    assert attempt(pipeline, run_id, anew=True) == EVERYTHING
    assert [part.call for part in flow_runs()[0].anew] == [None]
    assert attempt(pipeline, run_id, anew=named("join", -1)) == ["join"]
    assert attempt(pipeline, run_id) == []


def test_submitted_tasks() -> None:
    """What is submitted depends on the futures it is given, and on those it waits for."""
    run_id = begun(submitting)
    assert attempt(submitting, run_id, anew=named("load", 1)) == ["join", "load b", "load c"]
    assert attempt(submitting, run_id) == []


def test_results_that_are_not_kept() -> None:
    """A task that keeps no result runs in every attempt; from it on, what depends on it runs again, too."""
    run_id = begun(with_loose)
    assert attempt(with_loose, run_id) == ["loose"]
    assert attempt(with_loose, run_id, anew=named("loose")) == ["join", "loose"]
    assert attempt(with_loose, run_id, anew=named("load")) == ["join", "load a", "loose"]


def test_subflows() -> None:
    """From a task run in a subflow, that runs again as a whole, with what depends on it; the other subflow does not."""
    run_id = begun(outer)
    assert attempt(outer, run_id) == []
    again = ["clean", "join", "load within"]
    assert attempt(outer, run_id, anew=named("clean")) == again
    assert attempt(outer, run_id) == []
    assert attempt(outer, run_id, anew=named("load", 0)) == ["clean", "join", "load a", "load within"]
    assert attempt(outer, run_id, anew=True) == sorted([*again, *again, "load a", "load b"])
    assert attempt(outer, run_id) == []


def test_tasks_within_tasks() -> None:
    """From a task that another one calls: the caller runs again for its sake, its other calls do not."""
    run_id = begun(nested)
    within = next(one.id for one in task_runs(task_names=["load"]) if one.parent_task_run_id == named("calling", 1))
    assert attempt(nested, run_id, anew=within) == ["calling y", "join", "load y 1"]
    assert attempt(nested, run_id) == []
    assert attempt(nested, run_id, anew=named("calling", 0)) == ["calling x", "join", "load x 1", "load x 2"]


@task(persist_result=True, cache_policy=INPUTS)
def shared(name: str) -> str:
    note(f"shared {name}")
    return name


@flow(retries=0)
def sharing() -> None:
    shared("a")
    end()


def test_results_that_others_share() -> None:
    """From the start, a result that another run has left does not count either; that run's own is left to others."""
    run_id = begun(sharing)
    assert attempt(sharing) == []
    assert attempt(sharing, run_id, anew=True) == ["shared a"]
    assert attempt(sharing, run_id) == []
    assert attempt(sharing) == []


@task(persist_result=True, result_storage_key="the-one", cache_policy=None)
def placed() -> str:
    note("placed")
    return "there"


@flow
def placing() -> None:
    placed()
    end()


def test_results_at_a_place_of_their_own() -> None:
    """A result whose place the task names is made anew, there."""
    run_id = begun(placing)
    assert attempt(placing, run_id) == []
    assert attempt(placing, run_id, anew=True) == ["placed"]


@task
def far_caller(folder: str) -> list[str]:
    Path(folder).mkdir(exist_ok=True)
    return mark(folder, "one") + mark(folder, "two")


@task
def mark(folder: str, name: str) -> list[str]:
    (Path(folder) / f"{name} {uuid7()}").touch()
    return [name]


@flow(recoveries=9, task_runner=ProcessPoolTaskRunner(max_workers=1))
def in_processes(folder: str) -> None:
    far_caller.submit(folder).wait()
    end()


def test_tasks_of_other_processes(tmp_path: Path) -> None:
    """What a task in a process of its own calls runs again with it."""
    marks = tmp_path / "marks"

    def again(**options: Any) -> list[str]:
        for one in marks.glob("*"):
            one.unlink()
        run_flow(in_processes, {"folder": str(marks)}, return_state=True, **options)
        return sorted(one.name.split()[0] for one in marks.glob("*"))

    assert again() == ["one", "two"]
    run_id = flow_runs()[0].id
    assert again(flow_run_id=run_id) == []
    assert again(flow_run_id=run_id, anew=named("far_caller")) == ["one", "two"]
    assert again(flow_run_id=run_id) == []
    assert again(flow_run_id=run_id, anew=named("mark", 1)) == ["two"]
    assert again(flow_run_id=run_id, anew=True) == ["one", "two"]


counted: list[int] = []


@task
def step(number: int) -> int:
    counted.append(number)
    return number


@flow(recoveries=9)
def long_one(steps: int) -> None:
    for number in range(steps):
        step(number)
    end()


@pytest.mark.parametrize("steps", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_however_many_have_finished(steps: int) -> None:
    """A run of many finished tasks is carried out again without one of them running; from the last one, that one runs."""

    def again(**options: Any) -> list[int]:
        counted.clear()
        run_flow(long_one, {"steps": steps}, return_state=True, **options)
        return counted[:]

    assert again() == list(range(steps))
    run_id = flow_runs()[0].id
    assert again(flow_run_id=run_id) == []
    last = task_runs(flow_run_ids=[run_id])[-1].id
    assert again(flow_run_id=run_id, anew=last) == [steps - 1]


def test_task_runs_of_others() -> None:
    """A task run of another flow run, or none at all, is refused before anything begins."""
    run_id = begun(pipeline)
    attempt(submitting)
    with pytest.raises(InvalidRequest, match=r"belongs neither to flow run .* penstock task-run ls"):
        attempt(pipeline, run_id, anew=task_runs(task_names=["clean"])[-1].id)
    with pytest.raises(ObjectNotFound, match="no task run"):
        attempt(pipeline, run_id, anew=uuid7())
    assert flow_runs(ids=[run_id])[0].attempt == 1
