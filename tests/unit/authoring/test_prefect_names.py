"""Names that programs written for Prefect meet, beside those that flows and tasks are written with."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import penstock.annotations as marks
from penstock import flow, states, task
from penstock.exceptions import MissingFlowError, UnspecifiedFlowError
from penstock.filesystems import NullFileSystem
from penstock.flows import select_flow
from penstock.futures import PenstockFuture, resolve_futures_to_results, resolve_futures_to_states
from penstock.results import ResultStore
from penstock.settings import temporary_settings
from penstock.states import Completed, State, StateType
from penstock.task_runners import ProcessPoolTaskRunner
from penstock.utilities import annotations as marks_by_old_path


def test_annotations_are_the_same_by_both_paths() -> None:
    """`penstock.utilities.annotations` has the marks of `penstock.annotations`."""
    assert marks_by_old_path.__all__ == marks.__all__
    for name in marks.__all__:
        assert getattr(marks_by_old_path, name) is getattr(marks, name)


def test_a_task_keeps_what_it_would_show() -> None:
    """`viz_return_value` is an attribute, also of a copy; assets are refused in words."""

    @task(viz_return_value=4, asset_deps=[])
    def one() -> int:
        return 1

    assert (one.viz_return_value, one()) == (4, 1)
    assert one.with_options(name="uno").viz_return_value == 4
    assert one.with_options(viz_return_value=5).viz_return_value == 5
    with pytest.raises(NotImplementedError, match="no assets yet"):
        task(asset_deps=["s3://bucket/key"])(print)
    with pytest.raises(NotImplementedError, match="no assets yet"):
        one.with_options(asset_deps=["s3://bucket/key"])


@pytest.mark.parametrize("make", [states.InfrastructurePending, states.Submitting])
def test_pending_has_kin(make: Callable[..., State[Any]]) -> None:
    """The states of a run that is being launched are Pending by type and named after what is done."""
    state = make(message="soon")
    assert (state.type, state.name, state.message) == (StateType.PENDING, make.__name__, "soon")


def test_an_exception_becomes_a_state() -> None:
    """A state made of an exception says it and holds it; without one it takes that which is being handled."""
    error = ValueError("no")
    failed = asyncio.run(states.exception_to_failed_state(error, message="Well,", name="Odd"))
    assert (failed.type, failed.name, failed.message) == (StateType.FAILED, "Odd", "Well, ValueError: no")
    assert failed.data is error
    assert failed.state_details.retriable is False
    crashed = asyncio.run(states.exception_to_crashed_state(KeyboardInterrupt()))
    assert crashed.type is StateType.CRASHED
    assert "keyboard interrupt" in str(crashed.message)
    try:
        raise error
    except ValueError:
        assert asyncio.run(states.exception_to_failed_state()).data is error
    with pytest.raises(ValueError, match="no exception"):
        asyncio.run(states.exception_to_failed_state())


def test_a_state_is_dumped() -> None:
    """All fields by name, the details as a dict; for JSON as texts, without data that JSON has no words for."""
    state = Completed(message="m", data={"a": (1, object())})
    dumped = state.model_dump()
    assert list(dumped) == ["id", "type", "name", "timestamp", "message", "state_details", "data"]
    assert (dumped["id"], dumped["timestamp"], dumped["data"]) == (state.id, state.timestamp, state.data)
    assert dumped["state_details"]["task_run_id"] is None
    said = state.model_dump(mode="json")
    assert json.loads(json.dumps(said)) == said
    assert (said["type"], said["id"], said["data"]) == ("COMPLETED", str(state.id), {"a": [1, None]})
    assert state.model_dump(include={"name", "data"}, exclude={"data"}) == {"name": "Completed"}
    assert Completed().model_dump(exclude={"id", "timestamp"}, exclude_none=True) == {
        "type": StateType.COMPLETED, "name": "Completed", "state_details": {},
    }  # fmt: skip


def test_a_state_is_copied() -> None:
    """A copy is another state with the same words, but for those that are to differ."""
    state = Completed(message="m", data=1)
    copied = state.copy(update={"name": "Done"})
    assert (copied.name, copied.message, copied.data) == ("Done", "m", 1)
    assert copied.id != state.id


class Pair(NamedTuple):
    """Two things."""

    left: Any
    right: Any


def test_futures_in_collections_are_resolved() -> None:
    """States and results take the places of futures at every depth; what holds none is not copied."""

    @task
    def double(x: int) -> int:
        return 2 * x

    @flow
    def f() -> None:
        future, futures = double.submit(1), double.map([1, 2])
        plain = {"a": [1]}
        held = {"one": future, "many": (Pair(future, 3), [futures]), "plain": plain}
        results = resolve_futures_to_results(held)
        assert results == {"one": 2, "many": (Pair(2, 3), [[2, 4]]), "plain": plain}
        assert results["plain"] is plain
        assert type(results["many"][1][0]) is list
        assert resolve_futures_to_states(future).is_completed()
        assert resolve_futures_to_states({future}) == {future.state}
        assert isinstance(held["one"], PenstockFuture)

    f()


def test_a_failed_future_has_a_state_and_no_result() -> None:
    """The state of a task that failed is given, its exception raised."""

    @task
    def fail() -> None:
        raise KeyError("x")

    @flow
    def f() -> str:
        future = fail.submit()
        assert resolve_futures_to_states([future])[0].is_failed()
        with pytest.raises(KeyError):
            resolve_futures_to_results([future])
        return "seen"

    assert f() == "seen"


def test_a_null_file_system_keeps_nothing() -> None:
    """What is written to it is not there; as a storage it is one in which no result is ever found."""
    files = NullFileSystem()
    files.write_path("a", b"1")
    assert not files.exists("a")
    with pytest.raises(FileNotFoundError, match="'a'"):
        files.read_path("a")
    assert files == NullFileSystem()
    assert not ResultStore(result_storage=files).exists("a")


def test_a_flow_is_selected() -> None:
    """By name, or the only one; else an error names those there are."""

    @flow
    def first() -> None: ...

    @flow
    def second() -> None: ...

    assert select_flow([first]) is first
    assert select_flow([first, second], "second") is second
    with pytest.raises(UnspecifiedFlowError, match="several flows in f.py. Name one: 'first', 'second'"):
        select_flow([first, second], from_message="in f.py")
    with pytest.raises(MissingFlowError, match="no flow 'third'. There is 'first'"):
        select_flow([first], "third")
    with pytest.raises(MissingFlowError, match="There is no flow"):
        select_flow([])


def test_parameters_are_serialised() -> None:
    """As JSON has them; what it can't say is the name of its class, and a method's object is left out."""

    class Store:
        @flow
        def f(self, **anything: Any) -> None: ...

    store = Store()
    given = {"path": Path("a"), "many": {1}, "state": Completed(), "thing": object(), "n": 1, "me": store}
    expected = {"path": "a", "many": [1], "state": "<State>", "thing": "<object>", "n": 1}
    assert store.f.serialize_parameters(given) == expected


def test_the_number_of_processes_can_be_set() -> None:
    """A setting says how many processes there are where the runner is not told."""
    with temporary_settings({"tasks.runner_process_pool_max_workers": 7}):
        assert ProcessPoolTaskRunner().max_workers == 7
        assert ProcessPoolTaskRunner(3).max_workers == 3
    assert ProcessPoolTaskRunner().max_workers >= 1
