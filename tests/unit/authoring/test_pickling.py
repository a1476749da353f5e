"""Flows, tasks, states and errors travel to other processes by cloudpickle."""

from __future__ import annotations

import pickle
from typing import Any

import cloudpickle
import pytest

from penstock import exceptions, flow, task
from penstock.core import errors
from penstock.states import Completed, Failed, State, StateDetails
from penstock.task_runners import ThreadPoolTaskRunner


@task(retries=2, tags=["a"])
def double(x: int) -> int:
    return 2 * x


@flow(retries=1, task_runner=ThreadPoolTaskRunner(max_workers=2))
def doubles(xs: list[int]) -> list[int]:
    return double.map(xs).result()


class Mill:
    """A class with a task."""

    def __init__(self, factor: int) -> None:
        self.factor = factor

    @task
    def grind(self, x: int) -> int:
        return self.factor * x


def travelled(value: Any) -> Any:
    """Return what comes out where `value` was sent."""
    return cloudpickle.loads(cloudpickle.dumps(value))


def test_tasks_and_flows_travel() -> None:
    """A task or flow comes out with its options and works, before and after it was called."""
    for _ in range(2):
        there = travelled(double)
        assert (there(4), there.retries, there.tags, there.name) == (8, 2, {"a"}, "double")
        assert there.task_key == double.task_key
        assert there.with_options(retries=0)(1) == 2
        assert travelled(doubles)([1, 2]) == [2, 4]
        assert travelled(doubles).task_runner == doubles.task_runner


def test_tasks_within_functions_travel() -> None:
    """So do tasks that close over something, and methods with their instance."""
    base = 10

    @task
    def above(x: int) -> int:
        return x + base

    assert travelled(above)(1) == 11
    assert travelled(Mill(3).grind)(2) == 6


def test_states_travel() -> None:
    """A state comes out as it went in, with its result, details and id."""
    state = Completed(message="m", data={"a": 1}, state_details=StateDetails(cache_key="k"))
    identity = state.id
    for there in (travelled(state), pickle.loads(pickle.dumps(state))):
        assert (there.id, there.type, there.message, there.timestamp) == (identity, state.type, "m", state.timestamp)
        assert there.result() == {"a": 1}
        assert there.state_details.cache_key == "k"


def test_states_of_real_runs_travel() -> None:
    """The states of runs, whatever they ended with, can be sent."""
    good = double(2, return_state=True)
    bad = flow(lambda: 1 / 0, name="bad")(return_state=True)
    assert travelled(good).result() == 4
    with pytest.raises(ZeroDivisionError):
        travelled(bad).result()
    assert travelled(Failed(data=ValueError("x"))).result(raise_on_failure=False).args == ("x",)


ERRORS = [
    error
    for error in vars(errors).values()
    if isinstance(error, type) and issubclass(error, BaseException) and error.__module__ == errors.__name__
]
ARGUMENTS: dict[type[BaseException], tuple[Any, ...]] = {
    errors.ScriptError: ("flows.py", ValueError("user")),
    errors.TerminationSignal: (15,),
}


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_errors_travel(kind: type[BaseException]) -> None:
    """Every error of ours survives pickling with its words and fields, and is public."""
    error = kind(*ARGUMENTS.get(kind, ("words",)))
    error.__dict__["more"] = [1]
    for there in (travelled(error), pickle.loads(pickle.dumps(error))):
        assert type(there) is kind
        assert str(there) == str(error)
        assert repr(there.__dict__) == repr(error.__dict__)
    assert getattr(exceptions, kind.__name__) is kind


def test_a_state_with_a_paused_run_travels() -> None:
    """Fields given by name survive too."""
    error = errors.PausedRun("paused", state=State("PAUSED"))
    assert travelled(error).state.name == "Paused"
    died = errors.ProcessDied("died", exit_code=-9)
    assert travelled(died).exit_code == -9
