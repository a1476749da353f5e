"""Tasks with the same name and arguments, of other objects or made with other values, do not share results."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import Any

import pytest

from penstock import cache_policies, flow, task
from penstock.cache_policies import DEFAULT, INPUTS, TASK_SOURCE
from penstock.exceptions import HashError
from penstock.hashing import stable_hash


@pytest.fixture(autouse=True)
def _nothing_said() -> Iterator[None]:
    cache_policies._said.clear()
    yield
    cache_policies._said.clear()


class Scaler:
    def __init__(self, factor: Any) -> None:
        self.factor = factor

    @task(cache_policy=INPUTS)
    def scale(self, number: int) -> Any:
        return number, self.factor

    @task(cache_policy=INPUTS)
    def count(self, number: int) -> int:
        return number

    @task(persist_result=True)
    def own(self) -> Any:
        return self.factor

    @task(cache_policy=INPUTS - "self")
    def scale_anyhow(self, number: int) -> int:
        return number * int(self.factor)

    @task(cache_policy=INPUTS)
    @classmethod
    def name(cls, number: int) -> str:
        return f"{cls.__name__} {number}"


class Doubler(Scaler): ...


# Type checkers do not know that a task binds as a method does.
scaler: Any = Scaler
doubler: Any = Doubler


def test_a_method_counts_with_its_object() -> None:
    """Another object gives another result, an equal one the same; so it is without arguments, and for class methods."""

    @flow
    def scaling() -> list[Any]:
        return [
            scaler(2).scale(5),
            scaler(3).scale(5),
            scaler(2).own(),
            scaler(3).own(),
            scaler.name(1),
            doubler.name(1),
            scaler(2).scale(5, return_state=True).name,
            scaler(2).own(return_state=True).name,
        ]

    expected = [(5, 2), (5, 3), 2, 3, "Scaler 1", "Doubler 1", "Cached", "Cached"]
    assert scaling() == expected


def test_a_method_whose_object_has_no_stable_hash_is_not_cached(caplog: pytest.LogCaptureFixture) -> None:
    """That is said once, and `- "self"` is the remedy, after which all objects count as the same."""

    @flow
    def scaling() -> list[Any]:
        first, second = (scaler(threading.Lock()).count(5, return_state=True) for _ in range(2))
        return [first.name, second.name, scaler(2).scale_anyhow(5), scaler(3).scale_anyhow(5)]

    with caplog.at_level(logging.WARNING, "penstock.caching"):
        assert scaling() == ["Completed", "Completed", 10, 10]
    assert [record.name for record in caplog.records] == ["penstock.caching"]
    assert "because of its argument 'self'" in caplog.text


def multiplier(factor: Any) -> Any:
    @task(persist_result=True)
    def multiply(number: int) -> Any:
        return number, factor

    return multiply


def with_default(factor: Any) -> Any:
    @task(persist_result=True)
    def multiply(number: int, by: Any = factor) -> Any:
        return number, by

    return multiply


def with_keyword(factor: Any) -> Any:
    @task(persist_result=True)
    def multiply(number: int, *, by: Any = factor) -> Any:
        return number, by

    return multiply


def with_partial(factor: Any) -> Any:
    return task(name="multiply", persist_result=True)(partial(lambda by, number: (number, by), factor))


class Multiply:
    def __init__(self, factor: Any) -> None:
        self.factor = factor

    def __call__(self, number: int) -> Any:
        return number, self.factor


def with_call(factor: Any) -> Any:
    return task(name="multiply", persist_result=True)(Multiply(factor))


@pytest.mark.parametrize("make", [multiplier, with_default, with_keyword, with_partial, with_call])
def test_a_task_counts_with_what_its_function_was_made_with(make: Callable[[Any], Any]) -> None:
    """Closure, defaults, the arguments of a partial, the attributes of an object; equal ones share the result."""

    @flow
    def multiplying() -> list[Any]:
        return [make(2)(5), make(3)(5), make(2)(5, return_state=True).name]

    assert multiplying() == [(5, 2), (5, 3), "Cached"]


def source_key(of: Any) -> str | None:
    from types import SimpleNamespace

    return TASK_SOURCE.compute_key(SimpleNamespace(task=of), {}, {})


@pytest.mark.parametrize("make", [multiplier, with_default, with_keyword])
def test_the_source_counts_with_what_the_function_was_made_with(make: Callable[[Any], Any]) -> None:
    """In `TASK_SOURCE` alone as well, where no argument is looked at."""
    assert source_key(make(2)) == source_key(make(2)) != source_key(make(3))


@pytest.mark.parametrize(
    ("make", "fact"),
    [(multiplier, "The variable 'factor'"), (with_default, "parameter 'by'"), (with_keyword, "parameter 'by'")],
)
def test_what_has_no_stable_hash_there_is_said_once(
    make: Callable[[Any], Any], fact: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The task is not cached then, and the warning names the variable."""
    with caplog.at_level(logging.WARNING, "penstock.caching"):
        assert [source_key(make(threading.Lock())) for _ in range(3)] == [None] * 3
    assert [record.name for record in caplog.records] == ["penstock.caching"]
    assert fact in caplog.text


def test_the_default_of_an_argument_that_is_left_out_does_not_count() -> None:
    """A default without a stable hash is left out with its argument."""

    @task(cache_policy=DEFAULT - "lock")
    def guarded(number: int, lock: Any = threading.Lock()) -> int:  # noqa: B008 - one lock for all is meant
        with lock:
            return number

    @flow
    def twice() -> list[str]:
        return [guarded(1, return_state=True).name for _ in range(2)]

    assert source_key(guarded) is None
    assert twice() == ["Completed", "Cached"]


def test_a_closure_may_hold_tasks_flows_and_functions() -> None:
    """Also the task itself, and functions that call one another."""

    def around(step: int) -> Any:
        @flow
        def inner_flow(number: int) -> int:
            return even(number) + step

        def even(number: int) -> bool:
            return number == 0 or odd(number - 1)

        def odd(number: int) -> bool:
            return number != 0 and even(number - 1)

        @task(persist_result=True)
        def outer(number: int) -> int:
            return inner_flow(number) if number < 2 else outer(number - 1) + lru_cache(odd)(1)

        return outer

    assert source_key(around(1)) == source_key(around(1)) is not None
    assert source_key(around(1)) != source_key(around(2))


def test_functions_that_refer_to_one_another_are_told_apart() -> None:
    """By how they do it; in whichever order a dictionary holds them; and within a bound on the work."""

    def pair(swapped: bool) -> tuple[Any, Any]:
        def ping(number: int) -> Any:
            return partner[0], number

        def pong(number: int) -> Any:
            return ping, number

        partner = [ping if swapped else pong]
        return ping, pong

    # A list that holds itself is still refused.
    looped: list[Any] = []
    looped.append(looped)
    with pytest.raises(HashError, match="contains itself"):
        stable_hash(looped)
    one, other = pair(swapped=False), pair(swapped=True)
    assert stable_hash(one) == stable_hash(pair(swapped=False)) != stable_hash(other)
    assert stable_hash({"a": one[0], "b": one[1]}) == stable_hash({"b": one[1], "a": one[0]})
